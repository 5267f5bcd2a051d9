"""Are there places, and who has them? The only code that changes places_taken and serials_issued."""

from collections.abc import Sequence
from datetime import datetime
from itertools import combinations
from typing import Any

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, When

from events.models import Event, Session
from events.models.programme import EventQuerySet
from foundation.refusals import InvalidInput, Refusal
from tickets.models import WaitingListEntry


class EventFull(Refusal):
    slug = "event-full"
    title = "All places are taken"


class SessionFull(Refusal):
    slug = "session-full"
    title = "A session is full"


class RegistrationClosed(Refusal):
    slug = "registration-closed"
    title = "Registration is not open"


def closed_words(*, event: Event, now: datetime, is_offered: bool = False) -> str:
    """Why nobody can register now; empty where registration is open. One query.

    is_offered: for who has places already, by an offer, whatever the registration window says.
    """
    events = Event.objects.filter(pk=event.pk)
    asked = events.with_over_words(now) if is_offered else events.with_closed_words(now)
    return asked.values_list("closed_words", flat=True).get()


def with_places_open(*, events: EventQuerySet, now: datetime) -> Any:
    """Each event with closed_words, and places_open: what anybody may register for, which is 0 while somebody
    waits for places."""
    waiting = WaitingListEntry.objects.filter(event=OuterRef("pk"), session=None)
    return events.with_closed_words(now).annotate(places_open=_open(waiting))


def with_session_places_open(*, sessions: QuerySet[Session]) -> Any:
    """Each session with places_open, by the same rule; None: not limited."""
    return sessions.annotate(places_open=_open(WaitingListEntry.objects.filter(session=OuterRef("pk"))))


def _open(queue: QuerySet[WaitingListEntry]) -> Case:
    waited_for = Exists(queue.filter(state="waiting"))
    return Case(
        When(waited_for, then=0), default=F("capacity") - F("places_taken"), output_field=IntegerField()
    )


def somebody_waits(*, event: Event) -> bool:
    """True where free places belong to the waiting list and not to the public form. One query."""
    return _queue_of(event).exists()


def _queue_of(event: Any) -> QuerySet[WaitingListEntry]:
    """Who waits for places of an event; they are served before the public form."""
    waiting = WaitingListEntry.State.WAITING
    return WaitingListEntry.objects.filter(event=event, state=waiting, session__isnull=True)


def claim_places(
    *, event: Event, places: int, now: datetime, serials: int | None = None, passing_the_queue: bool = False
) -> int:
    """Claim places inside the caller's transaction; return the first of that many new serials. Two queries.

    One conditional update claims the places, numbers the tickets and locks the row until the transaction
    ends. serials: how many tickets to number now, where that is not the number of places (an offer numbers
    none). passing_the_queue: for the waiting list itself.

    :raises EventFull: fewer places are left, or others wait for them; carries places_left
    :raises RegistrationClosed: not published, over, or outside the registration window
    """
    serials = places if serials is None else serials
    this = Event.objects.filter(pk=event.pk)
    nobody_waits = [] if passing_the_queue else [~Exists(_queue_of(OuterRef("pk")))]
    free = this.open_for_registration(now).filter(*nobody_waits, places_taken__lte=F("capacity") - places)
    claimed = free.update(
        places_taken=F("places_taken") + places, serials_issued=F("serials_issued") + serials
    )
    if not claimed:
        if words := closed_words(event=event, now=now):
            raise RegistrationClosed(words)
        event.refresh_from_db()
        raise _full(0 if not passing_the_queue and somebody_waits(event=event) else event.places_left)
    return this.values_list("serials_issued", flat=True).get() - serials + 1


def refuse_full(*, event: Event, places: int) -> None:
    """For who asks for places without claiming them yet. One query.

    :raises EventFull: fewer places are left, or others wait for them; carries places_left
    """
    left = 0 if somebody_waits(event=event) else event.places_left
    if places > left:
        raise _full(left)


def _full(left: int) -> EventFull:
    left = max(0, left)
    words = "All places are taken." if left == 0 else f"Only {left} places are left."
    return EventFull(words, details={"places_left": left})


def issue_serials(*, event: Event, count: int, now: datetime) -> int:
    """Number tickets for places that are claimed already (an offer); return the first serial. Two queries.

    :raises RegistrationClosed: not published, or over
    """
    this = Event.objects.filter(pk=event.pk)
    if not this.going_ahead(now).update(serials_issued=F("serials_issued") + count):
        raise RegistrationClosed(closed_words(event=event, now=now, is_offered=True))
    return this.values_list("serials_issued", flat=True).get() - count + 1


def claim_at_the_door(*, event: Event, now: datetime) -> int:
    """Claim one place for a walk-in, whatever the registration window says; return the new serial.

    :raises EventFull: every place has a ticket
    :raises RegistrationClosed: not published, or over
    """
    this = Event.objects.filter(pk=event.pk)
    claimed = (
        this.going_ahead(now)
        .filter(places_taken__lt=F("capacity"))
        .update(places_taken=F("places_taken") + 1, serials_issued=F("serials_issued") + 1)
    )
    if not claimed:
        if words := closed_words(event=event, now=now, is_offered=True):
            raise RegistrationClosed(words)
        raise EventFull("Every place has a ticket. Ask a supervisor at the desk.", details={"places_left": 0})
    event.refresh_from_db()
    return event.serials_issued


def free_places(*, event_id: int, places: int) -> None:
    """Give places back, inside the caller's transaction."""
    Event.objects.filter(pk=event_id).update(places_taken=F("places_taken") - places)


def sessions_of(*, event: Event, slugs: Sequence[str]) -> list[Session]:
    """The named sessions, by their start.

    :raises InvalidInput: no such session of this event, or two of them overlap
    """
    if not slugs:
        return []
    sessions = list(Session.objects.filter(event=event, slug__in=set(slugs)).order_by("starts_at", "pk"))
    if len(sessions) != len(set(slugs)):
        raise InvalidInput(
            "Choose sessions of this event.", fields={"sessions": ["Choose sessions of this event"]}
        )
    for earlier, later in combinations(sessions, 2):
        if later.starts_at < earlier.ends_at:
            words = f"{earlier.title} and {later.title} are at the same time. Choose one of them."
            raise InvalidInput(words, fields={"sessions": [words]})
    return sessions


def claim_sessions(*, sessions: Sequence[Session], places: int) -> None:
    """Claim places in each session, in the order of ids, inside the caller's transaction.

    :raises SessionFull: names the session; no place is left, or others wait for them
    """
    for session in sorted(sessions, key=lambda session: session.pk):
        waiting = WaitingListEntry.objects.filter(session=OuterRef("pk"), state="waiting")
        claimed = (
            Session.objects.filter(pk=session.pk)
            .filter(Q(capacity__isnull=True) | Q(places_taken__lte=F("capacity") - places))
            .filter(~Exists(waiting))
            .update(places_taken=F("places_taken") + places)
        )
        if not claimed:
            raise SessionFull(
                f"{session.title} is full. Choose another session.", details={"session": session.slug}
            )


def free_sessions(*, session_ids: Sequence[int]) -> None:
    """Give back one place for each id, ids repeated as often as places."""
    for session_id in sorted(set(session_ids)):
        Session.objects.filter(pk=session_id).update(
            places_taken=F("places_taken") - list(session_ids).count(session_id)
        )
