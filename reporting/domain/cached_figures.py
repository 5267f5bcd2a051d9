"""Which figures does the organisers' dashboard show without waiting for a large count?

A small programme is counted at once, each time. Of a large one the last count is shown with its moment, and
once that is old, the worker counts again.
"""

from datetime import datetime, timedelta

from accounts.models import User
from reporting.domain.publishing import plain
from reporting.domain.reach import measure_reach
from reporting.models import MorningFigure, ReportAccess, Target

LARGE = 20_000  # tickets registered and attendances together: counting more than these takes a moment
OLD = timedelta(minutes=5)
TOO_OLD = timedelta(days=1)  # nobody looked for so long: count while they wait


def morning_values(*, targets: list[Target], now: datetime, by: User) -> dict[int, dict]:
    """Exact values by target, each as at the moment that stands in it. Logs who looked.

    Two queries beside those of counting, and two more where a kept figure is old.
    """
    kept = {row.target_id: row for row in MorningFigure.objects.filter(counted_at__gt=now - TOO_OLD)}
    values = {
        target.pk: kept[target.pk].values if target.pk in kept else _counted(target, now)
        for target in targets
    }
    old = [row.pk for row in kept.values() if row.counted_at <= now - OLD]
    if old:
        MorningFigure.objects.filter(pk__in=old, asked_at__isnull=True).update(asked_at=now)
    ReportAccess.objects.bulk_create(
        ReportAccess(
            target=target,
            opened_by=by,
            face="list",
            opened_at=now,
            as_at=kept[target.pk].counted_at if target.pk in kept else now,
        )
        for target in targets
    )
    return values


def count_again(*, now: datetime) -> int:
    """Count what somebody saw to be old; return how many."""
    rows = list(MorningFigure.objects.filter(asked_at__isnull=False).select_related("target"))
    for row in rows:
        _counted(row.target, now)
    return len(rows)


def forget(*, target: Target) -> None:
    """The promise was changed: what was counted for it before does not stand."""
    MorningFigure.objects.filter(target=target).delete()


def _counted(target: Target, now: datetime) -> dict:
    values = plain(measure_reach(target=target, as_at=now).as_values())
    if values["funnel"]["registered"] + values["funnel"]["came"] > LARGE:
        MorningFigure.objects.update_or_create(
            target=target, defaults={"values": values, "counted_at": now, "asked_at": None}
        )
    else:
        forget(target=target)
    return values
