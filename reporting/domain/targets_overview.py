"""Where do all targets stand this morning, and what would close each gap?"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from accounts.models import User
from reporting.domain.cached_figures import morning_values
from reporting.domain.remaining_gap import gap_lines
from reporting.models import PublishedReport, Target


@dataclass(frozen=True)
class TargetStanding:
    """One target: values as this reader may see them (None:
    nothing published), and what would close the gap."""

    target: Target
    values: dict | None
    published: PublishedReport | None
    gap: list[str]


def overview(*, now: datetime, by: User, live: bool) -> list[TargetStanding]:
    """Every target by its due date.
    live: exact, logged, and as at the moment in it; else what was last published."""
    newest = (
        PublishedReport.objects.filter(target=OuterRef("target")).order_by("-number").values("number")[:1]
    )
    latest = {
        report.target_id: report
        for report in PublishedReport.objects.filter(number=Subquery(newest)).defer("aggregates")
    }
    targets = list(Target.objects.select_related("series", "event"))
    counted = morning_values(targets=targets, now=now, by=by) if live else {}
    rows = []
    for target in targets:
        report = latest.get(target.pk)
        values = counted.get(target.pk) if live else report.report if report else None
        gap = gap_lines(target=target, values=values, now=now) if live and values else []
        rows.append(TargetStanding(target, values, report, gap))
    return rows
