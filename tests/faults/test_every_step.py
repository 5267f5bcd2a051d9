"""What if the database fails at the first statement, at the second, and at each after it? (RE-04)

Every statement of every act fails in turn. Then nothing of the act stands, and doing it again does it.
"""

import contextlib
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from desk.domain.bulk_cancellation import OthersByNow, cancel_fitting
from desk.domain.erasure import erase_registration
from desk.domain.registration_lists import Wanted
from desk.models import ErasureReceipt
from door.domain.admission import admit, admit_all
from door.domain.instructions import give
from door.models import Admission, CheckIn, Instruction
from events.models import Event
from outbox.models import Message
from tests import factories
from tests.door.factories import TEN, make_phone, make_scan
from tickets.domain.changes import cancel_registration
from tickets.models import Registration, Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.thorough]
NOW = factories.DAY - timedelta(days=7)
FRAME = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
MOST = 60


class FailAt:
    """Lets so many statements pass, then fails one."""

    def __init__(self, number: int) -> None:
        self.left, self.failed = number, False

    def __call__(self, execute, sql, params, many, context):
        if not sql.lstrip().startswith(FRAME) and not self.failed:
            if self.left == 0:
                self.failed = True
                raise OperationalError("the database went away")
            self.left -= 1
        return execute(sql, params, many, context)


def state() -> tuple:
    """All that the acts may change, as counts and values."""
    event = Event.objects.get()
    return (
        event.places_taken,
        sorted(Registration.objects.values_list("reference", "state", "lead_name")),
        sorted(Ticket.objects.values_list("serial", "state", "name")),
        CheckIn.objects.count(),
        Admission.objects.count(),
        Message.objects.count(),
        ErasureReceipt.objects.count(),
        Instruction.objects.count(),
        event.registration_closes_at,
    )


def taken_is_right() -> bool:
    return Event.objects.get().places_taken == Ticket.objects.taking_a_place().count()


def break_each_step(act) -> int:
    """Run act with each of its statements failing in turn, then once whole; return how many there were."""
    before = state()
    for number in range(MOST):
        fault = FailAt(number)
        with connection.execute_wrapper(fault), contextlib.suppress(OperationalError):
            act()
        if not fault.failed:
            assert taken_is_right()
            return number
        assert state() == before, f"statement {number} left something behind"
    raise AssertionError("the act never came to its end")


@pytest.fixture
def ada(event):
    return factories.sign_up(event, "Ada Example", age=14, access_needs="a ramp", now=NOW)


def test_registering(event):
    assert (
        break_each_step(
            lambda: factories.sign_up(event, "Bob Example", age=14, access_needs="a ramp", now=NOW)
        )
        > 5
    )
    assert Ticket.objects.count() == 1


def test_cancelling(ada):
    assert break_each_step(lambda: cancel_registration(registration=ada.registration, now=NOW)) > 4


def test_admitting(event):
    ticket, phone = factories.sign_up(event, "Cy Example", age=30 - 9, now=NOW), make_phone(event)
    scan = make_scan(ticket, TEN)

    assert break_each_step(lambda: admit(device=phone, scan=scan, now=TEN)) > 1
    assert (CheckIn.objects.count(), Admission.objects.count()) == (1, 1)


def test_admitting_a_whole_batch(event):
    """A batch stands whole or not at all; sent again it is decided as if it came once.

    One scan is there twice.
    """
    phone = make_phone(event)
    people = [
        factories.sign_up(event, name, now=NOW) for name in ("Cy Example", "Dee Example", "Eve Example")
    ]
    scans = [
        make_scan(ticket, TEN + timedelta(minutes=n), decided="admitted") for n, ticket in enumerate(people)
    ]
    scans += [make_scan(people[0], TEN + timedelta(minutes=9)), make_scan("nonsense", TEN), scans[0]]
    later = TEN + timedelta(hours=1)

    assert break_each_step(lambda: admit_all(device=phone, scans=scans, now=later)) > 4
    assert (CheckIn.objects.count(), Admission.objects.count()) == (5, 3)


def test_cancelling_many(event, organiser):
    for number in range(3):
        factories.sign_up(event, f"Bot{number} Example", email=f"b{number}@bots.example", now=NOW)
    bots = {
        "event": event,
        "wanted": Wanted(search="@bots.example"),
        "matching": 3,
        "reason": "Made by a bot",
    }

    def act() -> None:
        with contextlib.suppress(OthersByNow):
            cancel_fitting(**bots, tell=True, by=organiser, now=NOW)

    assert break_each_step(act) > 8
    assert Event.objects.get().places_taken == 0


def test_telling_every_phone(event, organiser):
    def act() -> None:
        give(event=event, kind="lock-down", is_drill=False, by=organiser, now=TEN)

    assert break_each_step(act) > 3
    assert Instruction.objects.count() == 1
    assert Event.objects.get().registration_closes_at == TEN


def test_erasing(ada):
    def act() -> None:
        erase_registration(registration=ada.registration, reason="owner", now=NOW)

    assert break_each_step(act) > 8
    assert Ticket.objects.get().name == ""
