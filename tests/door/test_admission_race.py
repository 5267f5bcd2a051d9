"""What happens when the same ticket, or the last safe place, meets many doors at the same moment?"""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from door.domain import admission
from door.domain.admission import admit
from door.models import Admission, CheckIn
from tests.door.factories import TEN, make_phone, make_scan, make_ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.thorough]
DOORS_AT_ONCE = 50


def at_the_same_moment(calls: list) -> list:
    """The answers of all calls, each in a thread of its own, started together."""
    start = Barrier(len(calls))

    def run(call):
        start.wait(timeout=60)
        try:
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_one_ticket_at_50_doors_is_admitted_once(event):
    phones = [make_phone(event, gate=f"gate-{n}") for n in range(DOORS_AT_ONCE)]
    ada = make_ticket(event)

    decisions = at_the_same_moment(
        [lambda phone=phone: admit(device=phone, scan=make_scan(ada, TEN), now=TEN) for phone in phones]
    )

    assert Counter(decision.verdict for decision in decisions) == {"admitted": 1, "already_admitted": 49}
    assert CheckIn.objects.count() == DOORS_AT_ONCE
    assert Admission.objects.count() == 1


def test_control_looking_first_and_writing_later_admits_several(event):
    """The same race against a door without the constraint: this test could fail."""
    phones = [make_phone(event, gate=f"gate-{n}") for n in range(DOORS_AT_ONCE)]
    ada = make_ticket(event)
    both_looked = Barrier(DOORS_AT_ONCE)

    def naive_admit(phone):
        is_new = not CheckIn.objects.filter(ticket=ada, verdict="admitted").exists()
        connection.close()
        both_looked.wait(timeout=60)
        return "admitted" if is_new else "already_admitted"

    verdicts = at_the_same_moment([lambda phone=phone: naive_admit(phone) for phone in phones])

    assert Counter(verdicts) == {"admitted": DOORS_AT_ONCE}


def test_one_scan_sent_many_times_at_once_is_kept_once(event):
    phone, ada = make_phone(event), make_ticket(event)
    scan = make_scan(ada, TEN)

    decisions = at_the_same_moment([lambda: admit(device=phone, scan=scan, now=TEN) for _ in range(10)])

    assert {decision.verdict for decision in decisions} == {"admitted"}
    assert sorted(decision.is_replay for decision in decisions) == [False] + [True] * 9
    assert CheckIn.objects.count() == 1


def test_safe_capacity_holds_when_many_come_at_once(event):
    event.safe_capacity = 8
    event.save()
    phones = [make_phone(event, gate=f"gate-{n}") for n in range(20)]
    tickets = [make_ticket(event, f"Person {n}") for n in range(20)]

    decisions = at_the_same_moment(
        [
            lambda phone=phone, ticket=ticket: admit(device=phone, scan=make_scan(ticket, TEN), now=TEN)
            for phone, ticket in zip(phones, tickets, strict=True)
        ]
    )

    assert Counter(decision.verdict for decision in decisions) == {"admitted": 8, "full": 12}


def test_1000_tickets_at_two_doors_at_the_same_moment_are_admitted_once_each(event):
    phones = [make_phone(event, gate=gate) for gate in ("main", "side")]
    type(event).objects.update(safe_capacity=None)
    tickets = [make_ticket(event, f"Person {n}") for n in range(1000)]

    def run(phone, mine):
        return [admit(device=phone, scan=make_scan(ticket, TEN), now=TEN).verdict for ticket in mine]

    both = at_the_same_moment([lambda phone=phone: run(phone, tickets) for phone in phones])

    assert [set(pair) for pair in zip(*both, strict=True)] == [{"admitted", "already_admitted"}] * 1000
    assert Admission.objects.standing().count() == 1000
    assert CheckIn.objects.count() == 2000


@pytest.fixture
def door_without_the_constraint(db):
    """The database as it would be with the rule in code alone; put right again afterwards."""
    rule = next(r for r in Admission._meta.constraints if r.name == "door_admission_one_standing")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Admission, rule)
    yield
    Admission.objects.all().delete()
    with connection.schema_editor() as editor:
        editor.add_constraint(Admission, rule)


def two_doors_that_both_looked(event, monkeypatch, tickets: int) -> tuple[list[set], int]:
    """Both doors look each ticket up before either writes:
    (the verdicts of each ticket, admissions that stand)."""
    phones = [make_phone(event, gate=gate) for gate in ("main", "side")]
    people = [make_ticket(event, f"Person {n}") for n in range(tickets)]
    both_looked, write = Barrier(2), admission._admit_at_once

    def write_after_both_looked(known, *scan):
        if known.standing is None:
            both_looked.wait(timeout=60)
        return write(known, *scan)

    monkeypatch.setattr(admission, "_admit_at_once", write_after_both_looked)

    def run(phone):
        return [admit(device=phone, scan=make_scan(ticket, TEN), now=TEN).verdict for ticket in people]

    both = at_the_same_moment([lambda phone=phone: run(phone) for phone in phones])
    return [set(pair) for pair in zip(*both, strict=True)], Admission.objects.standing().count()


def test_two_doors_that_both_looked_first_still_admit_each_ticket_once(event, monkeypatch):
    verdicts, standing = two_doors_that_both_looked(event, monkeypatch, 20)

    assert (verdicts, standing) == ([{"admitted", "already_admitted"}] * 20, 20)


def test_control_without_the_constraint_two_doors_admit_each_ticket_twice(
    event, monkeypatch, door_without_the_constraint
):
    """The same race in a database without the constraint: the test above could fail."""
    verdicts, standing = two_doors_that_both_looked(event, monkeypatch, 20)

    assert (verdicts, standing) == ([{"admitted"}] * 20, 40)
