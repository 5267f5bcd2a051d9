"""What happens to everybody when an edition is copied, moved, cancelled or closed?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from desk.domain.event_progress import unsent_scans
from door.domain.devices import silent_phones
from door.models import Gate
from events.domain.event_bookings import move_event_bookings, release_event_bookings, standing_bookings
from events.domain.planning import close_event, create_event, refuse_sessions_outside
from events.domain.programme import change_session
from events.models import Booking, Event, Session, Venue
from foundation import change_log
from foundation.refusals import InvalidInput, Refusal
from foundation.wall_time import shifted
from outbox.domain.mail_queue import Draft, drop_messages, queue_messages
from tickets.models import Guardian, Registration, SessionPlace, Ticket, WaitingListEntry

COPIED = (
    "series",
    "summary",
    "description",
    "venue",
    "access_notes",
    "min_age",
    "max_age",
    "guardian_rule",
    "waiting_list",
    "asks_access_needs",
    "asks_photos",
    "asks_news",
    "asks_equality",
    "most_per_school",
    "capacity",
    "safe_capacity",
    "expected_peak",
)
GATSBY = ("purpose_shared", "outcomes_fitted", "two_way", "time_to_reflect")


class UnsentScans(Refusal):
    slug = "unsent-scans"
    title = "Phones still have scans to send"


class NotMoved(Refusal):
    slug = "not-moved"
    title = "Nothing would change"


@dataclass(frozen=True)
class Affected:
    """Whom a change of an edition touches: rows to count, bookings to name."""

    registrations: int
    tickets: int
    guardians: int
    parties_waiting: int
    sessions: int
    bookings: list[Booking]


def affected_by(*, event: Event) -> Affected:
    """For the page that asks first. Six queries."""
    return Affected(
        registrations=_standing(event).count(),
        tickets=Ticket.objects.for_event(event).taking_a_place().count(),
        guardians=_guardians(event).count(),
        parties_waiting=_waiting(event).count(),
        sessions=event.sessions.count(),
        bookings=standing_bookings(event=event),
    )


def copy_event(*, event: Event, title: str, slug: str, starts_at: datetime, by: User, now: datetime) -> Event:
    """Plan another edition as a draft with what this one had: texts, ages, sessions, exhibitors, gates.

    Sessions keep their distance to the start by the clock on the wall. People, bookings and staff are not
    copied.

    :raises InvalidInput: the address is taken, the start is past, or a time does not exist on that day
    """
    if starts_at <= now:
        words = "The start must be in the future"
        raise InvalidInput(words, fields={"starts_at": [words]})
    with transaction.atomic():
        fields = {name: getattr(event, name) for name in COPIED}
        copy = create_event(
            slug=slug,
            title=title,
            starts_at=starts_at,
            ends_at=shifted(event.ends_at, old=event.starts_at, new=starts_at),
            doors_open_at=shifted(event.doors_open_at, old=event.starts_at, new=starts_at),
            by=by,
            strands=event.strands.all(),
            **fields,
        )
        stands = {}
        for old in event.exhibitors.prefetch_related("strands"):
            stand = copy.exhibitors.create(
                slug=old.slug, name=old.name, about=old.about, roles_shown=old.roles_shown
            )
            stand.strands.set(old.strands.all())
            stands[old.pk] = stand
        for session in event.sessions.prefetch_related("strands", "exhibitors"):
            _copy_session(session, event, copy, stands)
        Gate.objects.bulk_create(
            Gate(event=copy, slug=gate.slug, name=gate.name) for gate in Gate.objects.filter(event=event)
        )
        change_log.note(
            about=copy, event_id=copy.pk, did=f"planned it as a copy of {event.slug}", by=by, now=now
        )
    return copy


def close(*, event: Event, by: User, now: datetime, reason: str = "") -> Event:
    """Close the books after the day. Repeating it changes nothing.

    :raises InvalidInput: it is not over yet, or was never published
    :raises UnsentScans: paired phones say that they have scans to send, or fell silent before the end, and no
        reason is given to close all the same
    """
    with transaction.atomic():
        event = Event.objects.lock(event.pk)
        unsent = sum(row["n"] for row in unsent_scans(event_ids=[event.pk]))
        silent = silent_phones(event_ids=[event.pk]).count()
        was_closed = event.status == Event.Status.CLOSED
        if silent and not unsent and not reason.strip() and not was_closed:
            raise UnsentScans(
                f"Phones that scanned fell silent before the end: {silent}. Open the door page on each, "
                "or say why you close without them.",
                details={"silent": silent},
            )
        if unsent and not reason.strip() and not was_closed:
            raise UnsentScans(
                f"Phones still have {unsent} scans to send. Open the door page on each of them, "
                "or say why you close without them.",
                details={"unsent": unsent},
            )
        close_event(event=event, now=now)
        if not was_closed:
            did = f"closed the books with {unsent} scans not sent" if unsent else "closed the books"
            change_log.note(about=event, event_id=event.pk, did=did, reason=reason.strip(), by=by, now=now)
    return event


def cancel_event(*, event: Event, reason: str, by: User, now: datetime) -> Event:
    """Cancel an edition: its tickets end, its spaces are given back, everybody is told. Repeating changes
    nothing.

    reason is read by everybody who is told.

    :raises InvalidInput: no reason is given, or it is over
    """
    reason = reason.strip()
    if not reason:
        words = "Say why, in words that everybody may read"
        raise InvalidInput(words, fields={"reason": [words]})
    with transaction.atomic():
        event = Event.objects.lock(event.pk)
        if event.status == Event.Status.CANCELLED:
            return event
        if event.status == Event.Status.CLOSED or event.ends_at <= now:
            raise InvalidInput("This edition is over. It can no longer be cancelled.")
        release_event_bookings(event=event, reason="The edition was cancelled", by=by, now=now)
        drafts = _drafts("event-cancelled", event, suffix="")
        _end_all(event, now)
        event.status, event.cancelled_at, event.cancel_reason = Event.Status.CANCELLED, now, reason[:300]
        event.places_taken, event.sequence = 0, event.sequence + 1
        event.save(
            update_fields=[
                "status",
                "cancelled_at",
                "cancel_reason",
                "places_taken",
                "sequence",
                "changed_at",
            ]
        )
        queue_messages(drafts=drafts, now=now)
        change_log.note(
            about=event,
            event_id=event.pk,
            did=f"cancelled the edition and told {len(drafts)}",
            reason=reason,
            by=by,
            now=now,
        )
    return event


def move_event(
    *,
    event: Event,
    starts_at: datetime,
    ends_at: datetime,
    venue: Venue | None,
    by: User,
    now: datetime,
    release_what_clashes: bool = False,
) -> Event:
    """Put an edition to another time or place: sessions and bookings go along, everybody is told.

    At another venue the bookings are given back and sessions lose their space. Tickets stay good.

    :raises InvalidInput: the period cannot be, a session would lie outside, or it is over
    :raises SpaceUnavailable: a space is taken at the new time, and release_what_clashes was not said
    :raises NotMoved: neither time nor place would change
    """
    with transaction.atomic():
        event = Event.objects.lock(event.pk)
        _refuse_to_move(event, starts_at, ends_at, venue, now)
        elsewhere = event.venue_id != (venue.pk if venue else None)
        old_start = event.starts_at
        if elsewhere:
            release_event_bookings(event=event, reason="The edition moved to another place", by=by, now=now)
            event.sessions.update(space=None)
        elif (event.starts_at, event.ends_at) != (starts_at, ends_at):
            move_event_bookings(
                event=event,
                starts_at=starts_at,
                ends_at=ends_at,
                by=by,
                now=now,
                release_what_clashes=release_what_clashes,
            )
        _move_times(event, starts_at, ends_at, venue)
        for session in event.sessions.all():
            session.starts_at = shifted(session.starts_at, old=old_start, new=starts_at)
            session.ends_at = shifted(session.ends_at, old=old_start, new=starts_at)
            session.save(update_fields=["starts_at", "ends_at"])
        refuse_sessions_outside(event=event)
        drafts = _drafts("event-moved", event, suffix=f":{event.sequence}") if _is_open(event) else []
        queue_messages(drafts=drafts, now=now)
        change_log.note(
            about=event, event_id=event.pk, did=f"moved the edition and told {len(drafts)}", by=by, now=now
        )
    return event


def move_session(
    *, session: Session, starts_at: datetime, ends_at: datetime, by: User, now: datetime
) -> Session:
    """Put a session that people have chosen to another time, and tell each of them. They keep their places.

    :raises InvalidInput: the period cannot be, or lies outside the event's time
    :raises NotMoved: it is at that time already
    """
    if (session.starts_at, session.ends_at) == (starts_at, ends_at):
        raise NotMoved("This is when it is already.")
    with transaction.atomic():
        session = change_session(session=session, under_people=True, starts_at=starts_at, ends_at=ends_at)
        event = session.event
        event.sequence += 1
        event.save(update_fields=["sequence", "changed_at"])
        whom = _standing(event).filter(lead_email__gt="", tickets__session_places__session=session).distinct()
        drafts = [
            Draft(
                purpose="session-moved",
                key=f"registration:{pk}:{session.pk}:{event.sequence}",
                context={"registration": pk, "session": session.pk},
            )
            for pk in whom.values_list("pk", flat=True)
        ]
        queue_messages(drafts=drafts, now=now)
        change_log.note(
            about=session, event_id=event.pk, did=f"moved a session and told {len(drafts)}", by=by, now=now
        )
    return session


def _is_open(event: Event) -> bool:
    return event.status == Event.Status.PUBLISHED


def _refuse_to_move(
    event: Event, starts_at: datetime, ends_at: datetime, venue: Venue | None, now: datetime
) -> None:
    if event.status in {Event.Status.CANCELLED, Event.Status.CLOSED} or event.starts_at <= now:
        raise InvalidInput("This edition has begun, is over or was cancelled. It can no longer be moved.")
    if ends_at <= starts_at:
        raise InvalidInput("Check the times.", fields={"ends_at": ["The end must be after the start"]})
    if starts_at <= now:
        raise InvalidInput("Check the times.", fields={"starts_at": ["The start must be in the future"]})
    same = (event.starts_at, event.ends_at, event.venue_id) == (
        starts_at,
        ends_at,
        venue.pk if venue else None,
    )
    if same:
        raise NotMoved("This is where and when it is already.")


def _move_times(event: Event, starts_at: datetime, ends_at: datetime, venue: Venue | None) -> None:
    """Doors and the end of registration keep their distance to the start;
    the opening of registration stays."""
    event.doors_open_at = shifted(event.doors_open_at, old=event.starts_at, new=starts_at)
    if event.registration_closes_at is not None:
        event.registration_closes_at = shifted(
            event.registration_closes_at, old=event.starts_at, new=starts_at
        )
    event.starts_at, event.ends_at, event.venue = starts_at, ends_at, venue
    event.sequence += 1
    event.save(
        update_fields=[
            "doors_open_at",
            "registration_closes_at",
            "starts_at",
            "ends_at",
            "venue",
            "sequence",
            "changed_at",
        ]
    )


def _end_all(event: Event, now: datetime) -> None:
    """End every ticket, place and wait of an edition, in few statements."""
    tickets = Ticket.objects.for_event(event).taking_a_place()
    keys = [f"guardian:{pk}" for pk in _guardians(event).values_list("ticket", flat=True)]
    drop_messages(purposes=["guardian", "guardian-reminder"], keys=keys)
    SessionPlace.objects.filter(ticket__event=event).delete()
    Session.objects.filter(event=event).update(places_taken=0)
    tickets.update(state=Ticket.State.CANCELLED, changed_at=now)
    _standing(event).update(state=Registration.State.CANCELLED, ended_at=now, hold_until=None)
    _waiting(event).update(state=WaitingListEntry.State.LEFT, ended_at=now)


def _drafts(purpose: str, event: Event, *, suffix: str) -> Sequence[Draft]:
    """One mail for each registration, each guardian and each party that waits."""
    registrations = _standing(event).filter(lead_email__gt="").values_list("pk", flat=True)
    guardians = _guardians(event).filter(email__gt="").values_list("pk", flat=True)
    parties = _waiting(event).filter(email__gt="", session__isnull=True).values_list("pk", flat=True)
    return [
        *(
            Draft(purpose=purpose, key=f"registration:{pk}{suffix}", context={"registration": pk})
            for pk in registrations
        ),
        *(
            Draft(purpose=f"{purpose}-guardian", key=f"guardian:{pk}{suffix}", context={"guardian": pk})
            for pk in guardians
        ),
        *(
            Draft(purpose=f"{purpose}-waiting", key=f"waiting:{pk}{suffix}", context={"entry": pk})
            for pk in parties
        ),
    ]


def _standing(event: Event) -> Any:
    return Registration.objects.filter(event=event, ended_at__isnull=True)


def _guardians(event: Event) -> Any:
    return Guardian.objects.filter(ticket__event=event, ticket__in=Ticket.objects.taking_a_place()).exclude(
        answer=Guardian.Answer.REFUSED
    )


def _waiting(event: Event) -> Any:
    return WaitingListEntry.objects.filter(event=event, state__in=["waiting", "offered"])


def _copy_session(session: Session, event: Event, copy: Event, stands: dict) -> None:
    made = Session.objects.create(
        event=copy,
        slug=session.slug,
        title=session.title,
        summary=session.summary,
        capacity=session.capacity,
        starts_at=shifted(session.starts_at, old=event.starts_at, new=copy.starts_at),
        ends_at=shifted(session.ends_at, old=event.starts_at, new=copy.starts_at),
        **{name: getattr(session, name) for name in GATSBY},
    )
    made.strands.set(session.strands.all())
    made.exhibitors.set(stands[one.pk] for one in session.exhibitors.all())
