"""Which rows is a registration? One verb writes those of every way in: form, API, offer, group and door.

What may be asked, whether there is a place and who has to wait for whom is decided before, by the way in.
"""

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from accounts.models import User
from events.models import Event, Session
from outbox.domain.mail_queue import Draft, queue_messages
from people.domain.age_bands import age_band
from people.domain.keys import Identity
from tickets.domain import codes
from tickets.domain.age_rules import GUARDIAN_REMINDER
from tickets.domain.attendees import Contact
from tickets.domain.consents import SAID_NOTHING, Said, first_consents, first_givers, photos_agreed
from tickets.domain.email_verification import UNPROVED, mail_slot
from tickets.domain.identities import people_for
from tickets.models import AccessNeed, Consent, EmergencyContact, Guardian, Registration, SessionPlace, Ticket

State = Registration.State
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, kw_only=True)
class Idempotency:
    """The key that makes a repeated request the same request; scope is the form, or a token's id."""

    scope: str
    key: str


@dataclass(frozen=True, kw_only=True)
class NewGuardian:
    """answered_how: empty while they are asked."""

    contact: Contact
    answered_how: str = ""


@dataclass(frozen=True, kw_only=True)
class NewTicket:
    """One ticket to issue. age_band: where the age is not known.

    own: addresses and numbers of their own, by which they are known again; the guardian's are added.
    """

    name: str
    borough: str
    age: int | None
    age_band: str = ""
    own: Contact | None = None
    may_have_another: bool = False
    is_on_hold: bool = False
    is_adult_of_group: bool = False
    guardian: NewGuardian | None = None
    emergency_contact: Contact | None = None
    access_needs: str = ""
    said: Said = SAID_NOTHING


@dataclass(frozen=True, kw_only=True)
class NewRegistration:
    """What all its tickets have in common. by: who registers others. hold_until: for tickets on hold.

    asked_for: a group's heads by age band, and borough.
    """

    event: Event
    lead: Contact
    source: str
    vouched_by: str
    kind: str = Registration.Kind.INDIVIDUAL
    organisation: str = ""
    organisation_key: str = ""
    adults: int = 0
    idempotency: Idempotency | None = None
    request_digest: str = ""
    hold_until: datetime | None = None
    needs_proof: bool = False
    asked_for: dict | None = None
    accepted_at: datetime | None = None
    by: User | None = None


def issue_registration(
    *,
    new: NewRegistration,
    tickets: Sequence[NewTicket],
    first_serial: int,
    now: datetime,
    sessions: Sequence[Session] = (),
) -> tuple[Registration, list[Ticket]]:
    """Write a registration with all its rows, and ask for its first mails, inside the caller's transaction.

    The places were claimed: the serials from first_serial on are ours. One statement a table, and none
    for what there is not; three for an adult without extras, and one for the mails.

    :raises IntegrityError: the key was used, or one of the people has a ticket for this event
    """
    on_hold = any(one.is_on_hold for one in tickets)
    registration = _registration(new, State.ON_HOLD if on_hold else State.CONFIRMED, now)
    registration.places_claimed = len(tickets)
    Registration.objects.bulk_create([registration])
    issued = issue_tickets(
        registration=registration, tickets=tickets, first_serial=first_serial, by=new.by, now=now
    )
    pairs = list(zip(issued, tickets, strict=True))
    guardians = [_guardian(ticket, one.guardian, now) for ticket, one in pairs if one.guardian is not None]
    if guardians:
        Guardian.objects.bulk_create(guardians)
    _insert_extras(pairs, sessions, new.by, now)
    queue_messages(drafts=_first_mails(registration, guardians, now), now=now)
    return registration, issued


def issue_request(*, new: NewRegistration, now: datetime) -> Registration:
    """Write a group's registration that has no place, no ticket and no mail yet, inside the caller's
    transaction.

    :raises IntegrityError: the key was used
    """
    registration = _registration(new, State.REQUESTED, now)
    Registration.objects.bulk_create([registration])
    return registration


def issue_tickets(
    *,
    registration: Registration,
    tickets: Sequence[NewTicket],
    first_serial: int,
    now: datetime,
    by: User | None = None,
) -> list[Ticket]:
    """Write the tickets of a registration whose places were claimed, inside the caller's transaction.

    :raises IntegrityError: one of the people has a ticket for this event
    """
    named = [one for one in tickets if one.name.strip()]
    people = iter(
        people_for(
            event=registration.event, identities=[_identity(registration, one) for one in named], now=now
        )
        if named
        else []
    )
    issued = [_ticket(registration, first_serial + place, one, by, now) for place, one in enumerate(tickets)]
    for ticket in issued:
        ticket.person_id = next(people) if ticket.name else None
    return Ticket.objects.bulk_create(issued)


def key_digest(idempotency: Idempotency) -> str:
    return hashlib.sha256(idempotency.key.encode("utf-8", "surrogatepass")).hexdigest()


def new_ticket(
    *, registration: Registration, serial: int, now: datetime, age: int | None, **fields: Any
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


def new_reference() -> str:
    """What people quote: 9 characters without look-alikes; it opens nothing."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(9))


def _registration(new: NewRegistration, state: str, now: datetime) -> Registration:
    registration = Registration(
        event=new.event,
        reference=new_reference(),
        kind=new.kind,
        state=state,
        source=new.source,
        lead_name=new.lead.name.strip(),
        lead_email=new.lead.email.strip(),
        lead_phone=new.lead.phone.strip(),
        organisation=new.organisation.strip(),
        organisation_key=new.organisation_key,
        adults=new.adults,
        idempotency_scope=new.idempotency.scope if new.idempotency else "",
        idempotency_key=key_digest(new.idempotency) if new.idempotency else "",
        request_digest=new.request_digest,
        created_at=now,
        hold_until=new.hold_until if state == State.ON_HOLD else None,
        needs_proof=new.needs_proof,
        vouched_by=new.vouched_by,
        asked_for=new.asked_for,
        accepted_at=new.accepted_at,
    )
    registration.owner_fingerprint = codes.fingerprint(codes.owner_secret(registration))
    return registration


def _ticket(
    registration: Registration, serial: int, one: NewTicket, by: User | None, now: datetime
) -> Ticket:
    givers = first_givers(said=one.said, by=by)
    return new_ticket(
        registration=registration,
        serial=serial,
        name=one.name.strip(),
        age=one.age,
        age_band=one.age_band,
        borough=one.borough,
        is_adult_of_group=one.is_adult_of_group,
        no_photos=not photos_agreed(event=registration.event, age=one.age, givers=givers),
        state=Ticket.State.ON_HOLD if one.is_on_hold else Ticket.State.VALID,
        now=now,
    )


def _identity(registration: Registration, one: NewTicket) -> Identity:
    known = [contact for contact in (one.own, one.guardian and one.guardian.contact) if contact]
    return Identity(
        name=one.name,
        day=registration.event.starts_at.date(),
        age=one.age,
        age_band=one.age_band,
        emails=tuple(contact.email for contact in known if contact.email.strip()),
        phones=tuple(contact.phone for contact in known if contact.phone.strip()),
        school="" if one.is_adult_of_group else registration.organisation_key,
        is_unique=not one.may_have_another,
    )


def _guardian(ticket: Ticket, new: NewGuardian, now: datetime) -> Guardian:
    secret = codes.guardian_secret(event_id=ticket.event_id, serial=ticket.serial, generation=1)
    return Guardian(
        ticket=ticket,
        name=new.contact.name.strip(),
        email=new.contact.email.strip(),
        phone=new.contact.phone.strip(),
        fingerprint=codes.fingerprint(secret),
        answer=Guardian.Answer.CONFIRMED if new.answered_how else Guardian.Answer.ASKED,
        answered_how=new.answered_how,
        asked_at=now,
        answered_at=now if new.answered_how else None,
    )


def _insert_extras(
    pairs: list[tuple[Ticket, NewTicket]], sessions: Sequence[Session], by: User | None, now: datetime
) -> None:
    """What was told beyond the ticket."""
    contacts = [
        EmergencyContact(
            ticket=ticket,
            name=one.emergency_contact.name.strip(),
            phone=one.emergency_contact.phone.strip(),
        )
        for ticket, one in pairs
        if one.emergency_contact is not None
    ]
    needs = [
        AccessNeed(ticket=ticket, text=one.access_needs.strip())
        for ticket, one in pairs
        if one.access_needs.strip()
    ]
    consents = [
        consent
        for ticket, one in pairs
        for consent in first_consents(ticket=ticket, said=one.said, by=by, now=now)
    ]
    places = [SessionPlace(ticket=ticket, session=session) for ticket, _ in pairs for session in sessions]
    if contacts:
        EmergencyContact.objects.bulk_create(contacts)
    if needs:
        AccessNeed.objects.bulk_create(needs)
    if consents:
        Consent.objects.bulk_create(consents)
    if places:
        SessionPlace.objects.bulk_create(places)


def _first_mails(registration: Registration, guardians: Sequence[Guardian], now: datetime) -> list[Draft]:
    """The ticket, or word that it is held, to the lead; the question to each guardian who has an address."""
    drafts = []
    if registration.lead_email:
        drafts.append(
            Draft(
                purpose="registered",
                key=f"registration:{registration.pk}",
                context={"registration": registration.pk},
                send_at=_when(registration, registration.lead_email, now),
            )
        )
    for guardian in guardians:
        if guardian.answer == Guardian.Answer.ASKED and guardian.email:
            drafts += _questions(registration, guardian, now)
    return drafts


def _questions(registration: Registration, guardian: Guardian, now: datetime) -> Iterator[Draft]:
    """The question to a guardian, and once more where they do not answer."""
    context, key = {"guardian": guardian.pk}, f"guardian:{guardian.ticket_id}"
    at = _when(registration, guardian.email, now)
    yield Draft(purpose="guardian", key=key, context=context, send_at=at)
    if (later := now + GUARDIAN_REMINDER) < registration.event.ends_at:
        at = _when(registration, guardian.email, later)
        yield Draft(purpose="guardian-reminder", key=key, context=context, send_at=at)


def _when(registration: Registration, address: str, at: datetime) -> datetime:
    """Where nobody vouches for who registers, an address that they typed gets few mails in an hour."""
    return mail_slot(address=address, now=at) if registration.vouched_by in UNPROVED else at
