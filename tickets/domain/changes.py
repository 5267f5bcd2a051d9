"""What happens to a registration after it was made? Confirmed, refused, cancelled, lapsed, corrected, re-issued."""

from datetime import datetime

from django.db import IntegrityError, transaction

from events.domain.refusals import InvalidInput, Kind, Refusal
from events.models import Event
from outbox.domain.messages import drop_messages, queue_message
from tickets.domain import codes
from tickets.domain.people import name_fault, person_digest
from tickets.domain.places import free_places, free_sessions
from tickets.domain.registration import AlreadyRegistered
from tickets.models import Consent, Guardian, Person, Registration, ReplacedCode, SessionPlace, Ticket


class NothingToChange(Refusal):
    slug = "nothing-to-change"
    title = "This was settled before"


class LinkOver(Refusal):
    slug = "link-over"
    title = "This link is no longer needed"
    kind = Kind.GONE


def cancel_registration(*, registration: Registration, now: datetime) -> Registration:
    """Cancel all tickets and free their places. Repeating it changes nothing."""
    return _end(registration, state=Registration.State.CANCELLED, now=now)


def cancel_ticket(*, ticket: Ticket, now: datetime) -> None:
    """Cancel one ticket of a registration; with the last one the registration is cancelled."""
    with transaction.atomic():
        _lock(ticket.event_id)
        ticket.refresh_from_db()
        if ticket.state == Ticket.State.CANCELLED:
            return
        _cancel_tickets([ticket], now=now)
        registration = ticket.registration
        if not registration.tickets.taking_a_place().exists():
            _mark_ended(registration, state=Registration.State.CANCELLED, now=now)


def lapse_unconfirmed(*, now: datetime) -> int:
    """End the holds that no guardian confirmed in time; return how many registrations lapsed."""
    due = Registration.objects.filter(state=Registration.State.ON_HOLD, hold_until__lte=now)
    lapsed = 0
    for registration in due.order_by("hold_until")[:200]:
        with transaction.atomic():
            _lock(registration.event_id)
            registration.refresh_from_db()
            if registration.state != Registration.State.ON_HOLD or registration.hold_until > now:
                continue
            _cancel_tickets(list(registration.tickets.filter(state=Ticket.State.ON_HOLD)), now=now)
            if registration.tickets.valid().exists():
                _confirm(registration)
            else:
                _mark_ended(registration, state=Registration.State.LAPSED, now=now)
        lapsed += 1
    return lapsed


def confirm_by_guardian(
    *, guardian: Guardian, now: datetime, may_leave_alone: bool = False, photo: bool | None = None
) -> Ticket:
    """The guardian says yes: the ticket becomes valid. Opening the link twice changes nothing.

    photo: None leaves the choice as it is; False takes back a consent that the young person gave.

    :raises LinkOver: the ticket was cancelled or has lapsed
    """
    with transaction.atomic():
        _lock(guardian.ticket.event_id)
        ticket = Ticket.objects.select_related("registration").get(pk=guardian.ticket_id)
        if ticket.state == Ticket.State.CANCELLED:
            raise LinkOver("This ticket is no longer held. Register again if there are places left.")
        guardian.refresh_from_db()
        if guardian.answer == Guardian.Answer.CONFIRMED:
            return ticket
        _answer(guardian, Guardian.Answer.CONFIRMED, now=now)
        ticket.state, ticket.may_leave_alone, ticket.changed_at = Ticket.State.VALID, may_leave_alone, now
        if photo is False:
            Consent.objects.filter(ticket=ticket, kind=Consent.Kind.PHOTO, withdrawn_at__isnull=True).update(
                withdrawn_at=now
            )
            ticket.no_photos = True
        ticket.save(update_fields=["state", "may_leave_alone", "no_photos", "changed_at"])
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
        _lock(guardian.ticket.event_id)
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
        _lock(ticket.event_id)
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


def correct_name(*, ticket: Ticket, name: str, contact: str, now: datetime) -> Ticket:
    """Give a ticket its right name, or its first one in a group; the person follows.

    contact is the address by which the person is known again.

    :raises InvalidInput: the name cannot be taken
    :raises AlreadyRegistered: that person has another ticket for this event
    """
    if fault := name_fault(name):
        raise InvalidInput(fault, fields={"name": [fault]})
    try:
        with transaction.atomic():
            person, _ = Person.objects.get_or_create(
                digest=person_digest(name, contact), defaults={"created_at": now}
            )
            ticket.name, ticket.person, ticket.changed_at = name.strip(), person, now
            ticket.save(update_fields=["name", "person", "changed_at"])
    except IntegrityError as clash:
        ticket.refresh_from_db()
        raise AlreadyRegistered("This person already has a ticket for this event.") from clash
    return ticket


def withdraw_consent(*, ticket: Ticket, kind: str, now: datetime) -> None:
    """Take back a photo or news choice; one tap, nothing else changes."""
    with transaction.atomic():
        Consent.objects.filter(ticket=ticket, kind=kind, withdrawn_at__isnull=True).update(withdrawn_at=now)
        if kind == Consent.Kind.PHOTO:
            Ticket.objects.filter(pk=ticket.pk).update(no_photos=True, changed_at=now)


def _end(registration: Registration, *, state: str, now: datetime) -> Registration:
    with transaction.atomic():
        _lock(registration.event_id)
        registration.refresh_from_db()
        if registration.ended_at is not None:
            return registration
        _cancel_tickets(list(registration.tickets.taking_a_place()), now=now)
        _mark_ended(registration, state=state, now=now)
    return registration


def _lock(event_id: int) -> None:
    """Places are counted on the event's row: whoever changes tickets holds it first."""
    Event.objects.select_for_update().only("pk").get(pk=event_id)


def _cancel_tickets(tickets: list[Ticket], *, now: datetime) -> None:
    ids = [ticket.pk for ticket in tickets]
    if not ids:
        return
    sessions = list(SessionPlace.objects.filter(ticket__in=ids).values_list("session_id", flat=True))
    SessionPlace.objects.filter(ticket__in=ids).delete()
    free_sessions(session_ids=sessions)
    Ticket.objects.filter(pk__in=ids).update(state=Ticket.State.CANCELLED, changed_at=now)
    free_places(event_id=tickets[0].event_id, places=len(ids))
    for ticket in tickets:
        ticket.state = Ticket.State.CANCELLED
    keys = [f"guardian:{pk}" for pk in ids]
    drop_messages(purposes=["guardian", "guardian-reminder"], keys=keys)


def _mark_ended(registration: Registration, *, state: str, now: datetime) -> None:
    registration.state, registration.ended_at, registration.hold_until = state, now, None
    registration.save(update_fields=["state", "ended_at", "hold_until"])


def _confirm(registration: Registration) -> None:
    registration.state, registration.hold_until = Registration.State.CONFIRMED, None
    registration.save(update_fields=["state", "hold_until"])


def _answer(guardian: Guardian, answer: str, *, now: datetime) -> None:
    guardian.answer, guardian.answered_at = answer, now
    guardian.save(update_fields=["answer", "answered_at"])
    drop_messages(purposes=["guardian", "guardian-reminder"], keys=[f"guardian:{guardian.ticket_id}"])
