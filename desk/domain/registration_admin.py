"""What may an organiser do to a registration, and how is it noted who did it?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from foundation import change_log
from foundation.refusals import InvalidInput
from outbox.domain.mail_queue import queue_message
from people.domain.names import text_fault
from tickets.domain import changes
from tickets.domain.changes import NothingToChange
from tickets.models import Registration, Ticket

CHILD_BELOW = 18  # years: whose contacts are shown for a reason alone
SHORTEST_REASON = 5  # characters


@dataclass(frozen=True)
class Contacts:
    """Whom to call about one ticket, and what its owner needs. Empty strings where there is nothing."""

    ticket: Ticket
    guardian: str = ""
    guardian_email: str = ""
    guardian_phone: str = ""
    emergency: str = ""
    emergency_phone: str = ""
    access_need: str = ""


def has_children(registration: Registration) -> bool:
    """Somebody under 18, or of an age that we do not know, is named in it."""
    return any(
        not ticket.is_adult_of_group and (ticket.age is None or ticket.age < CHILD_BELOW)
        for ticket in registration.tickets.all()
    )


def open_contacts(*, registration: Registration, reason: str, by: User, now: datetime) -> list[Contacts]:
    """Guardians, emergency contacts and access needs of a registration; who looked and why is kept.

    :raises InvalidInput: no reason is given
    """
    reason = _reason(reason)
    with transaction.atomic():
        change_log.note(
            about=registration,
            event_id=registration.event_id,
            did="opened the contacts",
            reason=reason,
            by=by,
            now=now,
            looked=True,
        )
        tickets = registration.tickets.select_related(
            "guardian", "emergency_contact", "access_need"
        ).order_by("serial")
        return [_contacts(ticket) for ticket in tickets]


def cancel_at_desk(*, registration: Registration, reason: str, by: User, now: datetime) -> Registration:
    """Cancel all its tickets and free the places; whoever registered is told.

    :raises InvalidInput: no reason is given
    :raises NothingToChange: it ended before
    """
    reason = _reason(reason)
    if registration.ended_at is not None:
        raise NothingToChange("This registration ended before.")
    with transaction.atomic():
        changes.cancel_registration(registration=registration, now=now)
        _note(registration, "cancelled the registration", by, now, reason)
    return registration


def cancel_ticket_at_desk(*, ticket: Ticket, by: User, now: datetime) -> None:
    with transaction.atomic():
        changes.cancel_ticket(ticket=ticket, now=now)
        _note(ticket.registration, f"cancelled ticket {ticket.serial}", by, now)


def reissue_at_desk(*, ticket: Ticket, by: User, now: datetime) -> Ticket:
    """A new code, and the ticket by mail to whoever registered; the old code no longer admits.

    :raises NothingToChange: the ticket is cancelled
    """
    with transaction.atomic():
        changes.reissue_code(ticket=ticket, now=now)
        _note(ticket.registration, f"gave ticket {ticket.serial} a new code", by, now)
        _send_again(ticket.registration, now)
    return ticket


def send_again(*, registration: Registration, by: User, now: datetime) -> None:
    """Mail the ticket again to the address that it was registered with.

    :raises NothingToChange: it ended, or its address was erased
    """
    if registration.ended_at is not None or not registration.lead_email:
        raise NothingToChange("There is nothing to send any more.")
    with transaction.atomic():
        _note(registration, "sent the ticket again", by, now)
        _send_again(registration, now)


def correct_at_desk(*, ticket: Ticket, name: str, borough: str, by: User, now: datetime) -> Ticket:
    """Put a name or a borough right. The log says that, never what it was.

    :raises InvalidInput: the name or the borough cannot be
    :raises AlreadyRegistered: that person has another ticket for this event
    :raises NothingToChange: the ticket is cancelled
    """
    if ticket.state == Ticket.State.CANCELLED:
        raise NothingToChange("This ticket is cancelled.")
    with transaction.atomic():
        if name.strip() != ticket.name:
            changes.correct_name(ticket=ticket, name=name, now=now)
            _note(ticket.registration, f"corrected the name on ticket {ticket.serial}", by, now)
        if borough != ticket.borough:
            Ticket.objects.filter(pk=ticket.pk).update(borough=borough, changed_at=now)
            _note(ticket.registration, f"corrected the borough on ticket {ticket.serial}", by, now)
    ticket.refresh_from_db()
    return ticket


def block_ticket(*, ticket: Ticket, reason: str, by: User, now: datetime) -> Ticket:
    """Pause a ticket: the door refuses it until it is let go again. Its place stays taken.

    :raises InvalidInput: no reason is given
    :raises NothingToChange: it is not valid
    """
    return _set_state(ticket, Ticket.State.VALID, Ticket.State.BLOCKED, "paused", _reason(reason), by, now)


def unblock_ticket(*, ticket: Ticket, by: User, now: datetime) -> Ticket:
    """:raises NothingToChange: it is not paused"""
    return _set_state(ticket, Ticket.State.BLOCKED, Ticket.State.VALID, "let go again", "", by, now)


def _set_state(
    ticket: Any, before: str, after: str, did: str, reason: str, by: User, now: datetime
) -> Ticket:
    with transaction.atomic():
        changed = Ticket.objects.filter(pk=ticket.pk, state=before).update(state=after, changed_at=now)
        if not changed:
            raise NothingToChange("This ticket is in another state by now.")
        _note(ticket.registration, f"{did} ticket {ticket.serial}", by, now, reason)
    ticket.refresh_from_db()
    return ticket


def _contacts(ticket: Ticket) -> Contacts:
    guardian = getattr(ticket, "guardian", None)
    emergency = getattr(ticket, "emergency_contact", None)
    need = getattr(ticket, "access_need", None)
    return Contacts(
        ticket=ticket,
        guardian=guardian.name if guardian else "",
        guardian_email=guardian.email if guardian else "",
        guardian_phone=guardian.phone if guardian else "",
        emergency=emergency.name if emergency else "",
        emergency_phone=emergency.phone if emergency else "",
        access_need=need.text if need else "",
    )


def _send_again(registration: Registration, now: datetime) -> None:
    queue_message(
        purpose="sent-again",
        key=f"registration:{registration.pk}:{now:%Y%m%d%H%M}",
        context={"registration": registration.pk},
        now=now,
    )


def _note(registration: Registration, did: str, by: User, now: datetime, reason: str = "") -> None:
    change_log.note(
        about=registration, event_id=registration.event_id, did=did, reason=reason, by=by, now=now
    )


def _reason(reason: str) -> str:
    words = "Say why, in a few words"
    if len(reason.strip()) < SHORTEST_REASON or text_fault(reason, lines=False):
        raise InvalidInput(words, fields={"reason": [words]})
    return reason.strip()[:200]
