"""How does a whole party come in on one scan? Tick who is here, or enter how many are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from door.domain.admission import admit_all
from door.domain.decisions import Decision, short_name
from door.domain.devices import post_of
from door.domain.scans import Scan
from door.domain.ticket_lookup import tickets_by_code
from door.domain.verdicts import LET_IN
from door.models import Admission, CheckIn, Device, PartyCount
from events.models import Event
from foundation.refusals import InvalidInput, Refusal
from people.domain.age_bands import AGE_BAND_LABELS
from tickets.domain.codes import ticket_code
from tickets.models import Registration, Ticket

MOST_HEADS = 200  # of one band: a typing slip beyond that


class NotAParty(Refusal):
    slug = "not-a-party"
    title = "This is no group's ticket"


@dataclass(frozen=True)
class Member:
    """One ticket of the party. is_inside: None where not admitted here yet."""

    serial: int
    name: str
    age_band: str
    is_adult: bool
    is_inside: bool | None


@dataclass(frozen=True)
class ArrivingParty:
    organisation: str
    members: list[Member]


@dataclass(frozen=True)
class Arrival:
    """admitted, refused: decisions on single tickets;
    surplus: heads beyond the tickets, by band or adults."""

    admitted: list[Decision]
    refused: list[Decision]
    surplus: dict[str, int] = field(default_factory=dict)
    is_replay: bool = False


def party_of(*, device: Device, code: str, now: datetime) -> ArrivingParty:
    """The party that a ticket belongs to, in the order of its serials.

    :raises NotAParty: the code is no group's ticket of this event
    """
    registration = _registration(device, code, now)
    return ArrivingParty(registration.organisation, _members(registration, device))


def arrive(
    *,
    device: Device,
    scan_id: UUID,
    code: str,
    scanned_at: datetime,
    now: datetime,
    device_now: datetime | None = None,
    serials: Sequence[int] = (),
    heads: Mapping[str, int] | None = None,
    adults: int = 0,
    was_let_in: bool = False,
) -> Arrival:
    """Let in the ticked members, or as many of each age band and adults as are here now, all counted.

    heads are totals: who is inside already is among them, so sending them again lets in nobody more.
    was_let_in: the steward decided without the network; they are inside. Names may follow.

    :raises NotAParty: the code is no group's ticket of this event
    :raises InvalidInput: nobody was ticked or counted
    """
    _refuse_bad_input(serials, heads, adults)
    with transaction.atomic():
        registration = _registration(device, code, now)
        Registration.objects.select_for_update().only("id").get(pk=registration.pk)
        counted = PartyCount.objects.filter(check_in__scan_id=scan_id).first()
        if counted is not None:
            return Arrival([], [], surplus=counted.surplus, is_replay=True)
        members = _members(registration, device)
        surplus: dict[str, int] = {}
        if heads is None:
            chosen = [one for one in members if one.serial in set(serials)]
        else:
            chosen, surplus = _by_heads(members, heads, adults)
        decisions = _admit(device, registration, chosen, scan_id, scanned_at, device_now, was_let_in, now)
        if heads is not None and decisions:
            first = CheckIn.objects.get(scan_id=decisions[0].scan_id)
            PartyCount.objects.get_or_create(
                check_in=first,
                defaults={
                    "heads_by_band": dict(heads),
                    "adults": adults,
                    "surplus": surplus,
                    "counted_at": now,
                },
            )
    return Arrival(
        admitted=[one for one in decisions if one.verdict in LET_IN],
        refused=[one for one in decisions if one.verdict not in LET_IN],
        surplus=surplus,
    )


def counted_beyond_tickets(*, event: Event) -> list[PartyCount]:
    """Counts with more heads than the group had tickets for, the newest of each group. One query."""
    counts = PartyCount.objects.filter(check_in__event=event, check_in__undone_by=None).select_related(
        "check_in__ticket__registration", "check_in__device"
    )
    newest = {
        one.check_in.ticket.registration_id: one
        for one in counts.order_by("counted_at", "pk")
        if one.check_in.ticket
    }
    return [one for one in newest.values() if one.surplus]


def _refuse_bad_input(serials: Any, heads: Any, adults: Any) -> None:
    if heads is None:
        if not serials:
            raise InvalidInput("Tick who is here.", fields={"serials": ["Tick who is here"]})
        return
    wrong = set(heads) - set(AGE_BAND_LABELS)
    if wrong or not all(0 <= count <= MOST_HEADS for count in [*heads.values(), adults]):
        raise InvalidInput("Enter how many are here.", fields={"heads": ["Enter how many are here, by age"]})
    if not sum(heads.values()) + adults:
        raise InvalidInput("Enter how many are here.", fields={"heads": ["Enter how many are here, by age"]})


def _registration(device: Device, code: str, now: datetime) -> Registration:
    post = post_of(device=device, now=now)
    ticket = tickets_by_code(post=post, sent={code}).get(code)
    if ticket is None or ticket.event_id != device.event_id or not ticket.is_group:
        raise NotAParty("Scan a ticket of the group first.")
    return Registration.objects.get(pk=ticket.registration_id)


def _members(registration: Registration, device: Device) -> list[Member]:
    inside = dict(
        Admission.objects.standing()
        .filter(ticket__registration=registration, door_list=device.door_list_id)
        .values_list("ticket_id", "is_inside")
    )
    rows = registration.tickets.filter(state=Ticket.State.VALID).order_by("serial")
    return [
        Member(
            serial=ticket.serial,
            name=" ".join(short_name(ticket.name)).strip(),
            age_band=ticket.age_band,
            is_adult=ticket.is_adult_of_group,
            is_inside=inside.get(ticket.pk),
        )
        for ticket in rows
    ]


def _by_heads(members: Any, heads: Any, adults: Any) -> tuple[list[Member], dict[str, int]]:
    """Members to let in so that as many are inside as were counted; and who has no ticket."""
    chosen: list[Member] = []
    surplus: dict[str, int] = {}
    groups = {band: [one for one in members if one.age_band == band and not one.is_adult] for band in heads}
    groups["adults"] = [one for one in members if one.is_adult]
    for name, group in groups.items():
        here = adults if name == "adults" else heads[name]
        waiting = sorted(
            (one for one in group if not one.is_inside), key=lambda one: one.is_inside is not None
        )
        wanted = max(0, here - (len(group) - len(waiting)))
        chosen += waiting[:wanted]
        if wanted > len(waiting):
            surplus[name] = wanted - len(waiting)
    return chosen, surplus


def _admit(
    device: Any,
    registration: Any,
    chosen: Any,
    scan_id: Any,
    scanned_at: Any,
    device_now: Any,
    was_let_in: Any,
    now: datetime,
) -> list[Decision]:
    generations = dict(registration.tickets.values_list("serial", "generation"))
    scans = [
        Scan(
            scan_id=scan_id if place == 0 else uuid5(scan_id, str(one.serial)),
            code=ticket_code(registration.event_id, one.serial, generations[one.serial]),
            direction="entry",
            scanned_at=scanned_at,
            device_now=device_now,
            decided=("readmitted" if one.is_inside is False else "admitted") if was_let_in else "",
        )
        for place, one in enumerate(chosen)
    ]
    return admit_all(device=device, scans=scans, now=now) if scans else []
