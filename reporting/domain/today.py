"""What waits this morning, and for whom?"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from accounts.roles import is_board, is_organiser, is_supervisor, is_venue_person, is_welfare
from desk.domain.event_progress import Progress, progress_of
from events.models import Booking, Event, Layout, Venue
from events.rules import visible_events
from outbox.models import Message
from tickets.domain.acceptance import waiting_parties
from tickets.models import Guardian, Ticket

LAPSES_SOON = timedelta(days=3)
MOST_EVENTS = 12


@dataclass(frozen=True)
class EventAhead:
    event: Event
    progress: Progress


@dataclass(frozen=True)
class Waiting:
    """One kind of thing that waits.
    what names it to the page; number counts it; event where it is one edition's."""

    what: str
    number: int
    event: Event | None = None
    due_at: datetime | None = None
    about: str = ""


def events_ahead(*, user: User, now: datetime) -> list[EventAhead]:
    """What this person may see of what is on or to come, the next first. Seven queries."""
    events = list(
        visible_events(user)
        .filter(ends_at__gt=now)
        .exclude(status=Event.Status.CANCELLED)
        .select_related("venue", "series")
        .order_by("starts_at")[:MOST_EVENTS]
    )
    progress = progress_of(events=events)
    return [EventAhead(event, progress[event.pk]) for event in events]


def what_waits(*, user: User, ahead: list[EventAhead], now: datetime) -> list[Waiting]:
    """What this person can do something about, the most pressing first."""
    waits: list[Waiting] = []
    if is_organiser(user) or is_supervisor(user) or is_welfare(user):
        waits += _door(now)
    if is_organiser(user) or is_venue_person(user):
        venues = Venue.objects.all() if is_organiser(user) else Venue.objects.of(user)
        waits += _holds(venues, now) + _unconfirmed(venues, now)
    if is_organiser(user):
        waits += _parties(ahead) + _mail() + _people(ahead) + _drafts(ahead) + _books(now)
    return waits


def sees_events_only(user: User) -> bool:
    """The board reads; nothing waits for it here."""
    return is_board(user) and not is_organiser(user)


def _door(now: datetime) -> list[Waiting]:
    lately = list(
        Event.objects.filter(starts_at__lte=now + timedelta(days=1), status=Event.Status.PUBLISHED).order_by(
            "starts_at"
        )
    )
    found = progress_of(events=lately) if lately else {}
    return [
        Waiting("conflicts", found[event.pk].conflicts, event)
        for event in lately
        if found[event.pk].conflicts
    ]


def _holds(venues: QuerySet[Venue], now: datetime) -> list[Waiting]:
    holds = (
        Booking.objects.filter(
            state=Booking.State.HELD,
            space__venue__in=venues,
            hold_until__gt=now,
            hold_until__lte=now + LAPSES_SOON,
        )
        .select_related("space__venue", "event")
        .order_by("hold_until")
    )
    return [
        Waiting(
            "hold",
            hold.pk,
            hold.event,
            due_at=hold.hold_until,
            about=f"{hold.title}: {hold.space}, {hold.space.venue}",
        )
        for hold in holds[:8]
    ]


def _unconfirmed(venues: QuerySet[Venue], now: datetime) -> list[Waiting]:
    """One a venue: layouts of coming bookings whose capacity the venue has not confirmed."""
    layouts = (
        Layout.objects.filter(confirmed_at__isnull=True, space__venue__in=venues)
        .filter(Q(bookings__ends_at__gt=now) & ~Q(bookings__state=Booking.State.RELEASED))
        .select_related("space__venue")
        .distinct()
    )
    by_venue: dict[Venue, list[Layout]] = {}
    for layout in layouts:
        by_venue.setdefault(layout.space.venue, []).append(layout)
    return [
        Waiting(
            "capacity", len(some), about=f"{venue}: {', '.join(sorted({str(one.space) for one in some}))}"
        )
        for venue, some in by_venue.items()
    ]


def _parties(ahead: list[EventAhead]) -> list[Waiting]:
    """One an edition: groups that an organiser answers. One query."""
    events = {one.event.pk: one.event for one in ahead}
    numbers = Counter(one.registration.event_id for one in waiting_parties(events=list(events.values())))
    return [Waiting("parties", numbers[pk], event) for pk, event in events.items() if numbers[pk]]


def _mail() -> list[Waiting]:
    """What failed for good, and what is held since a restore. One query."""
    wanted = {str(Message.State.HELD): "held-mail", str(Message.State.FAILED): "mail"}
    rows = (
        Message.objects.filter(state__in=wanted)
        .values_list("state")
        .annotate(n=Count("pk"))
        .order_by("-state")
    )
    return [Waiting(wanted[state], number) for state, number in rows]


def _people(ahead: list[EventAhead]) -> list[Waiting]:
    waits = []
    oldest = dict(
        Guardian.objects.filter(
            ticket__event__in=[one.event.pk for one in ahead],
            answer=Guardian.Answer.ASKED,
            ticket__state=Ticket.State.ON_HOLD,
        )
        .order_by("-asked_at")
        .values_list("ticket__event", "ticket__registration__hold_until")
    )
    for one in ahead:
        if one.progress.guardians:
            waits.append(
                Waiting("guardians", one.progress.guardians, one.event, due_at=oldest.get(one.event.pk))
            )
        if one.progress.waiting and one.event.places_left <= 0:
            waits.append(Waiting("waiting-list", one.progress.waiting, one.event))
    return waits


def _drafts(ahead: list[EventAhead]) -> list[Waiting]:
    return [Waiting("draft", 1, one.event) for one in ahead if one.event.status == Event.Status.DRAFT]


def _books(now: datetime) -> list[Waiting]:
    over = Event.objects.filter(ends_at__lte=now, status=Event.Status.PUBLISHED).order_by("ends_at")
    return [Waiting("close", 1, event) for event in over[:6]]
