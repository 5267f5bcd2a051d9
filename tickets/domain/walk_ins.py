"""Who comes without a ticket? They get one at the door, with the same questions, and walk in on it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from events.boroughs import Borough
from events.domain.refusals import InvalidInput
from events.models import Event
from outbox.domain.messages import queue_message
from tickets.domain import codes, pins
from tickets.domain.admission import admit
from tickets.domain.asking import ASKED, GUARDIAN_BELOW, Way, way_for
from tickets.domain.decisions import Decision
from tickets.domain.instructions import refuse_while_it_stands
from tickets.domain.people import MAX_AGE, email_fault, name_fault, person_digest, phone_fault, text_fault
from tickets.domain.places import claim_at_the_door
from tickets.domain.registration import (
    AlreadyRegistered,
    Idempotency,
    key_digest,
    new_reference,
    new_ticket,
)
from tickets.domain.scans import Scan
from tickets.domain.wording import WORDING_VERSION
from tickets.models import (
    AccessNeed,
    Consent,
    Device,
    DoorPin,
    EmergencyContact,
    Guardian,
    Person,
    Registration,
    Ticket,
)

NEEDS_MAX = 500


@dataclass(frozen=True, kw_only=True)
class WalkIn:
    """adult: the guardian under 16, whom to call at 16 and 17. An address is theirs, or the guardian's."""

    name: str
    age: int
    borough: str
    email: str = ""
    adult_name: str = ""
    adult_phone: str = ""
    adult_is_here: bool = False
    access_needs: str = ""
    photo: bool = False
    news: bool = False


def walk_in(
    *, device: Device, scan_id: UUID, person: WalkIn, scanned_at: datetime, now: datetime
) -> Decision:
    """Register one person at the door and let them in. The same scan_id again answers the same.

    Under 16 a guardian stands there, or a supervisor notes their number. Without an address the person
    cannot be known again at another event, and reports count them so.

    :raises NotGranted: the phone is no supervisor's
    :raises EntryStopped: an emergency instruction stands
    :raises InvalidInput: fields says why
    :raises EventFull: every place has a ticket
    :raises AlreadyRegistered: this person has a ticket; search by name
    """
    pins.require(device=device, role=DoorPin.Role.SUPERVISOR, now=now)
    refuse_while_it_stands(event_id=device.event_id)
    key = Idempotency(scope=f"device:{device.pk}", key=str(scan_id))
    ticket = _issued(device.event, key)
    if ticket is None:
        _refuse_bad_input(device.event, person)
        try:
            with transaction.atomic():
                ticket = _issue(device.event, person, key, now)
        except IntegrityError as fault:
            ticket = _issued(device.event, key)
            if ticket is None:
                raise AlreadyRegistered("They have a ticket already. Search by name.") from fault
    code = codes.ticket_code(ticket.event_id, ticket.serial, ticket.generation)
    scan = Scan(scan_id=scan_id, code=code, direction="entry", scanned_at=scanned_at)
    return admit(scan=scan, device=device, now=now)


def _issued(event: Event, key: Idempotency) -> Ticket | None:
    return Ticket.objects.filter(
        event=event,
        registration__idempotency_scope=key.scope,
        registration__idempotency_key=key_digest(key),
    ).first()


def _refuse_bad_input(event: Event, person: WalkIn) -> None:
    faults: dict[str, str | None] = {
        "name": name_fault(person.name),
        "borough": None if person.borough in Borough.values else "Choose where they live",
        "email": email_fault(person.email) if person.email.strip() else None,
        "access_needs": text_fault(person.access_needs),
        **_faults_of_age(event, person),
    }
    if len(person.access_needs) > NEEDS_MAX:
        faults["access_needs"] = f"Use {NEEDS_MAX} characters or fewer"
    if person.news and not person.email.strip():
        faults["email"] = "News needs an email address"
    found = {field: [words] for field, words in faults.items() if words}
    if found:
        raise InvalidInput("Check what you entered.", fields=found)


def _faults_of_age(event: Event, person: WalkIn) -> dict[str, str | None]:
    if not 0 <= person.age <= MAX_AGE:
        return {"age": "Enter an age in whole years, like 15"}
    way = way_for(event=event, age=person.age)
    if way == Way.TOO_YOUNG:
        return {"age": f"This event is for people aged {event.min_age} and over"}
    if way == Way.TOO_OLD:
        return {"age": f"This event is for people aged {event.max_age} and under"}
    asked = ASKED[way]
    if not (asked.guardian or asked.emergency_contact):
        return {}
    faults = {"adult_name": name_fault(person.adult_name)}
    if asked.emergency_contact or not person.adult_is_here or person.adult_phone.strip():
        faults["adult_phone"] = phone_fault(person.adult_phone)
    return faults


def _issue(event: Event, person: WalkIn, key: Idempotency, now: datetime) -> Ticket:
    email = person.email.strip()
    is_guarded = person.age < GUARDIAN_BELOW
    registration = Registration(
        event=event,
        reference=new_reference(),
        source=Registration.Source.WALK_IN,
        lead_name=(person.adult_name if is_guarded else person.name).strip(),
        lead_email=email,
        idempotency_scope=key.scope,
        idempotency_key=key_digest(key),
        created_at=now,
    )
    registration.owner_fingerprint = codes.fingerprint(codes.owner_secret(registration))
    serial = claim_at_the_door(event=event, now=now)
    registration.save(force_insert=True)
    ticket = new_ticket(
        registration=registration,
        serial=serial,
        person=_person(person, email, now),
        name=person.name.strip(),
        age=person.age,
        borough=person.borough,
        no_photos=not person.photo,
        now=now,
    )
    ticket.save(force_insert=True)
    _add_what_was_told(ticket, person, now)
    if email:
        queue_message(
            purpose="registered",
            key=f"registration:{registration.pk}",
            context={"registration": registration.pk},
            now=now,
        )
    return ticket


def _person(person: WalkIn, email: str, now: datetime) -> Person | None:
    if not email:
        return None
    return Person.objects.get_or_create(
        digest=person_digest(person.name, email), defaults={"created_at": now}
    )[0]


def _add_what_was_told(ticket: Ticket, person: WalkIn, now: datetime) -> None:
    name, phone = person.adult_name.strip(), person.adult_phone.strip()
    if person.age < GUARDIAN_BELOW:
        secret = codes.guardian_secret(event_id=ticket.event_id, serial=ticket.serial, generation=1)
        Guardian.objects.create(
            ticket=ticket,
            name=name,
            email=person.email.strip(),
            phone=phone,
            fingerprint=codes.fingerprint(secret),
            answer=Guardian.Answer.CONFIRMED,
            asked_at=now,
            answered_at=now,
        )
    elif name:
        EmergencyContact.objects.create(ticket=ticket, name=name, phone=phone)
    if person.access_needs.strip():
        AccessNeed.objects.create(ticket=ticket, text=person.access_needs.strip())
    given = [(Consent.Kind.PHOTO, person.photo), (Consent.Kind.NEWS, person.news)]
    giver = Consent.Giver.GUARDIAN if person.age < GUARDIAN_BELOW else Consent.Giver.OWNER
    Consent.objects.bulk_create(
        Consent(ticket=ticket, kind=kind, giver=giver, wording_version=WORDING_VERSION, given_at=now)
        for kind, is_given in given
        if is_given
    )
