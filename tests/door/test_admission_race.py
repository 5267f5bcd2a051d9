"""What happens when the same ticket, or the last safe place, meets many doors at the same moment?"""

import json
import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from threading import Barrier
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection
from django.utils import timezone

from bench.server import serving
from door.domain import admission
from door.domain.admission import admit
from door.models import Admission, CheckIn, Conflict, Device
from tests.door.factories import TEN, make_phone, make_scan, make_ticket, scan_body
from tickets.models import Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.thorough]
DOORS_AT_ONCE = 50
RACES = int(os.environ.get("RACES", "3"))


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
    """Both doors look each ticket up, held by neither, before either writes.

    Answers the verdicts of each ticket, and the admissions that stand.
    """
    phones = [make_phone(event, gate=gate) for gate in ("main", "side")]
    type(event).objects.update(safe_capacity=None)  # near it, the event would be held
    people = [make_ticket(event, f"Person {n}") for n in range(tickets)]
    both_looked, look = Barrier(2), admission.histories_of

    def look_and_wait(**of_what):
        histories, stored = look(**of_what)
        if not histories:
            both_looked.wait(timeout=60)
        return histories, stored

    monkeypatch.setattr(admission, "_hold", lambda ticket_ids: None)
    monkeypatch.setattr(admission, "histories_of", look_and_wait)

    def run(phone):
        return [admit(device=phone, scan=make_scan(ticket, TEN), now=TEN).verdict for ticket in people]

    both = at_the_same_moment([lambda phone=phone: run(phone) for phone in phones])
    return [set(pair) for pair in zip(*both, strict=True)], Admission.objects.standing().count()


several_writers = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite has one writer: nobody else looks before it has written"
)


@several_writers
def test_two_doors_that_both_looked_first_still_admit_each_ticket_once(event, monkeypatch):
    """Were the ticket not held, the constraint would still keep the second door out."""
    verdicts, standing = two_doors_that_both_looked(event, monkeypatch, 20)

    assert (verdicts, standing) == ([{"admitted", "already_admitted"}] * 20, 20)


@several_writers
def test_control_without_the_constraint_two_doors_admit_each_ticket_twice(
    event, monkeypatch, door_without_the_constraint
):
    """The same race in a database without the constraint: the test above could fail."""
    verdicts, standing = two_doors_that_both_looked(event, monkeypatch, 20)

    assert (verdicts, standing) == ([{"admitted"}] * 20, 40)


@pytest.fixture
def served(db):
    """The port of a real server on the tests' database: two processes, where the database takes several."""
    name = connection.settings_dict["NAME"]
    environment = {"DATABASE_URL": f"sqlite:///{name}", "WEB_CONCURRENCY": "1"}
    if connection.vendor == "postgresql":
        whole = os.environ["DATABASE_URL"]
        environment = {"DATABASE_URL": _with_name(whole, name), "WEB_CONCURRENCY": "2"}
    with serving(environment=environment | {"DEVELOPMENT": "1"}) as (port, _, _):
        yield port


def _with_name(url: str, name: str) -> str:
    """The same database server, another database; its socket may stand behind the question mark."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{name}"))


def send_at_once(port: int, phones: list[Device], ticket: Ticket, *, tells_clock: bool) -> Counter:
    """The verdicts of one ticket at all these doors in one moment, over connections that stand already."""
    start = Barrier(len(phones))

    def scan(phone: Device) -> str:
        line = HTTPConnection("127.0.0.1", port, timeout=60)
        line.connect()
        start.wait(timeout=60)
        now = timezone.now()
        clock = {"device_now": now.isoformat()} if tells_clock else {}
        headers = {"Authorization": f"Bearer door_{phone.name}", "Content-Type": "application/json"}
        line.request("POST", "/api/v1/check-ins/", json.dumps(scan_body(ticket, now, **clock)), headers)
        answered = json.loads(line.getresponse().read())
        line.close()
        return answered["verdict"]

    with ThreadPoolExecutor(len(phones)) as pool:
        return Counter(pool.map(scan, phones))


@pytest.mark.parametrize("tells_clock", [True, False], ids=["tells its clock", "no clock"])
@pytest.mark.parametrize("doors", [8, 50])
def test_one_ticket_at_many_doors_of_a_real_server_is_one_green_for_the_stewards(
    open_day, served, doors, tells_clock
):
    """As an answer, not only in the books. RACES: a few with the other tests, 100 in `make faults`."""
    phones = [make_phone(open_day, gate=f"gate-{n}", name=f"phone-{n}") for n in range(doors)]
    tickets = [make_ticket(open_day, f"Person {n}") for n in range(RACES)]

    told = [send_at_once(served, phones, ticket, tells_clock=tells_clock) for ticket in tickets]

    assert told == [{"admitted": 1, "already_admitted": doors - 1}] * RACES
    assert Admission.objects.count() == RACES
    assert not Conflict.objects.exists()
