"""What happens to a registration after it was made?

Confirmed, refused, cancelled, lapsed, corrected, re-issued.
"""

from datetime import datetime

from django.db import IntegrityError, transaction

from events.models import Event
from foundation.refusals import InvalidInput, Kind, Refusal
from outbox.domain.mail_queue import drop_messages, queue_message
from people.domain.contacts import phone_fault
from people.domain.names import name_fault
from tickets.domain import codes
from tickets.domain.consents import give_consent
from tickets.domain.identities import know_again, person_after_renaming
from tickets.domain.places import free_places, free_sessions
from tickets.domain.registration import AlreadyRegistered
from tickets.domain.waiting_list import leave_sessions
from tickets.models import (
    Consent,
    EmergencyContact,
    Guardian,
    Registration,
    ReplacedCode,
    SessionPlace,
    Ticket,
)


class NothingToChange(Refusal):
    slug = "nothing-to-change"
    title = "This was settled before"


class LinkOver(Refusal):
    slug = "link-over"
    title = "This link is no longer needed"
    kind = Kind.GONE


def cancel_registration(*, registration: Registration, now: datetime, tell: bool = True) -> Registration:
    """Cancel all tickets and free their places. Repeating it changes nothing. tell: the owner gets a mail."""
    return _end(registration, state=Registration.State.CANCELLED, now=now, tell=tell)


def cancel_ticket(*, ticket: Ticket, now: datetime) -> None:
    """Cancel one ticket of a registration; with the last one the registration is cancelled."""
    with transaction.atomic():
        Event.objects.lock(ticket.event_id)
        ticket.refresh_from_db()
        if ticket.state == Ticket.State.CANCELLED:
            return
        _cancel_tickets([ticket], now=now)
        registration = ticket.registration
        if not registration.tickets.taking_a_place().exists():
            _mark_ended(registration, state=Registration.State.CANCELLED, now=now)


def lapse_unconfirmed(*, now: datetime) -> int:
    """End the holds that no guardian confirmed in time; return how many registrations lapsed.

    Who is held at the door is there until the day is over, perhaps let in with a reason: they stay as they
    are.
    """
    due = Registration.objects.filter(state=Registration.State.ON_HOLD, hold_until__lte=now).exclude(
        source=Registration.Source.WALK_IN
    )
    lapsed = 0
    for registration in due.order_by("hold_until")[:200]:
        with transaction.atomic():
            Event.objects.lock(registration.event_id)
            registration.refresh_from_db()
            held_until = registration.hold_until
            if registration.state != Registration.State.ON_HOLD or held_until is None or held_until > now:
                continue
            _cancel_tickets(list(registration.tickets.filter(state=Ticket.State.ON_HOLD)), now=now)
            if registration.tickets.valid().exists():
                _confirm(registration)
            else:
                _mark_ended(registration, state=Registration.State.LAPSED, now=now)
        lapsed += 1
    return lapsed


def confirm_by_guardian(
    *, guardian: Guardian, now: datetime, may_leave_alone: bool = False, photo: bool = False, phone: str = ""
) -> Ticket:
    """The guardian says yes: the ticket becomes valid. Opening the link twice changes nothing.

    photo: their own agreement to photos; without it there are none, whatever the young person said.
    phone: a number for the day, where they give one.

    :raises LinkOver: the ticket was cancelled or has lapsed
    :raises InvalidInput: the number cannot be
    """
    if phone.strip() and (fault := phone_fault(phone)):
        raise InvalidInput(fault, fields={"phone": [fault]})
    with transaction.atomic():
        Event.objects.lock(guardian.ticket.event_id)
        ticket = Ticket.objects.select_related("registration", "event").get(pk=guardian.ticket_id)
        if ticket.state == Ticket.State.CANCELLED:
            raise LinkOver("This ticket is no longer held. Register again if there are places left.")
        guardian.refresh_from_db()
        if guardian.answer == Guardian.Answer.CONFIRMED:
            return ticket
        if phone.strip():
            guardian.phone = phone.strip()
        _answer(guardian, Guardian.Answer.CONFIRMED, now=now)
        if ticket.state == Ticket.State.ON_HOLD:
            ticket.state = Ticket.State.VALID
        ticket.may_leave_alone, ticket.changed_at = may_leave_alone, now
        ticket.save(update_fields=["state", "may_leave_alone", "changed_at"])
        if photo:
            give_consent(ticket=ticket, kind=Consent.Kind.PHOTO, giver=Consent.Giver.GUARDIAN, now=now)
        if not ticket.registration.tickets.filter(state=Ticket.State.ON_HOLD).exists():
            _confirm(ticket.registration)
        queue_message(
            purpose="confirmed",
            key=f"ticket:{ticket.pk}",
            context={"registration": ticket.registration_id},
            now=now,
        )
    return ticket


def refuse_by_guardian(*, guardian: Guardian, now: datetime) -> Ticket:
    """The guardian says no: the ticket is cancelled and its place is free."""
    with transaction.atomic():
        Event.objects.lock(guardian.ticket.event_id)
        guardian.refresh_from_db()
        ticket = guardian.ticket
        ticket.refresh_from_db()
        if guardian.answer == Guardian.Answer.REFUSED:
            return ticket
        _answer(guardian, Guardian.Answer.REFUSED, now=now)
        if ticket.state != Ticket.State.CANCELLED:
            _cancel_tickets([ticket], now=now)
            if not ticket.registration.tickets.taking_a_place().exists():
                _mark_ended(ticket.registration, state=Registration.State.CANCELLED, now=now)
    return ticket


def reissue_code(*, ticket: Ticket, now: datetime) -> Ticket:
    """Give a ticket a new code; the old one answers "replaced" from now on.

    :raises NothingToChange: the ticket is cancelled
    """
    with transaction.atomic():
        Event.objects.lock(ticket.event_id)
        ticket.refresh_from_db()
        if ticket.state == Ticket.State.CANCELLED:
            raise NothingToChange("This ticket is cancelled.")
        ReplacedCode.objects.create(
            ticket=ticket,
            generation=ticket.generation,
            fingerprint=ticket.fingerprint,
            short_fingerprint=ticket.short_fingerprint,
            replaced_at=now,
        )
        ticket.generation += 1
        code = codes.ticket_code(ticket.event_id, ticket.serial, ticket.generation)
        ticket.fingerprint, ticket.short_fingerprint = codes.fingerprint(code), codes.short_fingerprint(code)
        ticket.changed_at = now
        ticket.save(update_fields=["generation", "fingerprint", "short_fingerprint", "changed_at"])
    return ticket


def correct_name(*, ticket: Ticket, name: str, now: datetime) -> Ticket:
    """Give a ticket its right name, or its first one in a group; the person follows.

    :raises InvalidInput: the name cannot be taken
    :raises AlreadyRegistered: that person has another ticket for this event
    """
    if fault := name_fault(name):
        raise InvalidInput(fault, fields={"name": [fault]})
    try:
        with transaction.atomic():
            ticket.person_id = person_after_renaming(ticket=ticket, name=name.strip(), now=now)
            ticket.changed_at = now
            ticket.save(update_fields=["name", "person", "changed_at"])
    except IntegrityError as clash:
        ticket.refresh_from_db()
        raise AlreadyRegistered("This person already has a ticket for this event.") from clash
    return ticket


def correct_contact(*, ticket: Ticket, name: str, phone: str, now: datetime) -> None:
    """Correct whom we call on the day: the guardian of an under-16, else the emergency contact.

    :raises InvalidInput: fields says why
    :raises NothingToChange: this ticket has no such contact
    """
    faults = {"name": name_fault(name), "phone": phone_fault(phone)}
    found = {field: [words] for field, words in faults.items() if words}
    if found:
        raise InvalidInput("Check what you entered.", fields=found)
    for model in (Guardian, EmergencyContact):
        if model.objects.filter(ticket=ticket).update(name=name.strip(), phone=phone.strip()):
            Ticket.objects.filter(pk=ticket.pk).update(changed_at=now)
            know_again(ticket=ticket, now=now)
            return
    raise NothingToChange("This ticket has nobody to call.")


def _end(registration: Registration, *, state: str, now: datetime, tell: bool) -> Registration:
    with transaction.atomic():
        Event.objects.lock(registration.event_id)
        registration.refresh_from_db()
        if registration.ended_at is not None:
            return registration
        _cancel_tickets(list(registration.tickets.taking_a_place()), now=now)
        _mark_ended(registration, state=state, now=now, tell=tell)
    return registration


def _cancel_tickets(tickets: list[Ticket], *, now: datetime) -> None:
    ids = [ticket.pk for ticket in tickets]
    if not ids:
        return
    sessions = list(SessionPlace.objects.filter(ticket__in=ids).values_list("session_id", flat=True))
    SessionPlace.objects.filter(ticket__in=ids).delete()
    free_sessions(session_ids=sessions)
    leave_sessions(ticket_ids=ids, now=now)
    Ticket.objects.filter(pk__in=ids).update(state=Ticket.State.CANCELLED, changed_at=now)
    free_places(event_id=tickets[0].event_id, places=len(ids))
    for ticket in tickets:
        ticket.state = Ticket.State.CANCELLED
    keys = [f"guardian:{pk}" for pk in ids]
    drop_messages(purposes=["guardian", "guardian-reminder"], keys=keys)


def _mark_ended(registration: Registration, *, state: str, now: datetime, tell: bool = True) -> None:
    # A group's lead whose address is not proved has had the one mail that there is for it.
    if registration.kind == Registration.Kind.GROUP and registration.needs_proof:
        tell = False
    registration.state, registration.ended_at, registration.hold_until = state, now, None
    registration.save(update_fields=["state", "ended_at", "hold_until"])
    if tell and registration.lead_email and registration.event.status == Event.Status.PUBLISHED:
        queue_message(
            purpose="ended",
            key=f"registration:{registration.pk}",
            context={"registration": registration.pk},
            now=now,
        )


def _confirm(registration: Registration) -> None:
    # A guardian who answered has proved an address as well.
    registration.state, registration.hold_until = Registration.State.CONFIRMED, None
    registration.needs_proof = False
    registration.save(update_fields=["state", "hold_until", "needs_proof"])


def _answer(guardian: Guardian, answer: str, *, now: datetime) -> None:
    guardian.answer, guardian.answered_at = answer, now
    guardian.answered_how = Guardian.How.LINK
    guardian.save(update_fields=["answer", "answered_at", "answered_how", "phone"])
    drop_messages(purposes=["guardian", "guardian-reminder"], keys=[f"guardian:{guardian.ticket_id}"])
