"""Who signs up? One act of signing up, once, for as many attendees as it names."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import KW_ONLY, asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import User
from events.domain.refusals import Kind, Refusal
from events.models import Event
from outbox.domain.messages import Draft, queue_messages
from tickets.domain import codes
from tickets.domain.asking import (
    GUARDIAN_BELOW,
    GUARDIAN_REMINDER,
    GUARDIAN_TIME,
    waits_for_guardian,
)
from tickets.domain.attendees import Attendee, Contact, contact_of, refuse_bad_input
from tickets.domain.consents import first_consents, photos_agreed
from tickets.domain.inserting import insert_rows
from tickets.domain.people import age_band, person_digest
from tickets.domain.places import (
    RegistrationClosed,
    claim_places,
    claim_sessions,
    closed_words,
    issue_serials,
    sessions_of,
)
from tickets.domain.proof import PROOF_TIME, is_rush, refuse_too_many_unproven
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

REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


class AlreadyRegistered(Refusal):
    slug = "already-registered"
    title = "Already registered"


class IdempotencyKeyReused(Refusal):
    slug = "idempotency-key-reused"
    title = "This Idempotency-Key was used for another request"
    kind = Kind.INVALID


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
    guarded: bool = False,
    prove: bool = False,
) -> Registered:
    """Sign up attendees for an event, each with a ticket; held where a guardian must confirm.

    For one adult without extras: five queries, one of which claims the place; guarded, as the public
    form is, one more that looks whether there is a rush. by is the person who registers others by the
    API. offered: the places were claimed by an offer of the waiting list. prove: the address has to
    prove itself, rush or not.

    :raises InvalidInput: fields says why, by name (attendees[0].name, lead.email, ...)
    :raises EventFull: carries places_left
    :raises RegistrationClosed: not open now
    :raises SessionFull: a chosen session has no place
    :raises AlreadyRegistered: one of them has a ticket for this event; guarded, it is mailed to its owner
    :raises IdempotencyKeyReused: the same key came with another request
    :raises TooManyUnproven: in a rush, too many places are held by addresses that did not prove themselves
    """
    refuse_bad_input(event=event, lead=lead, attendees=attendees)
    asked = _digest_of(lead, attendees, sessions, photo, news)
    people = _people(lead, attendees, now)
    try:
        with transaction.atomic():
            first_serial = _claim(event, len(attendees), offered, now)
            chosen = sessions_of(event=event, slugs=sessions)
            claim_sessions(sessions=chosen, places=len(attendees))
            unproven = guarded and not offered and (prove or is_rush(event=event, now=now))
            if unproven:
                refuse_too_many_unproven(event=event)
            made = _Made(event, lead, attendees, people, photo=photo, unproven=unproven, by=by, now=now)
            registration = made.registration(source, idempotency, asked)
            tickets = made.tickets(registration, first_serial)
            guardians = made.guardians(tickets)
            _create_extras(tickets, attendees, chosen, photo=photo, news=news, by=by, now=now)
            queue_messages(drafts=_drafts(registration, guardians, now), now=now)
    except (Refusal, IntegrityError) as fault:
        before = _same_request(event=event, idempotency=idempotency)
        if before is not None:
            return _answered_before(before, asked, fault)
        if isinstance(fault, IntegrityError):
            if guarded:
                _remind_owners(event, people, now)
            words = "Somebody in this registration already has a ticket for this event."
            raise AlreadyRegistered(words) from fault
        raise
    return Registered(registration, tickets, replayed=False)


def _answered_before(before: Registration, asked: str, fault: Exception) -> Registered:
    if before.request_digest != asked:
        raise IdempotencyKeyReused("Use a new key for a new registration.") from fault
    return Registered(before, list(before.tickets.order_by("serial")), replayed=True)


def new_reference() -> str:
    """What people quote: 9 characters without look-alikes; it opens nothing."""
    return "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(9))


def _claim(event: Event, places: int, offered: bool, now: datetime) -> int:
    """The first serial of the places."""
    if not offered:
        return claim_places(event=event, places=places, now=now)
    if event.status != Event.Status.PUBLISHED or now >= event.ends_at:
        raise RegistrationClosed(closed_words(event=event, now=now))
    return issue_serials(event=event, count=places)


def _people(lead: Contact, attendees: Sequence[Attendee], now: datetime) -> list[Person]:
    people = [
        Person(digest=person_digest(one.name, contact_of(attendee=one, lead=lead)), created_at=now)
        for one in attendees
    ]
    if len({person.digest for person in people}) != len(people):
        raise AlreadyRegistered("The same person is named twice.")
    return people


@dataclass
class _Made:
    """The rows of one registration: one insert a table."""

    event: Event
    lead: Contact
    attendees: Sequence[Attendee]
    people: list[Person]
    _: KW_ONLY
    photo: bool
    unproven: bool
    by: User | None
    now: datetime

    def __post_init__(self) -> None:
        self.asks_guardian = [waits_for_guardian(event=self.event, age=one.age) for one in self.attendees]

    def registration(self, source: str, idempotency: Idempotency | None, asked: str) -> Registration:
        on_hold = self.unproven or any(self.asks_guardian)
        registration = Registration(
            event=self.event,
            reference=new_reference(),
            kind=Registration.Kind.INDIVIDUAL,
            state=Registration.State.ON_HOLD if on_hold else Registration.State.CONFIRMED,
            source=source,
            lead_name=self.lead.name.strip(),
            lead_email=self.lead.email.strip(),
            lead_phone=self.lead.phone.strip(),
            idempotency_scope=idempotency.scope if idempotency else "",
            idempotency_key=key_digest(idempotency) if idempotency else "",
            request_digest=asked if idempotency else "",
            created_at=self.now,
            needs_proof=self.unproven,
        )
        if on_hold:
            registration.hold_until = self.now + (PROOF_TIME if self.unproven else GUARDIAN_TIME)
        registration.owner_fingerprint = codes.fingerprint(codes.owner_secret(registration))
        insert_rows(rows=[registration])
        return registration

    def tickets(self, registration: Registration, first_serial: int) -> list[Ticket]:
        insert_rows(rows=self.people, known_by="digest")
        giver = Consent.Giver.OWNER if self.by is None else Consent.Giver.REGISTRAR
        agreed = {str(giver)} if self.photo else set()
        tickets = [
            new_ticket(
                registration=registration,
                serial=first_serial + place,
                person=person,
                name=one.name.strip(),
                age=one.age,
                borough=one.borough,
                no_photos=not photos_agreed(event=self.event, age=one.age, givers=agreed),
                state=Ticket.State.ON_HOLD if self.unproven or asks else Ticket.State.VALID,
                now=self.now,
            )
            for place, (one, person, asks) in enumerate(
                zip(self.attendees, self.people, self.asks_guardian, strict=True)
            )
        ]
        insert_rows(rows=tickets)
        return tickets

    def guardians(self, tickets: list[Ticket]) -> list[Guardian]:
        guardians = [
            _new_guardian(ticket, one.guardian, answered=not asks, now=self.now)
            for ticket, one, asks in zip(tickets, self.attendees, self.asks_guardian, strict=True)
            if one.age < GUARDIAN_BELOW and one.guardian is not None
        ]
        return Guardian.objects.bulk_create(guardians) if guardians else []


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
    consents = [
        consent
        for ticket in tickets
        for consent in first_consents(ticket=ticket, photo=photo, news=news, by=by, now=now)
    ]
    places = [SessionPlace(ticket=ticket, session=session) for ticket in tickets for session in sessions]
    if contacts:
        EmergencyContact.objects.bulk_create(contacts)
    if needs:
        AccessNeed.objects.bulk_create(needs)
    if consents:
        Consent.objects.bulk_create(consents)
    if places:
        SessionPlace.objects.bulk_create(places)


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


def _remind_owners(event: Event, people: list[Person], now: datetime) -> None:
    """Mail each ticket that was registered for again to its owner; at most once an hour."""
    known = Registration.objects.filter(
        event=event,
        ended_at__isnull=True,
        tickets__person__digest__in=[person.digest for person in people],
    )
    queue_messages(
        drafts=[
            Draft(
                purpose="find-ticket",
                key=f"registration:{registration.pk}:{now:%Y%m%d%H}",
                context={"registration": registration.pk},
            )
            for registration in known.distinct()
        ],
        now=now,
    )


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
