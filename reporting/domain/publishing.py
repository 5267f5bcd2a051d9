"""When does a figure become public? When a report is published: frozen, numbered, with what it was made from."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from events.domain.refusals import Refusal
from reporting.domain.disclosure import public_values
from reporting.domain.reach import measure_reach
from reporting.models import PublishedReport, Target


class PublishedToday(Refusal):
    slug = "published-today"
    title = "A report was published today"


def publish_report(*, target: Target, by: User, now: datetime) -> PublishedReport:
    """Freeze the figure as at now. At most one a day for a target, so that no difference gives a person away.

    :raises PublishedToday: come back tomorrow
    """
    with transaction.atomic():
        Target.objects.select_for_update().get(pk=target.pk)
        today = timezone.localtime(now).date()
        latest = target.published_reports.order_by("-number").first()
        if latest and timezone.localtime(latest.published_at).date() == today:
            raise PublishedToday("One report a day can be published for a target.")
        exact = measure_reach(target=target, as_at=now).as_values()
        number = (target.published_reports.aggregate(last=Max("number"))["last"] or 0) + 1
        return PublishedReport.objects.create(
            target=target,
            number=number,
            as_at=now,
            published_at=now,
            published_by=by,
            rule_version=exact["rule_version"],
            digest=exact["digest"],
            report=public_values(exact) | {"number": number},
            aggregates=exact,
        )


def differences() -> list[str]:
    """A line for each published figure that the rows no longer give, as known at publication."""
    lines = []
    for report in PublishedReport.objects.select_related("target").order_by("target__slug", "number"):
        again = measure_reach(target=report.target, as_at=report.as_at).as_values()
        name = f"{report.target.slug} report {report.number}"
        for key in (
            "value",
            "low",
            "high",
            "goal",
            "by_borough",
            "by_age_band",
            "by_edition",
            "funnel",
            "digest",
        ):
            if again[key] != report.aggregates[key]:
                lines.append(f"{name}: {key} was {report.aggregates[key]}, the rows give {again[key]}")
    return lines
