"""Which report is read, and who looked? Live figures are logged; published ones are open to the board."""

from datetime import datetime

from accounts.models import User
from reporting.domain.disclosure import public_values
from reporting.domain.publishing import SETTLED
from reporting.domain.reach import measure_reach
from reporting.models import PublishedReport, ReportAccess, Target

FUTURE_NOTE = "The moment asked for lies in the future; the figures are those of now."


def live_values(
    *,
    target: Target,
    now: datetime,
    by: User | None,
    face: str,
    as_at: datetime | None = None,
    public: bool = False,
) -> dict:
    """A live report's values: exact, or as a public report would show them. Writes down who looked.

    as_at: None or the future means now. by: None for the command, which leaves no access row.
    """
    moment = min(as_at, now) if as_at else now
    values = measure_reach(target=target, as_at=moment).as_values()
    if as_at and as_at > now:
        values["notes"] = [FUTURE_NOTE, *values["notes"]]
    if by is not None:
        ReportAccess.objects.create(target=target, opened_by=by, face=face, as_at=moment, opened_at=now)
    if not public:
        return values
    latest = target.published_reports.filter(published_at__lte=moment).order_by("-number").first()
    return public_values(values, before=latest.aggregates.get(SETTLED) if latest else None)


def published_report(
    *, target: Target, number: int | None = None, as_at: datetime | None = None
) -> PublishedReport | None:
    """A published report: the one of this number, else the latest (at as_at); None where there is none."""
    reports = target.published_reports.order_by("-number")
    if number is not None:
        reports = reports.filter(number=number)
    if as_at is not None:
        reports = reports.filter(published_at__lte=as_at)
    return reports.first()
