"""Whose name is this? For a supervisor at the door, with the network, and never a list of everybody."""

import logging
from dataclasses import dataclass
from datetime import datetime

from door.domain import pins
from door.domain.decisions import short_name
from door.models import Admission, Device, DoorPin
from foundation.refusals import InvalidInput
from people.domain.names import fold_name
from tickets.domain import codes
from tickets.models import Ticket

LEAST_LETTERS = 3
MOST_ANSWERS = 10
NAME_MAX = 200
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Hit:
    """code: the ticket's short code, which scans it on this phone. is_inside: None where not admitted yet."""

    code: str
    name: str
    age_band: str
    organisation: str
    is_inside: bool | None


def find_by_name(*, device: Device, words: str, now: datetime) -> tuple[list[Hit], bool]:
    """At most ten tickets whose name holds every word, nearest first, and whether there are more.

    Names are compared as people/domain/names.py folds them: Sian finds Siân, O'Neill finds O’Neill. Reads the
    names of the event once.

    :raises NotGranted: the phone is no supervisor's
    :raises InvalidInput: fewer than three letters
    """
    pins.require(device=device, role=DoorPin.Role.SUPERVISOR, now=now)
    wanted = fold_name(words[:NAME_MAX])
    if sum(letter.isalnum() for letter in wanted) < LEAST_LETTERS:
        raise InvalidInput(
            "Enter at least 3 letters of the name.", fields={"name": ["Enter at least 3 letters of the name"]}
        )
    rows = Ticket.objects.taking_a_place().filter(event=device.event_id).exclude(name="")
    found = [
        (key, pk)
        for pk, name in rows.values_list("pk", "name")
        if (key := _place(fold_name(name), wanted)) is not None
    ]
    found.sort()
    log.info("door search", extra={"device": device.pk, "event": device.event_id, "answers": len(found)})
    return _hits([pk for _, pk in found[:MOST_ANSWERS]], device), len(found) > MOST_ANSWERS


def _hits(keys: list[int], device: Device) -> list[Hit]:
    tickets = Ticket.objects.select_related("registration").in_bulk(keys)
    inside = dict(
        Admission.objects.standing()
        .filter(ticket__in=keys, door_list=device.door_list_id)
        .values_list("ticket_id", "is_inside")
    )
    return [
        Hit(
            code=typed_code(tickets[key]),
            name=" ".join(short_name(tickets[key].name)).strip(),
            age_band=tickets[key].age_band,
            organisation=tickets[key].registration.organisation,
            is_inside=inside.get(key),
        )
        for key in keys
    ]


def typed_code(ticket: Ticket) -> str:
    """The first ten letters, which open the ticket on a paired phone of its event and nowhere else."""
    code = codes.ticket_code(ticket.event_id, ticket.serial, ticket.generation)
    return code[: codes.TYPED_LENGTH]


def _place(name: str, wanted: str) -> tuple | None:
    """Names that begin with what was asked come first; None where a word is missing."""
    if not all(word in name for word in wanted.split()):
        return None
    return (not name.startswith(wanted), len(name), name)
