"""Where do all targets stand this morning, and what would close each gap?"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from accounts.models import User
from reporting.domain.gaps import gap_lines
from reporting.domain.reading import live_values
from reporting.models import PublishedReport, Target


@dataclass(frozen=True)
class Standing:
    """One target: values as this reader may see them (None: nothing published), and what would close the gap."""

    target: Target
    values: dict | None
    published: PublishedReport | None
    gap: list[str]


def overview(*, now: datetime, by: User, live: bool) -> list[Standing]:
    """Every target by its due date. live: exact and logged; else what was last published."""
    newest = (
        PublishedReport.objects.filter(target=OuterRef("target")).order_by("-number").values("number")[:1]
    )
    latest = {
        report.target_id: report
        for report in PublishedReport.objects.filter(number=Subquery(newest)).defer("aggregates")
    }
    rows = []
    for target in Target.objects.select_related("series", "event"):
        report = latest.get(target.pk)
        values: dict | None
        if live:
            values = live_values(target=target, now=now, by=by, face="list")
        else:
            values = report.report if report else None
        gap = gap_lines(target=target, values=values, now=now) if live and values else []
        rows.append(Standing(target, values, report, gap))
    return rows
