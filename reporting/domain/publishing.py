"""When does a figure become public?

When a report is published: frozen, numbered, with what it was made from.
"""

import json
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from foundation.refusals import Refusal
from reporting.domain.disclosure import public_values, settled_on
from reporting.domain.reach import measure_reach
from reporting.models import AttendanceCorrection, HandCount, PublishedReport, Target

SETTLED = "settled"  # within a published report's aggregates: what its traits are shown from
COMPARED = (
    "value",
    "low",
    "high",
    "goal",
    "by_borough",
    "by_age_band",
    "by_edition",
    "by_school_type",
    "by_strand",
    "convergence",
    "editions",
    "ladder",
    "funnel",
    "heads",
    "heads_by_age",
    "took_part_online",
    "invitations",
    "evidence",
    "digest",
)


class PublishedToday(Refusal):
    slug = "published-today"
    title = "A report was published today"


def publish_report(*, target: Target, by: User, now: datetime) -> PublishedReport:
    """Freeze the figure as at now. At most one a day for a target, so that no difference gives a person away.

    :raises PublishedToday: come back tomorrow
    """
    with transaction.atomic():
        target = Target.objects.select_for_update().get(pk=target.pk)
        today = timezone.localtime(now).date()
        latest = target.published_reports.order_by("-number").first()
        if latest and timezone.localtime(latest.published_at).date() == today:
            raise PublishedToday("One report a day can be published for a target.")
        exact = plain(measure_reach(target=target, as_at=now).as_values())
        before = latest.aggregates.get(SETTLED) if latest else None
        number = (target.published_reports.aggregate(last=Max("number"))["last"] or 0) + 1
        return PublishedReport.objects.create(
            target=target,
            number=number,
            as_at=now,
            published_at=now,
            published_by=by,
            rule_version=exact["rule_version"],
            digest=exact["digest"],
            report=public_values(exact, before=before) | {"number": number},
            aggregates=exact | {SETTLED: settled_on(exact, before=before)},
        )


def differences() -> list[str]:
    """A line for each published figure that the rows no longer give, as known at publication.

    What was changed since in the promise itself, and what was recorded later by hand, is named beside it.
    Digests are compared under one rule version alone: another one takes them over the same rows in another
    form.
    """
    lines = []
    for report in PublishedReport.objects.select_related("target").order_by("target__slug", "number"):
        again = plain(measure_reach(target=report.target, as_at=report.as_at).as_values())
        name = f"{report.target.slug} report {report.number}"
        found = [
            f"{name}: {key} was {_short(report.aggregates[key])}, the rows give {_short(again[key])}"
            for key in COMPARED
            if key in report.aggregates
            and again[key] != report.aggregates[key]
            and (key != "digest" or again["rule_version"] == report.rule_version)
        ]
        if found and again["definition"] != report.aggregates["definition"]:
            found.append(f"{name}: the target's definition was changed after it was published")
        if found and (later := _later_corrections(report)):
            found.append(f"{name}: {later} hand counts or corrections were recorded after it was published")
        lines += found
    return lines


def plain(values: dict) -> dict:
    """As JSON gives it back: what is stored and what is compared are the same."""
    return json.loads(json.dumps(values))


def _later_corrections(report: PublishedReport) -> int:
    later = {"recorded_at__gt": report.as_at}
    scope = (
        {"event__series": report.target.series_id}
        if report.target.series_id
        else {"event": report.target.event_id}
    )
    return (
        HandCount.objects.filter(**scope, **later).count()
        + AttendanceCorrection.objects.filter(
            **{f"ticket__{key}": value for key, value in scope.items()}, **later
        ).count()
    )


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 120 else text[:117] + "..."
