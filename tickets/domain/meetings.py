"""Whom did I meet? A session or stand shows its own QR; a young person opens it and keeps it on their ticket.

The code opens a public page that names the session or stand and nobody else. Whose ticket it is, only that
person's own phone says: by a signed cookie that it was given on their ticket page or for the code under their
QR. The cookie opens nothing: it can only keep a meeting.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction

from events.models import Event, Exhibitor, Session
from foundation.refusals import Kind, Refusal
from tickets.domain import codes
from tickets.models import Encounter, MeetingPoint, Registration, Ticket

AFTER = timedelta(hours=12)  # how long after the event a meeting can still be kept
SALT = "meetings"


class NotNow(Refusal):
    slug = "not-now"
    title = "This code works on the day"


class AnotherEvent(Refusal):
    slug = "another-event"
    title = "This ticket is for another event"


class TicketNotFound(Refusal):
    slug = "ticket-not-found"
    title = "We do not know this code"
    kind = Kind.INVALID


@dataclass(frozen=True)
class Point:
    """A session's or stand's code, for its sheet."""

    name: str
    what: str
    address: str


@dataclass(frozen=True)
class Meeting:
    """What a young person kept: with whom, and what they showed."""

    name: str
    about: str
    roles: str
    kept_at: datetime


def points_of(*, event: Event, now: datetime) -> list[Point]:
    """A point for every session and stand of the event, made where there is none yet. Five queries."""
    sessions = list(event.sessions.order_by("starts_at", "title"))
    exhibitors = list(event.exhibitors.order_by("name"))
    rows = [
        MeetingPoint(event=event, session=one, fingerprint=_fingerprint("session", one.pk), created_at=now)
        for one in sessions
    ] + [
        MeetingPoint(
            event=event, exhibitor=one, fingerprint=_fingerprint("exhibitor", one.pk), created_at=now
        )
        for one in exhibitors
    ]
    MeetingPoint.objects.bulk_create(rows, ignore_conflicts=True)
    return [
        *(Point(one.name, "Stand", codes.meeting_secret("exhibitor", one.pk)) for one in exhibitors),
        *(Point(one.title, "Session", codes.meeting_secret("session", one.pk)) for one in sessions),
    ]


def point_of(*, secret: str) -> MeetingPoint | None:
    """The point whose code this is. One query."""
    return (
        MeetingPoint.objects.select_related("event", "session", "exhibitor")
        .filter(fingerprint=codes.fingerprint(secret))
        .exclude(event__status=Event.Status.DRAFT)
        .first()
    )


def keep_meeting(*, point: MeetingPoint, ticket: Ticket, now: datetime) -> bool:
    """Keep a meeting on a ticket, once; False where it was kept before.

    :raises AnotherEvent: the ticket is for another event, or does not hold any more
    :raises NotNow: before the doors open, or long after the end
    """
    event = point.event
    if ticket.event_id != event.pk or ticket.state != Ticket.State.VALID:
        raise AnotherEvent("Use the ticket with which you came today.")
    if not event.doors_open_at <= now <= event.ends_at + AFTER:
        raise NotNow("Codes of sessions and stands work while the event is on.")
    with transaction.atomic():
        _, made = Encounter.objects.get_or_create(ticket=ticket, point=point, defaults={"recorded_at": now})
    return made


def holder_token(*, ticket: Ticket) -> str:
    """What a phone keeps so that it can keep meetings for this ticket; a new code of the ticket ends it."""
    return signing.Signer(salt=SALT).sign(f"{ticket.pk}.{ticket.generation}")


def ticket_of_holder(*, token: str) -> Ticket | None:
    """One query. None where the token is not ours, or the ticket has a new code."""
    try:
        pk, _, generation = signing.Signer(salt=SALT).unsign(token).partition(".")
    except signing.BadSignature:
        return None
    return Ticket.objects.filter(pk=int(pk), generation=int(generation)).first()


def ticket_of_typed(*, event: Event, text: str) -> Ticket:
    """The ticket of an event by what is printed under its QR: ten signs or the whole code.

    :raises TicketNotFound: no ticket of this event has this code
    """
    code = codes.normalise_typed_code(text)
    found = None
    if code is not None:
        found = (
            Ticket.objects.valid()
            .filter(event=event, short_fingerprint=codes.short_fingerprint(code))
            .first()
        )
    if found is None:
        words = "Check the code under the QR of your ticket: ten letters and digits"
        raise TicketNotFound(words, fields={"code": [words]})
    return found


def meetings_kept(*, registration: Registration) -> dict[int, list[Meeting]]:
    """What was kept on each ticket of a registration, by serial, in the order of keeping. One query."""
    rows = Encounter.objects.filter(ticket__registration=registration).select_related(
        "ticket", "point__session", "point__exhibitor"
    )
    kept: dict[int, list[Meeting]] = {}
    for row in rows:
        kept.setdefault(row.ticket.serial, []).append(_meeting(row))
    return kept


def name_of(point: MeetingPoint) -> str:
    return point.exhibitor.name if point.exhibitor else point.session.title if point.session else ""


def _meeting(row: Encounter) -> Meeting:
    thing: Exhibitor | Session | None = row.point.exhibitor or row.point.session
    about = thing.about if isinstance(thing, Exhibitor) else thing.summary if thing else ""
    roles = thing.roles_shown if isinstance(thing, Exhibitor) else ""
    return Meeting(name_of(row.point), about, roles, row.recorded_at)


def _fingerprint(kind: str, thing_id: int) -> bytes:
    return codes.fingerprint(codes.meeting_secret(kind, thing_id))
