"""What is there to show for the figure? Scans, devices, hand counts, and how the day went."""

from collections import Counter
from datetime import datetime

from django.db.models import Count, Q
from django.utils import timezone

from events.models import Event
from reporting.models import AttendanceCorrection, HandCount
from tickets.models import Admission, CheckIn, Conflict

QUARTERS_SHOWN = 64  # sixteen hours; over a longer spread empty quarters are left out


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
    """First arrivals by quarter hour on the wall clock, summed over the editions, from the first to the last.

    An edition that lasts past midnight goes on counting: 00:15 of the next day comes after 23:45.
    """
    first_days = {event.pk: timezone.localtime(event.doors_open_at).date() for event in events}
    moments = Admission.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=as_at),
        door_list__event__in=events,
        door_list__session__isnull=True,
        recorded_at__lte=as_at,
    ).values_list("door_list__event_id", "admitted_at")
    quarters = Counter(_quarter(moment, first_days[event]) for event, moment in moments.iterator())
    if not quarters:
        return []
    first, last = min(quarters), max(quarters)
    return [
        {"from": f"{quarter // 4 % 24:02d}:{quarter % 4 * 15:02d}", "people": quarters[quarter]}
        for quarter in range(first, last + 1)
        if quarters[quarter] or last - first < QUARTERS_SHOWN
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


def _quarter(moment: datetime, first_day) -> int:
    """Quarter hours since midnight of the edition's first day, by the clock on the wall."""
    local = timezone.localtime(moment)
    return (local.date() - first_day).days * 96 + local.hour * 4 + local.minute // 15
