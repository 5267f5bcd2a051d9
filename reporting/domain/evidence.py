"""What is there to show for the figure? Scans, devices, hand counts, and how full it was."""

from collections import Counter

from django.db import connection

from reporting.domain.rows import Scope, fetch, sql_moment
from reporting.models import HandCount
from tickets.models import CheckIn, Conflict


def evidence_of(scope: Scope) -> tuple[dict[str, int], int]:
    """(counts of what was recorded up to as_at, the most people inside one edition at once). Three queries.

    The peak is taken from the scans in and out, at the end of each minute.
    """
    if not scope.events:
        return dict.fromkeys(_NAMES, 0), 0
    counts: Counter = Counter()
    devices: set[int] = set()
    moves: Counter = Counter()
    for device, entrance, verdict, override, undoes, undone, quarantined, event, minute, number in _tally(
        scope
    ):
        counts["undone" if undoes else "scans"] += number
        counts["repeats"] += number * (verdict == CheckIn.Verdict.ALREADY_ADMITTED)
        counts["overrides"] += number * bool(override)
        counts["quarantined"] += number * bool(quarantined)
        devices |= {device} - {None}
        if entrance and not quarantined and not undone and not undoes:
            if verdict in (CheckIn.Verdict.ADMITTED, CheckIn.Verdict.READMITTED):
                moves[event, minute] += number
            elif verdict == CheckIn.Verdict.LEFT:
                moves[event, minute] -= number
    hand = HandCount.objects.filter(event__in=scope.events, recorded_at__lte=scope.as_at)
    conflicts = Conflict.objects.filter(check_in__event__in=scope.events, found_at__lte=scope.as_at)
    counts["devices"] = len(devices)
    counts["conflicts"] = conflicts.count()
    counts["hand_counts"] = hand.count()
    counts["corrections_by_hand"] = len(scope.by_hand)
    return {name: counts[name] for name in _NAMES}, _peak(moves)


_NAMES = (
    "scans", "devices", "repeats", "overrides", "undone", "quarantined", "conflicts", "hand_counts",
    "corrections_by_hand",
)  # fmt: skip


def _tally(scope: Scope) -> list[tuple]:
    """Scans by what matters of them and the minute. One query."""
    minute = (
        "CAST(FLOOR(EXTRACT(EPOCH FROM c.happened_at) / 60) AS BIGINT)"
        if connection.vendor == "postgresql"
        else "CAST(STRFTIME('%%s', c.happened_at) AS INTEGER) / 60"
    )
    moment = sql_moment(scope.as_at)
    entrances = ", ".join(str(int(pk)) for pk in scope.entrances) or "0"
    events = ", ".join(str(int(pk)) for pk in scope.event_ids)
    return fetch(
        f"SELECT c.device_id, c.door_list_id IN ({entrances}), c.verdict, c.override_reason <> '', "
        "c.undoes_id IS NOT NULL, c.id IN (SELECT u.undoes_id FROM tickets_checkin u WHERE u.undoes_id IS NOT NULL "
        f"AND u.recorded_at <= %s), c.is_quarantined, c.event_id, {minute}, COUNT(*) FROM tickets_checkin c "
        f"WHERE c.event_id IN ({events}) AND c.recorded_at <= %s AND c.is_practice = %s "
        "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9",
        [moment, moment, False],
    )


def _peak(moves: Counter) -> int:
    inside: Counter = Counter()
    peak = 0
    for (event, _minute), number in sorted(moves.items()):
        inside[event] += number
        peak = max(peak, inside[event])
    return peak
