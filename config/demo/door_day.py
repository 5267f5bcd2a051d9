"""How did a day at the door go? Arrivals, repeats, people who come back, an hour offline, and a conflict."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from accounts.models import User
from door.domain.admission import admit, admit_all
from door.domain.devices import make_gate, make_pairing_code, note_contact, pair
from door.domain.scans import Scan
from door.domain.undo import undo
from door.domain.verdicts import Direction, Verdict
from door.models import Device
from events.models import Event
from foundation.wall_time import wall_time
from tickets.domain import codes
from tickets.models import Ticket

_SCANS = UUID("3d3b6f0c-51b3-4a56-9f0f-5f3c5f1b2a77")
GATES = (("main", "Main entrance"), ("side", "Side entrance"))
PHONES = (("Amina", "main"), ("Jo", "main"), ("Sam", "side"))
APP_VERSION = "demo"


@dataclass(frozen=True)
class Passage:
    at: datetime
    ticket: Ticket | None
    direction: Direction = "entry"


class Door:
    """The phones of one event; each scan is made once, by a phone drawn by the seed."""

    def __init__(self, *, event: Event, by: User, now: datetime) -> None:
        self.event = event
        self.random = Random(event.slug)  # noqa: S311  a demo makes the same scans each time
        self.scans = 0
        gates = {slug: make_gate(event=event, slug=slug, name=name) for slug, name in GATES}
        self.phones: list[Device] = []
        for name, gate in PHONES:
            code = make_pairing_code(gate=gates[gate], now=now, by=by)
            self.phones.append(pair(pairing_code=code, name=name, now=now).device)

    def scan(self, move: Passage, *, phone: Device | None = None) -> None:
        """Live: the server decides at once."""
        device = phone or self.random.choice(self.phones)
        admit(scan=self.made(move), device=device, now=move.at)

    def upload(self, moves: Sequence[Passage], *, phone: Device, at: datetime) -> None:
        """What a phone decided offline, sent together."""
        scans = [self.made(move, decided=Verdict.ADMITTED) for move in moves]
        admit_all(scans=scans, device=phone, now=at)

    def made(self, move: Passage, *, decided: str = "") -> Scan:
        self.scans += 1
        return Scan(
            scan_id=uuid5(_SCANS, f"{self.event.slug}:{self.event.pk}:{self.scans}"),
            code=_code(move.ticket) if move.ticket else f"HTTPS://EXAMPLE.ORG/MENU/{self.scans}",
            direction=move.direction,
            scanned_at=move.at,
            decided=decided,
        )

    def say_goodbye(self, *, at: datetime) -> None:
        for phone in self.phones:
            note_contact(
                device=phone, now=at, device_now=at, unsent=0, app_version=APP_VERSION, storage_kept=True
            )


def past_day(*, event: Event, door: Door, share: float) -> None:
    """A whole day: share of the valid tickets arrive, most in the first hour and a half."""
    random = door.random
    tickets = list(Ticket.objects.for_event(event).select_related("registration").order_by("serial"))
    valid = [one for one in tickets if one.state == Ticket.State.VALID]
    gone = [one for one in tickets if one.state == Ticket.State.CANCELLED]
    coming = _coming(valid, share, random)
    offline, live = coming[:22], coming[22:]
    moves = [Passage(_arrival(event, random), ticket) for ticket in live]
    moves += _repeats(moves, random, number=11)
    moves += _outings(moves, event, random, number=16, back=10)
    moves += [Passage(event.doors_open_at - timedelta(minutes=6), live[0])]
    moves += [Passage(_arrival(event, random), ticket) for ticket in gone[:3]]
    moves += [Passage(_arrival(event, random), None) for _ in range(4)]
    for move in sorted(moves, key=lambda move: move.at):
        door.scan(move)
    _take_back(event, door, live[5])
    _offline_hour(event, door, offline)
    _let_in_at_the_desk(event, door, gone)
    door.say_goodbye(at=event.ends_at)


def arrivals(
    *, door: Door, tickets: Sequence[Ticket], opened_at: datetime, now: datetime, outside: int
) -> None:
    """An edition that is on: these came since the doors opened, by day;
    the first outside of them left again."""
    times = sorted(_by_day(opened_at, now, door.random) for _ in tickets)
    came = list(zip(tickets, times, strict=True))
    for ticket, at in came:
        door.scan(Passage(at, ticket))
    for ticket, at in came[:outside]:
        door.scan(Passage(at + (now - at) * door.random.uniform(0.3, 0.9), ticket, "exit"))
    door.say_goodbye(at=now)


def _by_day(opened_at: datetime, now: datetime, random: Random) -> datetime:
    """A moment between 10:00 and 20:00; every 24 hours hold some."""
    while True:
        at = opened_at + (now - opened_at) * random.uniform(0.001, 0.999)
        if 10 <= wall_time(at).hour < 20:
            return at


def _coming(valid: list[Ticket], share: float, random: Random) -> list[Ticket]:
    """A party comes together; of the others a share does."""
    party = [one for one in valid if one.registration.kind == "group"]
    others = [one for one in valid if one.registration.kind != "group"]
    random.shuffle(others)
    coming = others[: round(share * len(others))] + party[: len(party) - 3]
    random.shuffle(coming)
    return coming


def _arrival(event: Event, random: Random) -> datetime:
    """Minutes after doors open: a rush, then a long tail."""
    minutes = min(random.gammavariate(2.2, 22), 230)
    return event.doors_open_at + timedelta(minutes=minutes, seconds=random.randint(0, 59))


def _repeats(moves: Sequence[Passage], random: Random, *, number: int) -> list[Passage]:
    """The same ticket again, by a second phone or a friend."""
    return [
        Passage(move.at + timedelta(seconds=random.randint(8, 900)), move.ticket)
        for move in random.sample(list(moves), number)
    ]


def _outings(
    moves: Sequence[Passage], event: Event, random: Random, *, number: int, back: int
) -> list[Passage]:
    """Out for lunch; most come back."""
    outings = []
    early = {move.ticket: move for move in moves if move.at < event.starts_at + timedelta(minutes=60)}
    for place, move in enumerate(random.sample(list(early.values()), number)):
        left_at = event.starts_at + timedelta(minutes=random.randint(150, 200))
        outings.append(Passage(left_at, move.ticket, "exit"))
        if place < back:
            outings.append(Passage(left_at + timedelta(minutes=random.randint(15, 40)), move.ticket))
    return outings


def _take_back(event: Event, door: Door, ticket: Ticket) -> None:
    """The steward pressed the wrong button: an exit that nobody made is undone."""
    phone = door.phones[1]
    scan = door.made(Passage(event.starts_at + timedelta(hours=4), ticket, "exit"))
    admit(scan=scan, device=phone, now=scan.scanned_at)
    undo(
        scan_id=scan.scan_id, reason="Wrong button", now=scan.scanned_at + timedelta(seconds=20), device=phone
    )


def _offline_hour(event: Event, door: Door, tickets: Sequence[Ticket]) -> None:
    """The side entrance had no signal and decided by itself; one ticket came in at both entrances."""
    side, main = door.phones[2], door.phones[0]
    lost_at = event.starts_at + timedelta(minutes=35)
    moves = [Passage(lost_at + timedelta(minutes=2 * place), ticket) for place, ticket in enumerate(tickets)]
    door.scan(Passage(lost_at + timedelta(minutes=20), tickets[3]), phone=main)
    door.upload(moves, phone=side, at=lost_at + timedelta(minutes=55))


def _let_in_at_the_desk(event: Event, door: Door, gone: Sequence[Ticket]) -> None:
    """Somebody who had cancelled came after all; the supervisor let them in."""
    scan = door.made(Passage(event.starts_at + timedelta(minutes=80), gone[-1]))
    reason = "Cancelled by mistake, their sister is inside"
    admit(
        scan=Scan(
            scan_id=scan.scan_id,
            code=scan.code,
            direction=scan.direction,
            scanned_at=scan.scanned_at,
            override_reason=reason,
        ),
        door_list=door.phones[0].door_list,
        now=scan.scanned_at,
    )


def _code(ticket: Ticket) -> str:
    return codes.ticket_code(ticket.event_id, ticket.serial, ticket.generation)
