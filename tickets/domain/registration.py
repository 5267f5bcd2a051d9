"""Who signs up? One act of signing up, once, for as many attendees as it names."""

import hmac
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.models import User
from events.models import Event
from foundation.refusals import Kind, Refusal
from outbox.domain.mail_queue import Draft, queue_messages
from people.domain.keys import person_digest
from tickets.domain.age_rules import GUARDIAN_BELOW, GUARDIAN_TIME, waits_for_guardian
from tickets.domain.attendees import Attendee, Contact, refuse_bad_input
from tickets.domain.consents import Said
from tickets.domain.email_verification import (
    PROOF_TIME,
    UNPROVED,
    AddressNotProved,
    ask_for_proof,
    mail_slot,
    must_prove,
    refuse_too_many_unproven,
    refuse_unproved,
)
from tickets.domain.issuance import (
    Idempotency,
    NewGuardian,
    NewRegistration,
    NewTicket,
    issue_registration,
    key_digest,
)
from tickets.domain.places import (
    claim_places,
    claim_sessions,
    issue_serials,
    sessions_of,
)
from tickets.models import Guardian, Registration, Ticket


class AlreadyRegistered(Refusal):
    slug = "already-registered"
    title = "Already registered"


class IdempotencyKeyReused(Refusal):
    slug = "idempotency-key-reused"
    title = "This Idempotency-Key was used for another request"
    kind = Kind.INVALID


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
    vouched_by: str,
    sessions: Sequence[str] = (),
    photo: bool = False,
    news: bool = False,
    idempotency: Idempotency | None = None,
    source: str = Registration.Source.FORM,
    by: User | None = None,
    offered: bool = False,
) -> Registered:
    """Sign up attendees for an event, each with a ticket; held where a guardian must confirm.

    For one adult without extras: eight queries, one of which claims the place. vouched_by: who says that the
    lead's address is theirs (Registration.Vouched); where nobody does, places and mails of one address are
    few, and in a rush the places are held until it proves itself. by is the person who registers others by
    the API. offered: the places were claimed by an offer of the waiting list.

    :raises InvalidInput: fields says why, by name (attendees[0].name, lead.email, ...)
    :raises EventFull: carries places_left
    :raises RegistrationClosed: not open now
    :raises SessionFull: a chosen session has no place
    :raises AlreadyRegistered: one of them has a ticket for this event; it is mailed to its owner
    :raises AddressNotProved: an address that nobody vouches for has too many places; it is mailed a link
    :raises IdempotencyKeyReused: the same key came with another request
    :raises TooManyUnproven: in a rush, too many places are held by addresses that did not prove themselves
    """
    refuse_bad_input(event=event, lead=lead, attendees=attendees)
    asked = _digest_of(lead, attendees, sessions, photo, news)
    _refuse_one_twice(lead, attendees)
    try:
        with transaction.atomic():
            first_serial = _claim(event, len(attendees), offered, now)
            chosen = sessions_of(event=event, slugs=sessions)
            claim_sessions(sessions=chosen, places=len(attendees))
            if vouched_by in UNPROVED:
                refuse_unproved(event=event, addresses=_addresses(lead, attendees), places=len(attendees))
            unproven = must_prove(event=event, vouched_by=vouched_by, now=now)
            if unproven:
                refuse_too_many_unproven(event=event)
            registration, tickets = issue_registration(
                new=NewRegistration(
                    event=event,
                    lead=lead,
                    source=source,
                    by=by,
                    idempotency=idempotency,
                    request_digest=asked if idempotency else "",
                    hold_until=now + (PROOF_TIME if unproven else GUARDIAN_TIME),
                    needs_proof=unproven,
                    vouched_by=vouched_by,
                ),
                tickets=_wanted(event, lead, attendees, Said(photo=photo, news=news), unproven),
                first_serial=first_serial,
                sessions=chosen,
                now=now,
            )
    except (Refusal, IntegrityError) as fault:
        before = _same_request(event=event, idempotency=idempotency)
        if before is not None:
            return _answered_before(before, asked, fault)
        if isinstance(fault, IntegrityError):
            if vouched_by in UNPROVED:
                _remind_owners(event, lead, attendees, now)
            words = "Somebody in this registration already has a ticket for this event."
            raise AlreadyRegistered(words) from fault
        if isinstance(fault, AddressNotProved):
            ask_for_proof(event=event, address=lead.email, now=now)
        raise
    return Registered(registration, tickets, replayed=False)


def _answered_before(before: Registration, asked: str, fault: Exception) -> Registered:
    if before.request_digest != asked:
        raise IdempotencyKeyReused("Use a new key for a new registration.") from fault
    return Registered(before, list(before.tickets.order_by("serial")), replayed=True)


def _claim(event: Event, places: int, offered: bool, now: datetime) -> int:
    """The first serial of the places."""
    if offered:
        return issue_serials(event=event, count=places, now=now)
    return claim_places(event=event, places=places, now=now)


def _addresses(lead: Contact, attendees: Sequence[Attendee]) -> list[str]:
    guardians = [one.guardian for one in attendees if one.guardian is not None and one.age < GUARDIAN_BELOW]
    return [lead.email, *(one.email for one in guardians)]


def _refuse_one_twice(lead: Contact, attendees: Sequence[Attendee]) -> None:
    digests = [digest for one in attendees for digest in _digests(lead, one)]
    if len(set(digests)) != len(digests):
        raise AlreadyRegistered("The same person is named twice.")


def _digests(lead: Contact, attendee: Attendee) -> set[bytes]:
    """Name with each address that says who they are: their own, and under 16 the guardian's."""
    guardian = attendee.guardian if attendee.age < GUARDIAN_BELOW else None
    addresses = {attendee.email or lead.email, guardian.email if guardian else ""} - {""}
    return {person_digest(attendee.name, address) for address in addresses}


def _own(lead: Contact, attendee: Attendee, is_alone: bool) -> Contact:
    """A number is theirs where nobody else comes on this registration."""
    phone = lead.phone if is_alone else ""
    return Contact(name=attendee.name, email=attendee.email or lead.email, phone=phone)


def _wanted(
    event: Event, lead: Contact, attendees: Sequence[Attendee], said: Said, unproven: bool
) -> list[NewTicket]:
    wanted = []
    for one in attendees:
        waits = waits_for_guardian(event=event, age=one.age)
        guardian = None
        if one.age < GUARDIAN_BELOW and one.guardian is not None:
            guardian = NewGuardian(contact=one.guardian, answered_how="" if waits else Guardian.How.NOT_ASKED)
        wanted.append(
            NewTicket(
                name=one.name,
                age=one.age,
                borough=one.borough,
                own=_own(lead, one, len(attendees) == 1),
                is_on_hold=unproven or waits,
                guardian=guardian,
                emergency_contact=one.emergency_contact,
                access_needs=one.access_needs,
                said=said,
            )
        )
    return wanted


def _remind_owners(event: Event, lead: Contact, attendees: Sequence[Attendee], now: datetime) -> None:
    """Mail each ticket that was registered for again to its owner; at most once an hour."""
    known = Registration.objects.filter(
        event=event,
        ended_at__isnull=True,
        tickets__person__keys__digest__in=[digest for one in attendees for digest in _digests(lead, one)],
    )
    queue_messages(
        drafts=[
            Draft(
                purpose="find-ticket",
                key=f"registration:{registration.pk}:{now:%Y%m%d%H}",
                context={"registrations": [registration.pk], "entries": []},
                send_at=mail_slot(address=registration.lead_email, now=now),
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


def _digest_of(
    lead: Contact, attendees: Sequence[Attendee], sessions: Sequence[str], photo: bool, news: bool
) -> str:
    """What was asked for, as a keyed digest, so that a key cannot stand for two requests."""
    asked = repr((asdict(lead), [asdict(one) for one in attendees], sorted(sessions), photo, news))
    return hmac.digest(settings.TICKET_KEY.encode(), asked.encode("utf-8", "surrogatepass"), "sha256").hex()
