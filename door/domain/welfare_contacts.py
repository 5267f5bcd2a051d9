"""Whom does welfare call for this young person?

One contact at a time, for a reason, and it is written down.
"""

from dataclasses import dataclass
from datetime import datetime

from door.domain import pins
from door.domain.devices import post_of
from door.domain.scans import REASON_MAX, plain_text
from door.domain.ticket_lookup import tickets_by_code
from door.models import ContactOpened, Device, DoorPin
from foundation.refusals import InvalidInput, Refusal
from tickets.models import EmergencyContact, Guardian


class NoContact(Refusal):
    slug = "no-contact"
    title = "We hold no contact for this ticket"


@dataclass(frozen=True)
class DoorContact:
    """relation: guardian or emergency contact."""

    name: str
    phone: str
    relation: str


def open_contact(*, device: Device, code: str, reason: str, now: datetime) -> DoorContact:
    """The guardian of an under-16, or whom to call at 16 and 17. Who opened it, and why, is kept.

    :raises NotGranted: the phone is not welfare's
    :raises InvalidInput: no reason was given
    :raises NoContact: no ticket of this event has this code, or there is nobody to call
    """
    pins.require(device=device, role=DoorPin.Role.WELFARE, now=now)
    try:
        reason = plain_text(reason, at_most=REASON_MAX)
    except ValueError as error:
        raise InvalidInput(str(error), fields={"reason": [str(error)]}) from None
    post = post_of(device=device, now=now)
    ticket = tickets_by_code(post=post, sent={code}).get(code)
    if ticket is None or ticket.event_id != device.event_id:
        raise NoContact("We do not know this code here.")
    contact = _contact(ticket.id)
    ContactOpened.objects.create(ticket_id=ticket.id, device=device, reason=reason, opened_at=now)
    if contact is None:
        raise NoContact("We hold no contact for this ticket. Ask at the desk.")
    return contact


def _contact(ticket_id: int) -> DoorContact | None:
    guardian = Guardian.objects.filter(ticket=ticket_id).exclude(name="").first()
    if guardian is not None:
        return DoorContact(guardian.name, guardian.phone, "guardian")
    other = EmergencyContact.objects.filter(ticket=ticket_id).exclude(name="").first()
    return DoorContact(other.name, other.phone, "emergency contact") if other else None
