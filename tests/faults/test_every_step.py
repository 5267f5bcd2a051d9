"""What if the database fails at the first statement, at the second, and at each after it? (RE-04)

Every statement of every act fails in turn. Then nothing of the act stands, and doing it again does it.
"""

import contextlib
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from events.models import Event
from outbox.models import Message
from tests import cast
from tests.tickets.door_cast import TEN, make_phone, make_scan
from tickets.domain.admission import admit
from tickets.domain.changes import cancel_registration
from tickets.domain.erasure import erase_registration
from tickets.models import Admission, CheckIn, ErasureReceipt, Registration, Ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.thorough]
NOW = cast.DAY - timedelta(days=7)
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
def ada(edition):
    return cast.sign_up(edition, "Ada Example", age=14, access_needs="a ramp", now=NOW)


def test_registering(edition):
    assert (
        break_each_step(lambda: cast.sign_up(edition, "Bob Example", age=14, access_needs="a ramp", now=NOW))
        > 5
    )
    assert Ticket.objects.count() == 1


def test_cancelling(ada):
    assert break_each_step(lambda: cancel_registration(registration=ada.registration, now=NOW)) > 4


def test_admitting(edition):
    ticket, phone = cast.sign_up(edition, "Cy Example", age=30 - 9, now=NOW), make_phone(edition)
    scan = make_scan(ticket, TEN)

    assert break_each_step(lambda: admit(device=phone, scan=scan, now=TEN)) > 1
    assert (CheckIn.objects.count(), Admission.objects.count()) == (1, 1)


def test_erasing(ada):
    def act() -> None:
        erase_registration(registration=ada.registration, reason="owner", now=NOW)

    assert break_each_step(act) > 8
    assert Ticket.objects.get().name == ""
