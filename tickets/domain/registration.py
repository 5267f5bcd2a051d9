"""Who signs up? One act of signing up, once, for as many attendees as it names."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import User
from events.boroughs import Borough
from events.domain.refusals import InvalidInput, Kind, Refusal
from events.models import Event
from outbox.domain.messages import Draft, queue_messages
from tickets.domain import codes
from tickets.domain.asking import ASKED, GUARDIAN_BELOW, Way, waits_for_guardian, way_for
from tickets.domain.people import (
    MAX_AGE,
    age_band,
    email_fault,
    name_fault,
    person_digest,
    phone_fault,
    text_fault,
)
from tickets.domain.places import claim_places, claim_sessions, issue_serials
from tickets.models import (
    AccessNeed,
    Consent,
    EmergencyContact,
    Guardian,
    Person,
    Registration,
    SessionPlace,
    Ticket,
)

GUARDIAN_TIME = timedelta(hours=48)  # then the hold lapses
GUARDIAN_REMINDER = timedelta(hours=24)
WORDING_VERSION = "2026-11"  # of the words of the photo and news choices in templates/tickets
MAX_ATTENDEES = 60
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class AlreadyRegistered(Refusal):
    slug = "already-registered"
    title = "Already registered"


class IdempotencyKeyReused(Refusal):
    slug = "idempotency-key-reused"
    title = "This Idempotency-Key was used for another request"
    kind = Kind.INVALID


@dataclass(frozen=True, kw_only=True)
class Contact:
    name: str
    email: str
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """One person who will come. email is empty where the lead's or the guardian's serves."""

    name: str
    age: int
    borough: str
    email: str = ""
    access_needs: str = ""
    guardian: Contact | None = None
    emergency_contact: Contact | None = None


@dataclass(frozen=True, kw_only=True)
class Idempotency:
    """The key that makes a repeated request the same request; scope is the form, or a token's id."""

    scope: str
    key: str


@dataclass(frozen=True)
class Registered:
    registration: Registration
    tickets: list[Ticket]
    replayed: bool


def register(
    *,
    event: Event,
    lead: Contact,
    attendees: Sequence[Attendee],
    now: datetime,
    sessions: Sequence[str] = (),
    photo: bool = False,
    news: bool = False,
    idempotency: Idempotency | None = None,
    source: str = Registration.Source.FORM,
    by: User | None = None,
    offered: bool = False,
) -> Registered:
    """Sign up attendees for an event, each with a ticket; held where a guardian must confirm.

    For one adult without extras: five queries, one of which claims the place. by is the person who
    registers others by the API. offered: the places were claimed by an offer of the waiting list.

    :raises InvalidInput: fields says why, by name (attendees[0].name, lead.email, ...)
    :raises EventFull: carries places_left
    :raises RegistrationClosed: not open now
    :raises SessionFull: a chosen session has no place
    :raises AlreadyRegistered: one of them has a ticket for this event
    :raises IdempotencyKeyReused: the same key came with another request
    """
    _refuse_bad_input(event=event, lead=lead, attendees=attendees)
    asked = _digest_of(lead, attendees, sessions, photo, news)
    try:
        with transaction.atomic():
            count = len(attendees)
            if offered:
                first_serial = issue_serials(event=event, count=count)
            else:
                first_serial = claim_places(event=event, places=count, now=now)
            chosen = claim_sessions(event=event, slugs=sessions, places=count)
            registration, tickets, guardians = _create(
                event, lead, attendees, first_serial, idempotency, asked, source, photo, now
            )
            _create_extras(tickets, attendees, chosen, photo=photo, news=news, by=by, now=now)
            queue_messages(drafts=_drafts(registration, guardians, now), now=now)
    except (Refusal, IntegrityError) as fault:
        before = _same_request(event=event, idempotency=idempotency)
        if before is not None:
            if before.request_digest != asked:
                raise IdempotencyKeyReused("Use a new key for a new registration.") from fault
            return Registered(before, list(before.tickets.order_by("serial")), replayed=True)
        if isinstance(fault, IntegrityError):
            raise AlreadyRegistered(
                "Somebody in this registration already has a ticket for this event."
            ) from fault
        raise
    return Registered(registration, tickets, replayed=False)


def contact_of(*, attendee: Attendee, lead: Contact) -> str:
    """The address by which the person is known again: the guardian's for a child."""
    if attendee.age < GUARDIAN_BELOW and attendee.guardian is not None:
        return attendee.guardian.email
    return attendee.email or lead.email


def new_reference() -> str:
    """What people quote: 9 characters without look-alikes; it opens nothing."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(9))


def _refuse_bad_input(*, event: Event, lead: Contact, attendees: Sequence[Attendee]) -> None:
    faults: dict[str, list[str]] = {}

    def check(field: str, fault: str | None) -> None:
        if fault:
            faults.setdefault(field, []).append(fault)

    if not 1 <= len(attendees) <= MAX_ATTENDEES:
        check("attendees", f"Register between 1 and {MAX_ATTENDEES} people at a time")
    check("lead.name", name_fault(lead.name))
    check("lead.email", email_fault(lead.email))
    for index, attendee in enumerate(attendees[:MAX_ATTENDEES]):
        for field, fault in _faults_of(event, attendee):
            check(f"attendees[{index}].{field}", fault)
    if faults:
        raise InvalidInput("Check what you entered.", fields=faults)


def _faults_of(event: Event, attendee: Attendee):
    """Pairs of a field and its fault, or None."""
    yield "name", name_fault(attendee.name)
    if attendee.borough not in Borough.values:
        yield "borough", "Choose where they live"
    if attendee.email:
        yield "email", email_fault(attendee.email)
    if len(attendee.access_needs) > 500:
        yield "access_needs", "Use 500 characters or fewer"
    yield "access_needs", text_fault(attendee.access_needs)
    if not 0 <= attendee.age <= MAX_AGE:
        yield "age", "Enter an age in whole years, like 15"
        return
    way = way_for(event=event, age=attendee.age)
    if way == Way.TOO_YOUNG:
        yield "age", f"This event is for people aged {event.min_age} and over on the day"
    elif way == Way.TOO_OLD:
        yield "age", f"This event is for people aged {event.max_age} and under on the day"
    else:
        yield from _contact_faults(attendee, ASKED[way])


def _contact_faults(attendee: Attendee, asked):
    if asked.guardian:
        if attendee.guardian is None:
            yield "guardian", "Tell us a parent or guardian of everybody under 16"
        else:
            yield "guardian.name", name_fault(attendee.guardian.name)
            yield "guardian.email", email_fault(attendee.guardian.email)
            if attendee.guardian.phone:
                yield "guardian.phone", phone_fault(attendee.guardian.phone)
    if asked.emergency_contact:
        if attendee.emergency_contact is None:
            yield "emergency_contact", "Tell us whom to call for everybody of 16 or 17"
        else:
            yield "emergency_contact.name", name_fault(attendee.emergency_contact.name)
            yield "emergency_contact.phone", phone_fault(attendee.emergency_contact.phone)


def _create(event, lead, attendees, first_serial, idempotency, asked, source, photo, now):
    """The registration, its tickets and guardians: one insert a table."""
    people = [
        Person(digest=person_digest(one.name, contact_of(attendee=one, lead=lead)), created_at=now)
        for one in attendees
    ]
    if len({person.digest for person in people}) != len(people):
        raise AlreadyRegistered("The same person is named twice.")
    Person.objects.bulk_create(
        people, update_conflicts=True, unique_fields=["digest"], update_fields=["digest"]
    )
    held = [waits_for_guardian(event=event, age=one.age) for one in attendees]
    registration = Registration(
        event=event,
        reference=new_reference(),
        kind=Registration.Kind.INDIVIDUAL,
        state=Registration.State.ON_HOLD if any(held) else Registration.State.CONFIRMED,
        source=source,
        lead_name=lead.name.strip(),
        lead_email=lead.email.strip(),
        lead_phone=lead.phone.strip(),
        idempotency_scope=idempotency.scope if idempotency else "",
        idempotency_key=key_digest(idempotency) if idempotency else "",
        request_digest=asked if idempotency else "",
        created_at=now,
        hold_until=now + GUARDIAN_TIME if any(held) else None,
    )
    registration.owner_fingerprint = codes.fingerprint(codes.owner_secret(registration))
    registration.save(force_insert=True)
    tickets = [
        new_ticket(
            registration=registration,
            serial=first_serial + place,
            person=person,
            name=one.name.strip(),
            age=one.age,
            borough=one.borough,
            no_photos=not photo,
            state=Ticket.State.ON_HOLD if on_hold else Ticket.State.VALID,
            now=now,
        )
        for place, (one, person, on_hold) in enumerate(zip(attendees, people, held, strict=True))
    ]
    Ticket.objects.bulk_create(tickets)
    guardians = [
        _new_guardian(ticket, one.guardian, answered=not on_hold, now=now)
        for ticket, one, on_hold in zip(tickets, attendees, held, strict=True)
        if one.age < GUARDIAN_BELOW and one.guardian is not None
    ]
    if guardians:
        Guardian.objects.bulk_create(guardians)
    return registration, tickets, guardians


def new_ticket(
    *, registration: Registration, serial: int, now: datetime, age: int | None, **fields
) -> Ticket:
    """A ticket not yet saved, with the fingerprints of its first code."""
    code = codes.ticket_code(registration.event_id, serial, 1)
    return Ticket(
        registration=registration,
        event_id=registration.event_id,
        serial=serial,
        fingerprint=codes.fingerprint(code),
        short_fingerprint=codes.short_fingerprint(code),
        age=age,
        age_band=fields.pop("age_band", "") or ("" if age is None else age_band(age)),
        issued_at=now,
        changed_at=now,
        **fields,
    )


def _new_guardian(ticket: Ticket, contact: Contact, *, answered: bool, now: datetime) -> Guardian:
    secret = codes.guardian_secret(event_id=ticket.event_id, serial=ticket.serial, generation=1)
    return Guardian(
        ticket=ticket,
        name=contact.name.strip(),
        email=contact.email.strip(),
        phone=contact.phone.strip(),
        fingerprint=codes.fingerprint(secret),
        answer=Guardian.Answer.CONFIRMED if answered else Guardian.Answer.ASKED,
        asked_at=now,
        answered_at=now if answered else None,
    )


def _create_extras(tickets, attendees, sessions, *, photo, news, by, now) -> None:
    """What was chosen beyond the ticket: an insert only for what there is."""
    pairs = list(zip(tickets, attendees, strict=True))
    contacts = [
        EmergencyContact(
            ticket=ticket, name=one.emergency_contact.name.strip(), phone=one.emergency_contact.phone
        )
        for ticket, one in pairs
        if one.emergency_contact is not None
    ]
    needs = [
        AccessNeed(ticket=ticket, text=one.access_needs.strip())
        for ticket, one in pairs
        if one.access_needs.strip()
    ]
    kinds = [kind for kind, given in ((Consent.Kind.PHOTO, photo), (Consent.Kind.NEWS, news)) if given]
    consents = [
        Consent(ticket=ticket, kind=kind, wording_version=WORDING_VERSION, given_at=now, given_by=by)
        for ticket in tickets
        for kind in kinds
    ]
    places = [SessionPlace(ticket=ticket, session=session) for ticket in tickets for session in sessions]
    for model, rows in (
        (EmergencyContact, contacts),
        (AccessNeed, needs),
        (Consent, consents),
        (SessionPlace, places),
    ):
        if rows:
            model.objects.bulk_create(rows)


def _drafts(registration: Registration, guardians: Sequence[Guardian], now: datetime) -> list[Draft]:
    drafts = [
        Draft(
            purpose="registered",
            key=f"registration:{registration.pk}",
            context={"registration": registration.pk},
        )
    ]
    for guardian in guardians:
        if guardian.answer == Guardian.Answer.ASKED:
            context = {"guardian": guardian.pk}
            key = f"guardian:{guardian.ticket_id}"
            drafts += [
                Draft(purpose="guardian", key=key, context=context),
                Draft(purpose="guardian-reminder", key=key, context=context, send_at=now + GUARDIAN_REMINDER),
            ]
    return drafts


def _same_request(*, event: Event, idempotency: Idempotency | None) -> Registration | None:
    if idempotency is None:
        return None
    return Registration.objects.filter(
        event=event, idempotency_scope=idempotency.scope, idempotency_key=key_digest(idempotency)
    ).first()


def key_digest(idempotency: Idempotency) -> str:
    return hashlib.sha256(idempotency.key.encode("utf-8", "surrogatepass")).hexdigest()


def _digest_of(lead: Contact, attendees: Sequence[Attendee], sessions, photo, news) -> str:
    """What was asked for, as a keyed digest, so that a key cannot stand for two requests."""
    asked = repr((asdict(lead), [asdict(one) for one in attendees], sorted(sessions), photo, news))
    return hmac.digest(settings.TICKET_KEY.encode(), asked.encode("utf-8", "surrogatepass"), "sha256").hex()
