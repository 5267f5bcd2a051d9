"""Who comes without a ticket? They get one at the door, with the same questions, and walk in on it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from door.domain import pins
from door.domain.admission import admit
from door.domain.decisions import Decision
from door.domain.instructions import refuse_while_it_stands
from door.domain.scans import REASON_MAX, Scan
from door.models import Device, DoorPin
from events.models import Event
from foundation.refusals import InvalidInput
from people.boroughs import Borough
from people.domain.age_bands import MAX_AGE
from people.domain.contacts import email_fault, phone_fault
from people.domain.names import name_fault, text_fault
from tickets.domain import codes
from tickets.domain.age_rules import ASKED, BOOKS_BELOW, GUARDIAN_BELOW, Way, way_for
from tickets.domain.attendees import MAX_NEEDS, Contact
from tickets.domain.consents import said_at_the_door
from tickets.domain.issuance import (
    Idempotency,
    NewGuardian,
    NewRegistration,
    NewTicket,
    issue_registration,
    key_digest,
)
from tickets.domain.places import claim_at_the_door
from tickets.domain.registration import AlreadyRegistered
from tickets.models import Guardian, Registration, Ticket


@dataclass(frozen=True, kw_only=True)
class WalkIn:
    """adult: the guardian under 16, whom to call at 16 and 17. email: theirs; under 16 the guardian's.

    photo: their own choice. adult_photo: what a guardian says who is here, or was rung.
    """

    name: str
    age: int
    borough: str
    email: str = ""
    adult_name: str = ""
    adult_phone: str = ""
    adult_is_here: bool = False
    adult_agreed_by_phone: bool = False
    adult_photo: bool = False
    access_needs: str = ""
    photo: bool = False
    news: bool = False

    @property
    def is_guarded(self) -> bool:
        return self.age < GUARDIAN_BELOW

    @property
    def guardian_answered_how(self) -> str:
        """Empty where no guardian spoke to us."""
        if self.adult_is_here:
            return Guardian.How.HERE
        return Guardian.How.TELEPHONE if self.adult_agreed_by_phone else ""


def walk_in(
    *,
    device: Device,
    scan_id: UUID,
    person: WalkIn,
    scanned_at: datetime,
    now: datetime,
    override_reason: str = "",
) -> Decision:
    """Register one person at the door and let them in. The same scan_id again answers the same.

    Under 16 a guardian stands there, or a supervisor rang them and they said yes. Else the ticket is on
    hold and the scan says so, or an override_reason lets them in; their photo choice waits for the guardian.
    Which phone it was stands in the check-in. Without an address they count as a person all
    the same; whether they came before is for the review list.

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
        _refuse_bad_input(device.event, person, override_reason)
        try:
            with transaction.atomic():
                ticket = _issue(device.event, person, key, now)
        except IntegrityError as fault:
            ticket = _issued(device.event, key)
            if ticket is None:
                raise AlreadyRegistered("They have a ticket already. Search by name.") from fault
    code = codes.ticket_code(ticket.event_id, ticket.serial, ticket.generation)
    scan = Scan(
        scan_id=scan_id,
        code=code,
        direction="entry",
        scanned_at=scanned_at,
        override_reason=override_reason.strip() if ticket.state == Ticket.State.ON_HOLD else "",
    )
    return admit(scan=scan, device=device, now=now)


def _issued(event: Event, key: Idempotency) -> Ticket | None:
    return Ticket.objects.filter(
        event=event,
        registration__idempotency_scope=key.scope,
        registration__idempotency_key=key_digest(key),
    ).first()


def _refuse_bad_input(event: Event, person: WalkIn, override_reason: str) -> None:
    faults: dict[str, str | None] = {
        "name": name_fault(person.name),
        "borough": None if person.borough in Borough.values else "Choose where they live",
        "email": email_fault(person.email) if person.email.strip() else None,
        "access_needs": text_fault(person.access_needs),
        "override_reason": text_fault(override_reason),
        **_faults_of_age(event, person),
    }
    if len(person.access_needs) > MAX_NEEDS:
        faults["access_needs"] = f"Use {MAX_NEEDS} characters or fewer"
    if len(override_reason) > REASON_MAX:
        faults["override_reason"] = f"Use {REASON_MAX} characters or fewer"
    if person.news and person.age >= BOOKS_BELOW and not person.email.strip():
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
    if person.is_guarded and person.adult_photo and not person.guardian_answered_how:
        faults["adult_photo"] = "Ask a parent or guardian who is here or on the telephone about photos"
    return faults


def _issue(event: Event, person: WalkIn, key: Idempotency, now: datetime) -> Ticket:
    email, adult = person.email.strip(), None
    if person.adult_name.strip():
        adult = Contact(name=person.adult_name, email=email, phone=person.adult_phone)
    serial = claim_at_the_door(event=event, now=now)
    _, (ticket,) = issue_registration(
        new=NewRegistration(
            event=event,
            lead=adult if adult and person.is_guarded else Contact(name=person.name, email=email),
            source=Registration.Source.WALK_IN,
            vouched_by=Registration.Vouched.SUPERVISOR,
            idempotency=key,
            hold_until=event.ends_at,
        ),
        tickets=[_new_ticket(person, adult)],
        first_serial=serial,
        now=now,
    )
    return ticket


def _new_ticket(person: WalkIn, adult: Contact | None) -> NewTicket:
    how = person.guardian_answered_how
    return NewTicket(
        name=person.name,
        age=person.age,
        borough=person.borough,
        own=Contact(name=person.name, email=person.email.strip()),
        is_on_hold=person.is_guarded and not how,
        guardian=NewGuardian(contact=adult, answered_how=how) if adult and person.is_guarded else None,
        emergency_contact=adult if not person.is_guarded else None,
        access_needs=person.access_needs,
        said=said_at_the_door(
            age=person.age, photo=person.photo, guardian_photo=person.adult_photo, news=person.news
        ),
    )
