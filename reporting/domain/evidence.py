"""What is there to show for the figure? Scans, devices, hand counts, and how full it was."""

from collections import Counter

from django.db import connection

from reporting.domain.attended_rows import Scope, fetch, listed, sql_moment
from reporting.domain.tallies import Cell

# As the condition of the index door_check_in_unusual says it: every scan that is not plainly an admission.
_UNUSUAL = (
    "(c.is_practice OR c.is_quarantined OR c.undoes_id IS NOT NULL OR NOT (c.override_reason = '') "
    "OR NOT (c.verdict = 'admitted'))"
)


def evidence_of(scope: Scope, cells: list[Cell]) -> tuple[dict[str, int], int]:
    """(counts of what was recorded up to as_at, the most people inside one edition at once). One query, or
    two.

    The peak is taken from the scans in and out, at the end of each minute.
    """
    if not scope.events:
        return dict.fromkeys(_NAMES, 0), 0
    events, moment = listed(scope.event_ids), sql_moment(scope.as_at)
    points = listed(point for some in scope.points.values() for point in some)
    of_these = f"c.event_id IN ({events}) AND c.recorded_at <= %s"
    serious = "NOT c.is_practice"
    row = fetch(
        f"SELECT (SELECT COUNT(*) FROM door_checkin c WHERE {of_these}), u.*, "
        f"(SELECT COUNT(*) FROM door_device d WHERE d.event_id IN ({events}) AND EXISTS (SELECT 1 "
        "FROM door_checkin c "
        f"WHERE c.device_id = d.id AND c.recorded_at <= %s AND {serious})), "
        f"(SELECT COUNT(*) FROM door_conflict f JOIN door_checkin c ON c.id = f.check_in_id "
        f"WHERE c.event_id IN ({events}) AND f.found_at <= %s), "
        f"(SELECT COUNT(*) FROM reporting_handcount h WHERE h.event_id IN ({events}) "
        "AND h.recorded_at <= %s), "
        f"(SELECT COUNT(*) FROM tickets_encounter e WHERE e.point_id IN ({points}) AND e.recorded_at <= %s) "
        f"FROM (SELECT {_sum('c.is_practice OR c.undoes_id IS NOT NULL')}, "
        f"{_sum(f'c.undoes_id IS NOT NULL AND {serious}')}, "
        f"{_sum(f'c.verdict = {_ALREADY} AND {serious}')}, "
        f"{_sum(f'NOT (c.override_reason = {_EMPTY}) AND {serious}')}, "
        f"{_sum(f'c.is_quarantined AND {serious}')}, {_sum(f'c.verdict = {_LEFT} AND {serious}')} "
        f"FROM door_checkin c WHERE {of_these} AND {_UNUSUAL}) AS u",
        [moment] * 6,
    )[0]
    every, no_scans, undone, repeats, overrides, quarantined, exits, devices, conflicts, hand, encounters = (
        number or 0 for number in row
    )
    return {
        "scans": every - no_scans,
        "devices": devices,
        "repeats": repeats,
        "overrides": overrides,
        "undone": undone,
        "quarantined": quarantined,
        "conflicts": conflicts,
        "hand_counts": hand,
        "corrections_by_hand": len(scope.by_hand),
        "encounters_recorded": encounters,
    }, _peak(scope) if exits else _most_admitted(cells)


_ALREADY, _LEFT, _EMPTY = "'already_admitted'", "'left'", "''"


def _sum(condition: str) -> str:
    return f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)"


_NAMES = (
    "scans",
    "devices",
    "repeats",
    "overrides",
    "undone",
    "quarantined",
    "conflicts",
    "hand_counts",
    "corrections_by_hand",
    "encounters_recorded",
)


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
        "CAST(FLOOR(DATE_PART('epoch', c.happened_at) / 60) AS BIGINT)"
        if connection.vendor == "postgresql"
        else "CAST(STRFTIME('%%s', c.happened_at) AS INTEGER) / 60"
    )
    moment = sql_moment(scope.as_at)
    moved = fetch(
        f"SELECT c.event_id, {minute}, SUM(CASE WHEN c.verdict = 'left' THEN -1 ELSE 1 END) "
        f"FROM door_checkin c WHERE c.event_id IN ({listed(scope.event_ids)}) "
        f"AND c.door_list_id IN ({listed(scope.entrances)}) AND c.recorded_at <= %s AND c.is_practice = %s "
        "AND c.is_quarantined = %s AND c.undoes_id IS NULL "
        "AND c.verdict IN ('admitted', 'readmitted', 'left') "
        "AND c.id NOT IN (SELECT u.undoes_id FROM door_checkin u WHERE u.undoes_id IS NOT NULL "
        "AND u.recorded_at <= %s) "
        "GROUP BY 1, 2 ORDER BY 1, 2",
        [moment, False, False, moment],
    )
    inside: Counter = Counter()
    peak = 0
    for event, _minute, number in moved:
        inside[event] += number
        peak = max(peak, inside[event])
    return peak
