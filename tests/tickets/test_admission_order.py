"""Does what stands depend on the order in which offline scans arrive? It must not."""

import random
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from tests.tickets.door_cast import TEN, make_phone, make_scan, make_ticket
from tickets.domain.admission import admit_all
from tickets.domain.occupancy import occupancy
from tickets.models import Admission, CheckIn, Conflict

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
def test_result_is_the_same_for_100_orders_of_arrival(edition):
    devices = [make_phone(edition), make_phone(edition, gate="side")]
    tickets = [make_ticket(edition, f"Person {n}") for n in range(20)]
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
def test_an_hour_offline_at_two_doors_with_1000_scans_and_50_overlaps(edition):
    devices = [make_phone(edition), make_phone(edition, gate="side")]
    tickets = [make_ticket(edition, f"Person {n}") for n in range(950)]
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


@pytest.mark.django_db
def test_100_generated_hours_offline_end_the_same_in_any_order_and_twice(edition):
    devices = [make_phone(edition), make_phone(edition, gate="side")]
    tickets = [make_ticket(edition, f"Person {n}") for n in range(30)]

    for seed in range(100):
        told = offline_hour(random.Random(seed), tickets, overlaps=5)
        results = []
        for order in range(2):
            with transaction.atomic():
                upload(random.Random(1000 * order + seed), devices, told, size=17)
                results.append(what_stands(devices))
                transaction.set_rollback(True)
        assert results[0] == results[1], f"schedule {seed}"
        assert len(results[0][2]) == sum(len(scans) for scans in told)
        assert len(results[0][0]) == len(tickets)
