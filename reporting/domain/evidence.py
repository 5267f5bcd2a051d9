"""What is there to show for the figure? Scans, devices, hand counts, and how full it was."""

from collections import Counter

from django.db import connection
from django.db.models import Exists, OuterRef

from reporting.domain.rows import Cell, Scope, fetch, sql_moment
from reporting.models import HandCount
from tickets.models import CheckIn, Conflict, Device


def evidence_of(scope: Scope, cells: list[Cell]) -> tuple[dict[str, int], int]:
    """(counts of what was recorded up to as_at, the most people inside one edition at once). Six queries.

    The peak is taken from the scans in and out, at the end of each minute.
    """
    if not scope.events:
        return dict.fromkeys(_NAMES, 0), 0
    moment = sql_moment(scope.as_at)
    scans, undone, repeats, overrides, quarantined, exits = (
        number or 0
        for number in fetch(
            "SELECT SUM(CASE WHEN c.undoes_id IS NULL THEN 1 ELSE 0 END), SUM(CASE WHEN c.undoes_id IS NULL THEN 0 ELSE 1 END), "
            "SUM(CASE WHEN c.verdict = 'already_admitted' THEN 1 ELSE 0 END), SUM(CASE WHEN c.override_reason <> '' THEN 1 ELSE 0 END), "
            "SUM(CASE WHEN c.is_quarantined THEN 1 ELSE 0 END), SUM(CASE WHEN c.verdict = 'left' THEN 1 ELSE 0 END) "
            f"FROM tickets_checkin c WHERE c.event_id IN ({_listed(scope.event_ids)}) AND c.recorded_at <= %s "
            "AND c.is_practice = %s",
            [moment, False],
        )[0]
    )
    used = CheckIn.objects.filter(device=OuterRef("pk"), recorded_at__lte=scope.as_at, is_practice=False)
    devices = Device.objects.filter(Exists(used), event__in=scope.events)
    hand = HandCount.objects.filter(event__in=scope.events, recorded_at__lte=scope.as_at)
    conflicts = Conflict.objects.filter(check_in__event__in=scope.events, found_at__lte=scope.as_at)
    return {
        "scans": scans,
        "devices": devices.count(),
        "repeats": repeats,
        "overrides": overrides,
        "undone": undone,
        "quarantined": quarantined,
        "conflicts": conflicts.count(),
        "hand_counts": hand.count(),
        "corrections_by_hand": len(scope.by_hand),
    }, _peak(scope) if exits else _most_admitted(cells)


_NAMES = (
    "scans", "devices", "repeats", "overrides", "undone", "quarantined", "conflicts", "hand_counts",
    "corrections_by_hand",
)  # fmt: skip


def _most_admitted(cells: list[Cell]) -> int:
    """No exit was recorded: nobody is known to have left, so the fullest moment is the last."""
    inside: Counter = Counter()
    for cell in cells:
        if cell.quarter is not None:
            inside[cell.event_id] += cell.number
    return max(inside.values(), default=0)


def _peak(scope: Scope) -> int:
    """One query."""
    minute = (
        "CAST(FLOOR(EXTRACT(EPOCH FROM c.happened_at) / 60) AS BIGINT)"
        if connection.vendor == "postgresql"
        else "CAST(STRFTIME('%%s', c.happened_at) AS INTEGER) / 60"
    )
    moment = sql_moment(scope.as_at)
    moved = fetch(
        f"SELECT c.event_id, {minute}, SUM(CASE WHEN c.verdict = 'left' THEN -1 ELSE 1 END) "
        f"FROM tickets_checkin c WHERE c.event_id IN ({_listed(scope.event_ids)}) "
        f"AND c.door_list_id IN ({_listed(scope.entrances)}) AND c.recorded_at <= %s AND c.is_practice = %s "
        "AND c.is_quarantined = %s AND c.undoes_id IS NULL AND c.verdict IN ('admitted', 'readmitted', 'left') "
        "AND c.id NOT IN (SELECT u.undoes_id FROM tickets_checkin u WHERE u.undoes_id IS NOT NULL AND u.recorded_at <= %s) "
        "GROUP BY 1, 2 ORDER BY 1, 2",
        [moment, False, False, moment],
    )
    inside: Counter = Counter()
    peak = 0
    for event, _minute, number in moved:
        inside[event] += number
        peak = max(peak, inside[event])
    return peak


def _listed(ids: list[int]) -> str:
    return ", ".join(str(int(one)) for one in ids) or "0"
