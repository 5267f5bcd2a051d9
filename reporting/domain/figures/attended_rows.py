"""Which rows does a figure rest on? The tickets that attended, as known at a moment."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from typing import NamedTuple

from django.db.models import Q

from door.models import Admission
from events.models import Event
from people.boroughs import REGION, Borough
from people.domain.age_bands import AGE_BANDS
from reporting.models import AttendanceCorrection
from tickets.models import Ticket

BANDS = (*(band for _, _, band in AGE_BANDS), "")  # the empty one: not known
BOROUGHS = tuple(Borough.values)
CAME = AttendanceCorrection.Attendance.CAME

# Whom a ticket met, each step within the one before it; 0 for nobody.
MET_ANYTHING, MET_EMPLOYER, MET_MEANINGFULLY = 1, 2, 3


class Attended(NamedTuple):
    """One ticket that attended, as the counting rules see it: nothing that erasure takes away."""

    ticket_id: int
    person_id: int | None
    event_id: int
    age_band: str
    borough: str
    is_adult_of_group: bool
    is_registered: bool  # not cancelled, or cancelled after the moment
    admitted_at: datetime | None  # None: recorded by hand alone
    met: int


@dataclass(frozen=True)
class Scope:
    """The editions and the moment that a report speaks of, and what was recorded by hand, by ticket."""

    events: list[Event]
    as_at: datetime
    by_hand: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Who:
    """Who counts: tickets of these bands, of residents, of young people, that met somebody (MET_...)."""

    bands: frozenset[str]
    region_only: bool = False
    young_only: bool = False
    met: int = 0

    def counts(self, one: Attended) -> bool:
        if one.person_id is None or one.age_band not in self.bands:
            return False
        if self.region_only and one.borough not in REGION:
            return False
        if self.young_only and one.is_adult_of_group:
            return False
        return one.met >= self.met


def scope_of(*, events: list[Event], as_at: datetime) -> Scope:
    """One query."""
    corrections = (
        AttendanceCorrection.objects.filter(ticket__event__in=events, recorded_at__lte=as_at)
        .order_by("recorded_at", "pk")
        .values_list("ticket_id", "attendance")
    )
    return Scope(events, as_at, dict(corrections))


def standing_at(as_at: datetime) -> Q:
    """Admissions of which the system knew, and that were not undone, at the moment."""
    return Q(recorded_at__lte=as_at) & (Q(ended_at=None) | Q(ended_at__gt=as_at))


def attended(scope: Scope, *, met: Mapping[int, int]) -> Iterator[Attended]:
    """Each ticket once, by the start of its edition and then by its id. met: furthest step by ticket.

    Three queries, of which the long one is read as it comes, so that a million rows never lie in memory.
    """
    rank = {event.pk: place for place, event in enumerate(scope.events)}
    registered_then = _cancelled_later(scope)
    last = None
    for row in merge(_admitted(scope), _by_hand(scope), key=lambda row: (rank[row[2]], row[0])):
        ticket, person, event, band, borough, is_adult, state, admitted_at = row
        if ticket != last and scope.by_hand.get(ticket, CAME) == CAME:
            is_registered = state != Ticket.State.CANCELLED or ticket in registered_then
            yield Attended(
                ticket, person, event, band, borough, is_adult, is_registered, admitted_at, met.get(ticket, 0)
            )
        last = ticket


_OF_TICKET = ("pk", "person_id", "event_id", "age_band", "borough", "is_adult_of_group", "state")


def _admitted(scope: Scope) -> Iterator[tuple]:
    """Tickets admitted at an edition's entrance, with the moment."""
    return (
        Admission.objects.filter(standing_at(scope.as_at), door_list__session=None)
        .filter(door_list__event__in=scope.events)
        .order_by("door_list__event__starts_at", "door_list__event_id", "ticket_id")
        .values_list("ticket_id", *(f"ticket__{name}" for name in _OF_TICKET[1:]), "admitted_at")
        .iterator(chunk_size=5_000)
    )


def _by_hand(scope: Scope) -> list[tuple]:
    """Tickets that somebody recorded as present by hand, without a moment."""
    said = AttendanceCorrection.objects.filter(recorded_at__lte=scope.as_at, attendance=CAME)
    tickets = Ticket.objects.filter(event__in=scope.events, pk__in=said.values("ticket"))
    in_order = tickets.order_by("event__starts_at", "event_id", "pk")
    return [(*row, None) for row in in_order.values_list(*_OF_TICKET)]


def _cancelled_later(scope: Scope) -> set[int]:
    """Tickets that are cancelled now and were registered at the moment."""
    cancelled = Ticket.objects.filter(event__in=scope.events, state=Ticket.State.CANCELLED)
    return set(cancelled.filter(registration__ended_at__gt=scope.as_at).values_list("pk", flat=True))
