"""What is there to show for the figure? Scans, devices, hand counts, and how the day went."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from events.models import Event
from reporting.models import AttendanceCorrection, HandCount
from tickets.models import Admission, CheckIn, Conflict

QUARTER = timedelta(minutes=15)


def evidence_of(*, events: list[Event], as_at: datetime) -> dict[str, int]:
    """Counts of what was recorded up to as_at. Four queries."""
    scans = CheckIn.objects.filter(event__in=events, recorded_at__lte=as_at, is_practice=False)
    counts = scans.aggregate(
        scans=Count("pk", filter=Q(undoes__isnull=True)),
        devices=Count("device", distinct=True),
        repeats=Count("pk", filter=Q(verdict=CheckIn.Verdict.ALREADY_ADMITTED)),
        overrides=Count("pk", filter=~Q(override_reason="")),
        undone=Count("pk", filter=Q(undoes__isnull=False)),
        quarantined=Count("pk", filter=Q(is_quarantined=True)),
    )
    conflicts = Conflict.objects.filter(check_in__event__in=events, found_at__lte=as_at)
    hand = HandCount.objects.filter(event__in=events, recorded_at__lte=as_at)
    corrections = AttendanceCorrection.objects.filter(ticket__event__in=events, recorded_at__lte=as_at)
    return counts | {
        "conflicts": conflicts.count(),
        "hand_counts": hand.count(),
        "corrections_by_hand": corrections.count(),
    }


def arrivals_by_quarter(*, events: list[Event], as_at: datetime) -> list[dict]:
    """First arrivals by quarter hour of local time, summed over the editions, from the first to the last."""
    moments = Admission.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=as_at),
        door_list__event__in=events,
        door_list__session__isnull=True,
        recorded_at__lte=as_at,
    ).values_list("admitted_at", flat=True)
    quarters = Counter(_quarter(moment) for moment in moments.iterator())
    if not quarters:
        return []
    first, last = min(quarters), max(quarters)
    steps = (last - first) // 15 + 1
    return [
        {
            "from": f"{(first + 15 * step) // 60:02d}:{(first + 15 * step) % 60:02d}",
            "people": quarters[first + 15 * step],
        }
        for step in range(steps)
    ]


def peak_at_one_time(*, events: list[Event], as_at: datetime) -> int:
    """The most people inside one edition at once, by the scans in and out."""
    rows = (
        CheckIn.objects.filter(
            event__in=events, door_list__session__isnull=True, recorded_at__lte=as_at, is_practice=False,
            is_quarantined=False, undone_by__isnull=True, verdict__in=["admitted", "readmitted", "left"],
        )
        .order_by("event_id", "happened_at", "pk")
        .values_list("event_id", "ticket_id", "verdict")
    )  # fmt: skip
    inside: dict[int, set[int]] = {}
    peak = 0
    for event_id, ticket_id, verdict in rows.iterator():
        here = inside.setdefault(event_id, set())
        here.discard(ticket_id) if verdict == "left" else here.add(ticket_id)
        peak = max(peak, len(here))
    return peak


def _quarter(moment: datetime) -> int:
    """Minutes since midnight of the quarter hour, local time."""
    local = timezone.localtime(moment)
    return (local.hour * 60 + local.minute) // 15 * 15
