"""How many of those with a ticket will come?"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from door.models import Admission
from events.models import Event
from tickets.models import Registration, Ticket

Z = 1.96  # 95 % of a normal distribution
MOST_EVENTS = 6


@dataclass(frozen=True)
class Past:
    """One edition that is over: tickets valid on the day without those made at the door,
    and how many of them came."""

    event: Event
    tickets: int
    came: int

    @property
    def share(self) -> float:
        return self.came / self.tickets

    @property
    def percent(self) -> int:
        return round(100 * self.share)


@dataclass(frozen=True)
class Turnout:
    """share, low and high between 0 and 1; expected numbers are of the tickets that are valid now.

    low and high span the 95 % interval (Wilson) of all past tickets together and each edition's own share.
    """

    share: float
    low: float
    high: float
    tickets: int
    past: list[Past]

    @property
    def expected(self) -> int:
        return round(self.tickets * self.share)

    @property
    def at_least(self) -> int:
        return math.floor(self.tickets * self.low)

    @property
    def at_most(self) -> int:
        return math.ceil(self.tickets * self.high)

    def of(self, tickets: int) -> "Turnout":
        """The same shares for another number of tickets."""
        return Turnout(self.share, self.low, self.high, tickets, self.past)


def expected_turnout(*, event: Event, now: datetime) -> Turnout | None:
    """From the past editions of the series, or of all series where it has none. None: nothing to learn from.

    Four queries.
    """
    past = _past(event=event, now=now)
    if not past:
        return None
    return turnout_of(past=past, tickets=Ticket.objects.valid().for_event(event).count())


def turnout_of(*, past: Sequence[Past], tickets: int) -> Turnout:
    """How many of these tickets will come, where past editions, at least one of them, went like this."""
    held, came = sum(one.tickets for one in past), sum(one.came for one in past)
    low, high = wilson(came, held)
    shares = [one.share for one in past]
    return Turnout(came / held, min(low, *shares), max(high, *shares), tickets, list(past))


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, 1927), between 0 and 1."""
    share, square = hits / tries, Z * Z / tries
    middle = (share + square / 2) / (1 + square)
    margin = Z * math.sqrt(share * (1 - share) / tries + square / (4 * tries)) / (1 + square)
    return max(0.0, middle - margin), min(1.0, middle + margin)


def _past(*, event: Event, now: datetime) -> list[Past]:
    over = Event.objects.filter(
        ends_at__lte=now, status__in=[Event.Status.PUBLISHED, Event.Status.CLOSED]
    ).exclude(pk=event.pk)
    of_series = _attended(list(over.filter(series=event.series_id).order_by("-starts_at")[:MOST_EVENTS]))
    return of_series or _attended(list(over.order_by("-starts_at")[:MOST_EVENTS]))


def _attended(events: Sequence[Event]) -> list[Past]:
    """Those where somebody came: without a single scan an edition says nothing about its turn-out."""
    if not events:
        return []
    made_before = ~Q(registration__source=Registration.Source.WALK_IN)
    tickets = dict(
        Ticket.objects.valid()
        .filter(made_before, event__in=events)
        .values_list("event")
        .annotate(n=Count("pk"))
        .order_by()
    )
    came = dict(
        Admission.objects.standing()
        .filter(
            door_list__event__in=events, door_list__session__isnull=True, ticket__state=Ticket.State.VALID
        )
        .exclude(ticket__registration__source=Registration.Source.WALK_IN)
        .values_list("ticket__event")
        .annotate(n=Count("ticket", distinct=True))
        .order_by()
    )
    return [
        Past(event, tickets[event.pk], came[event.pk])
        for event in events
        if tickets.get(event.pk) and came.get(event.pk)
    ]
