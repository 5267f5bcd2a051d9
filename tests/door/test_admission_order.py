"""Does what stands depend on the order in which offline scans arrive? It must not."""

import os
import random
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from door.domain.admission import admit_all
from door.domain.occupancy import occupancy
from door.domain.scans import Scan
from door.models import Admission, CheckIn, Conflict
from tests.door.factories import TEN, make_phone, make_registration, make_scan, make_ticket
from tickets.domain import codes
from tickets.models import Ticket

pytestmark = pytest.mark.thorough

SCHEDULES = int(os.environ.get("SCHEDULES", "8"))
SECOND = timedelta(seconds=1)
EVENING = TEN + timedelta(hours=2)


def offline_hour(dice: random.Random, tickets: list, overlaps: int, phones: int = 2) -> list[list]:
    """The scans of each phone, decided by what that phone alone could know; some people also leave."""
    shared = tickets[:overlaps]
    own = tickets[overlaps:]
    per_phone = [[*own[n::phones], *shared] for n in range(phones)]
    told = []
    for mine in per_phone:
        inside, scans = {}, []
        moments = sorted(dice.sample(range(3600), 2 * len(mine)))
        queue = mine + dice.sample(mine, len(mine) // 3)
        dice.shuffle(queue)
        for moment, ticket in zip(moments, queue, strict=False):
            leaves = ticket in inside and inside[ticket] and dice.random() < 0.5
            if leaves:
                decided = "left"
            elif ticket not in inside:
                decided = "admitted"
            else:
                decided = "already_admitted" if inside[ticket] else "readmitted"
            inside[ticket] = not leaves
            scans.append(
                make_scan(
                    ticket,
                    TEN + moment * SECOND,
                    scan_id=UUID(int=dice.getrandbits(128)),
                    direction="exit" if leaves else "entry",
                    decided=decided,
                )
            )
        told.append(scans)
    return told


def upload(dice: random.Random, devices: list, told: list[list], size: int) -> None:
    """Everything twice, in pieces of any order, cut anywhere."""
    pieces = []
    for device, scans in zip(devices, told, strict=True):
        for _ in range(2):
            shuffled = dice.sample(scans, len(scans))
            pieces += [(device, shuffled[at : at + size]) for at in range(0, len(shuffled), size)]
    dice.shuffle(pieces)
    for device, piece in pieces:
        admit_all(device=device, scans=piece, now=EVENING)


def what_stands(devices: list) -> tuple:
    admissions = set(
        Admission.objects.standing().values_list(
            "ticket__serial", "check_in__scan_id", "is_inside", "last_at"
        )
    )
    conflicts = set(Conflict.objects.values_list("check_in__scan_id", "stands__scan_id", "server_verdict"))
    rows = set(CheckIn.objects.values_list("scan_id", "verdict", "happened_at"))
    return admissions, conflicts, rows, occupancy(door_list=devices[0].door_list, now=EVENING).inside


@pytest.mark.django_db
@pytest.mark.database
def test_result_is_the_same_for_100_orders_of_arrival(event):
    devices = [make_phone(event), make_phone(event, gate="side")]
    tickets = [make_ticket(event, f"Person {n}") for n in range(20)]
    told = offline_hour(random.Random(5), tickets, overlaps=6)
    results = []

    for seed in range(100):
        with transaction.atomic():
            upload(random.Random(seed), devices, told, size=7)
            results.append(what_stands(devices))
            transaction.set_rollback(True)

    assert all(result == results[0] for result in results)
    admissions, conflicts, rows, inside = results[0]
    assert len(admissions) == len(tickets)
    assert len(rows) == sum(len(scans) for scans in told)
    assert conflicts
    assert inside == sum(1 for admission in admissions if admission[2])


@pytest.mark.django_db
@pytest.mark.database
def test_an_hour_offline_at_two_doors_with_1000_scans_and_50_overlaps(event):
    devices = [make_phone(event), make_phone(event, gate="side")]
    tickets = [make_ticket(event, f"Person {n}") for n in range(950)]
    told = [[], []]
    for n, ticket in enumerate(tickets):
        doors = (0, 1) if n < 50 else (n % 2,)
        for door in doors:
            told[door].append(make_scan(ticket, TEN + (3 * n + door) * SECOND, decided="admitted"))

    upload(random.Random(1), devices, told, size=500)

    assert CheckIn.objects.count() == 1000
    assert Conflict.objects.count() == 50
    assert set(Conflict.objects.values_list("check_in__gate__slug", "stands__gate__slug")) == {
        ("side", "main")
    }
    assert occupancy(door_list=devices[0].door_list, now=EVENING).inside == 950


@dataclass(frozen=True)
class Hour:
    """What two phones without network scanned,
    and what has to stand in the end whatever the order of arrival."""

    told: list[list[Scan]]
    admissions: set
    conflicts: set
    rows: set
    inside: int


def generated_hour(dice: random.Random, tickets: list) -> Hour:
    """1,000 scans of 900 people in one hour: 50 are let in at both doors, 50 of the others leave again.

    Both phones' clocks are wrong by up to two hours.
    """
    both, leaving, once = (tickets[:50], tickets[50:100], tickets[100:900])
    steps = [(ticket, (0, 1), "admitted") for ticket in both]
    steps += [(ticket, (door, door), "left") for ticket in leaving for door in [dice.randrange(2)]]
    steps += [(ticket, (dice.randrange(2),), "") for ticket in once]
    clocks = [dice.randrange(-7200, 7200) * SECOND for _ in range(2)]
    moments = dice.sample(range(3600), 1000)
    told: list[list[Scan]] = [[], []]
    admissions, conflicts, rows = set(), set(), set()
    for ticket, doors, second in steps:
        times = sorted(moments.pop() for _ in doors)
        scans = []
        for door, at, decided in zip(
            dice.sample(doors, len(doors)), times, ("admitted", second), strict=False
        ):
            scan = make_scan(
                ticket,
                TEN + at * SECOND + clocks[door],
                scan_id=UUID(int=dice.getrandbits(128)),
                device_now=EVENING + clocks[door],
                direction="exit" if decided == "left" else "entry",
                decided=decided,
            )
            scans.append(scan)
            told[door].append(scan)
            rows.add((scan.scan_id, decided, TEN + at * SECOND))
        last = TEN + times[-1 if second == "left" else 0] * SECOND
        admissions.add((ticket.serial, scans[0].scan_id, second != "left", last))
        if second == "admitted":
            conflicts.add((scans[1].scan_id, scans[0].scan_id, "already_admitted"))
    return Hour(told, admissions, conflicts, rows, inside=850)


def many_tickets(event, number: int) -> list:
    """Tickets of one registration, in two inserts."""
    registration = make_registration(event, 1, TEN - timedelta(days=20))
    tickets = []
    for serial in range(1, number + 1):
        code = codes.ticket_code(event.pk, serial, 1)
        tickets.append(
            Ticket(
                registration=registration,
                event=event,
                serial=serial,
                name=f"Person {serial}",
                age_band="16-17",
                fingerprint=codes.fingerprint(code),
                short_fingerprint=codes.short_fingerprint(code),
                issued_at=TEN - timedelta(days=20),
                changed_at=TEN - timedelta(days=20),
            )
        )
    return Ticket.objects.bulk_create(tickets)


@pytest.mark.django_db
@pytest.mark.database
def test_generated_hours_of_1000_scans_and_50_overlaps_end_the_same_in_any_order_and_twice(event):
    """SCHEDULES of them: a few with the other tests, all 100 in `make faults`."""
    devices = [make_phone(event), make_phone(event, gate="side")]
    tickets = many_tickets(event, 900)

    for seed in range(SCHEDULES):
        dice = random.Random(seed)
        hour = generated_hour(dice, tickets)
        assert sum(map(len, hour.told)) == 1000
        with transaction.atomic():
            upload(dice, devices, hour.told, size=dice.choice((170, 333, 500)))
            admissions, conflicts, rows, inside = what_stands(devices)
            transaction.set_rollback(True)
        assert admissions == hour.admissions, f"schedule {seed}"
        assert conflicts == hour.conflicts, f"schedule {seed}"
        assert rows == hour.rows, f"schedule {seed}"
        assert inside == hour.inside, f"schedule {seed}"
