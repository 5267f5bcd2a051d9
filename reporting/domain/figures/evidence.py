"""What is there to show for the figure? Scans, devices, hand counts, and how full it was."""

from collections import Counter

from django.db.models import Count, Q
from django.db.models.functions import TruncMinute

from door.models import CheckIn, Conflict
from reporting.domain.figures.attended_rows import Scope
from reporting.domain.figures.tallies import TicketKind
from reporting.models import HandCount
from tickets.models import Encounter

_MOVES = (CheckIn.Verdict.ADMITTED, CheckIn.Verdict.READMITTED, CheckIn.Verdict.LEFT)


def evidence_of(scope: Scope, kinds: Counter[TicketKind]) -> tuple[dict[str, int], int]:
    """(counts of what was recorded up to as_at, the most people inside one edition at once).

    Four queries, and one more where somebody was scanned out: the peak is then taken from the scans in and
    out, at the end of each minute.
    """
    known = Q(recorded_at__lte=scope.as_at)
    serious, undoing = Q(is_practice=False), Q(undoes__isnull=False)
    scans = CheckIn.objects.filter(known, event__in=scope.events).aggregate(
        scans=Count("pk", filter=serious & ~undoing),
        devices=Count("device", filter=serious, distinct=True),
        repeats=Count("pk", filter=serious & Q(verdict=CheckIn.Verdict.ALREADY_ADMITTED)),
        overrides=Count("pk", filter=serious & ~Q(override_reason="")),
        undone=Count("pk", filter=serious & undoing),
        quarantined=Count("pk", filter=serious & Q(is_quarantined=True)),
        exits=Count("pk", filter=serious & Q(verdict=CheckIn.Verdict.LEFT)),
    )
    exits = scans.pop("exits")
    conflicts = Conflict.objects.filter(check_in__event__in=scope.events, found_at__lte=scope.as_at)
    meetings = Encounter.objects.filter(known, point__event__in=scope.events)
    counts = scans | {
        "conflicts": conflicts.count(),
        "hand_counts": HandCount.objects.filter(known, event__in=scope.events).count(),
        "corrections_by_hand": len(scope.by_hand),
        "encounters_recorded": meetings.count(),
    }
    return counts, _peak(scope) if exits else _most_admitted(kinds)


def _most_admitted(kinds: Counter[TicketKind]) -> int:
    """No exit was recorded: nobody is known to have left, so the fullest moment is the last."""
    inside: Counter[int] = Counter()
    for kind, number in kinds.items():
        if kind.quarter is not None:
            inside[kind.event_id] += number
    return max(inside.values(), default=0)


def _peak(scope: Scope) -> int:
    """One query."""
    moves = (
        CheckIn.objects.filter(event__in=scope.events, door_list__session=None, verdict__in=_MOVES)
        .filter(recorded_at__lte=scope.as_at, is_practice=False, is_quarantined=False, undoes=None)
        .exclude(undone_by__recorded_at__lte=scope.as_at)
        .annotate(minute=TruncMinute("happened_at"))
        .values_list("event_id", "minute", "verdict")
        .annotate(number=Count("pk"))
        .order_by("event_id", "minute", "verdict")
    )
    inside: Counter[int] = Counter()
    by_minute: Counter[tuple] = Counter()
    for event, minute, verdict, number in moves:
        by_minute[event, minute] += -number if verdict == CheckIn.Verdict.LEFT else number
    peak = 0
    for (event, _minute), number in by_minute.items():
        inside[event] += number
        peak = max(peak, inside[event])
    return peak
