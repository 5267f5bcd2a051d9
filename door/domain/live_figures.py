"""How is the door doing now? Arrivals, people inside, refusals and phones, in a fixed number of queries."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count

from door.domain.devices import door_list_of
from door.domain.occupancy import Occupancy, occupancy
from door.domain.verdicts import LET_IN, Verdict
from door.models import Admission, CheckIn, Device
from events.models import Event
from foundation.wall_time import wall_time
from tickets.models import Ticket

QUARTER = timedelta(minutes=15)
QUIET_AFTER = timedelta(minutes=2)  # a phone that is open speaks every 10 seconds
UNKNOWN_MANY = 20  # unknown codes of one phone within a minute: somebody tries codes (trust.md, SE-01)
UNKNOWN_WITHIN = timedelta(minutes=1)
UNKNOWN_SHOWN_FOR = timedelta(minutes=30)
# Martyn's Law (Terrorism (Protection of Premises) Act 2025): people present at one time.
STANDARD_TIER = 200
ENHANCED_TIER = 800


@dataclass(frozen=True)
class Quarter:
    """People first let in from starts_at on, for 15 minutes; inside: the most at one time in them."""

    starts_at: datetime
    arrivals: int
    most_inside: int


@dataclass(frozen=True)
class Phone:
    device: Device
    state: str  # "on", "quiet", "over"

    @property
    def needs_care(self) -> bool:
        return self.device.unsent_scans > 0 or (self.state == "quiet")


@dataclass(frozen=True)
class LiveDoor:
    """registered: tickets that may come in; refused: verdict to (scans, tickets); suspicious: phones.

    day: the one that quarters are of: today, or the last one on which anybody passed. peak: the most people
    inside at one time, of all days.
    """

    count: Occupancy
    registered: int
    day: date
    quarters: list[Quarter]
    peak: int
    refused: dict[str, tuple[int, int]]
    overridden: int
    phones: list[Phone]
    suspicious: list[Device]
    conflicts_open: int
    reviews_open: int


def live_door(*, event: Event, now: datetime) -> LiveDoor:
    """The entrance of an event. Twelve queries, whatever its size."""
    entrance = door_list_of(event=event)
    rows = CheckIn.objects.filter(
        door_list=entrance,
        is_practice=False,
        is_quarantined=False,
        undoes__isnull=True,
        undone_by__isnull=True,
    )
    day, quarters, peak = _quarters(entrance, rows, now)
    return LiveDoor(
        count=occupancy(door_list=entrance, now=now),
        registered=Ticket.objects.taking_a_place().filter(event=event).count(),
        day=day,
        quarters=quarters,
        peak=peak,
        refused=_refused(rows),
        overridden=rows.exclude(override_reason="").count(),
        phones=phones_of(event=event, now=now),
        suspicious=_suspicious(event, now),
        conflicts_open=_open(event, "conflict__settled_at__isnull", "conflict__isnull"),
        reviews_open=CheckIn.objects.filter(
            event=event, is_quarantined=True, is_practice=False, review__isnull=True
        ).count(),
    )


def phones_of(*, event: Event, now: datetime) -> list[Phone]:
    """Working phones by gate and name, then those that are over. One query."""
    devices = Device.objects.select_related("gate", "door_list__session").filter(event=event)
    phones = [Phone(device, _state(device, now)) for device in devices.order_by("gate__name", "name", "pk")]
    return sorted(phones, key=lambda phone: phone.state == "over")


def _state(device: Device, now: datetime) -> str:
    if device.revoked_at or device.expires_at <= now:
        return "over"
    return "on" if device.last_seen_at and now - device.last_seen_at <= QUIET_AFTER else "quiet"


def _open(event: Event, is_open: str, is_missing: str) -> int:
    return CheckIn.objects.filter(**{"event": event, is_missing: False, is_open: True}).count()


def _quarters(entrance: Any, rows: Any, now: datetime) -> tuple[date, list[Quarter], int]:
    """The day that is shown, its quarter hours from first to last with anybody, and the peak of all days."""
    arrivals = Counter(
        _quarter_of(at)
        for at in Admission.objects.standing()
        .filter(door_list=entrance)
        .values_list("admitted_at", flat=True)
    )
    most: dict[datetime, int] = {}
    after: dict[datetime, int] = {}  # how many were inside at the end of a quarter hour
    inside: set[int] = set()
    moves = rows.filter(verdict__in=[*LET_IN, Verdict.LEFT]).order_by("happened_at", "id")
    for ticket_id, verdict, at in moves.values_list("ticket_id", "verdict", "happened_at"):
        before = len(inside)
        (inside.discard if verdict == Verdict.LEFT else inside.add)(ticket_id)
        quarter = _quarter_of(at)
        most[quarter] = max(most.get(quarter, before), len(inside))
        after[quarter] = len(inside)
    moments = sorted({*arrivals, *most})
    today = wall_time(now).date()
    days = [wall_time(at).date() for at in moments]
    day = today if today in days or not days else days[-1]
    shown = [at for at, its_day in zip(moments, days, strict=True) if its_day == day]
    quarters: list[Quarter] = []
    if shown:
        at = shown[0]
        known = next((after[one] for one in reversed(moments) if one < at and one in after), 0)
        while at <= shown[-1]:
            quarters.append(Quarter(at, arrivals.get(at, 0), most.get(at, known)))
            known = after.get(at, known)
            at += QUARTER
    return day, quarters, max(most.values(), default=0)


def _quarter_of(at: datetime) -> datetime:
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


def _refused(rows: Any) -> dict[str, tuple[int, int]]:
    """Most frequent first."""
    counts = (
        rows.exclude(verdict__in=[*LET_IN, Verdict.LEFT])
        .values_list("verdict")
        .annotate(scans=Count("id"), tickets=Count("ticket", distinct=True))
        .order_by("-scans", "verdict")
    )
    return {verdict: (scans, tickets) for verdict, scans, tickets in counts}


def _suspicious(event: Event, now: datetime) -> list[Device]:
    """Phones that showed 20 unknown codes within a minute, in the last half hour."""
    times: dict[int, list[datetime]] = {}
    unknown = CheckIn.objects.filter(
        event=event, verdict=Verdict.UNKNOWN, device__isnull=False, happened_at__gt=now - UNKNOWN_SHOWN_FOR
    )
    for device_id, at in unknown.order_by("happened_at").values_list("device_id", "happened_at"):
        times.setdefault(device_id, []).append(at)
    found = [
        key
        for key, seen in times.items()
        if any(
            last - first <= UNKNOWN_WITHIN
            for first, last in zip(seen, seen[UNKNOWN_MANY - 1 :], strict=False)
        )
    ]
    return list(Device.objects.filter(pk__in=found).order_by("name")) if found else []
