"""Does a PIN open what its role may do, and resist guessing?"""

from datetime import timedelta

import pytest

from door.domain import pins
from door.models import DoorPin
from foundation.refusals import InvalidInput
from tests import factories
from tests.door.factories import TEN, make_phone

pytestmark = pytest.mark.django_db


def test_pin_makes_the_phone_a_supervisors_for_twelve_hours(event, phone):
    pins.set_pin(event=event, role="supervisor", pin="274951", now=TEN, by=None)
    pins.set_pin(event=event, role="welfare", pin="583920", now=TEN, by=None)

    role = pins.unlock(device=phone, pin=" 274951", now=TEN)

    phone.refresh_from_db()
    assert (role, phone.supervisor_until, phone.welfare_until) == (
        "supervisor",
        TEN + timedelta(hours=12),
        None,
    )
    assert "274951" not in DoorPin.objects.get(role="supervisor").pin_hash


@pytest.mark.parametrize(
    "pin", ["", "12345", "1234567890123", "aaaaaa", "111111", "121212", "123456", "654321"]
)
def test_pin_that_is_easily_guessed_is_refused(event, pin):
    with pytest.raises(InvalidInput):
        pins.set_pin(event=event, role="supervisor", pin=pin, now=TEN, by=None)

    assert not DoorPin.objects.exists()


def test_two_roles_have_two_pins(event):
    pins.set_pin(event=event, role="supervisor", pin="274951", now=TEN, by=None)

    with pytest.raises(InvalidInput):
        pins.set_pin(event=event, role="welfare", pin="274951", now=TEN, by=None)


def test_guessing_a_pin_locks_it_for_a_while(event, phone):
    pins.set_pin(event=event, role="supervisor", pin="274951", now=TEN, by=None)
    for guess in range(pins.TRIES):
        with pytest.raises(pins.PinRefused):
            pins.unlock(device=phone, pin=f"90000{guess}", now=TEN)

    with pytest.raises(pins.PinRefused, match="Too many"):
        pins.unlock(device=phone, pin="274951", now=TEN)
    assert pins.unlock(device=phone, pin="274951", now=TEN + pins.LOCKED_FOR) == "supervisor"


def test_wrong_pins_on_one_phone_shut_nobody_else_out(event, phone):
    """Eight on one phone lock that phone; the desk unlocks it at once."""
    pins.set_pin(event=event, role="welfare", pin="583920", now=TEN, by=None)
    other = make_phone(event, gate="side")
    for guess in range(pins.TRIES):
        with pytest.raises(pins.PinRefused):
            pins.unlock(device=phone, pin=f"90000{guess}", now=TEN)

    assert pins.unlock(device=other, pin="583920", now=TEN) == "welfare"
    with pytest.raises(pins.PinRefused, match="on this phone"):
        pins.unlock(device=phone, pin="583920", now=TEN)
    pins.clear_tries(device=phone)
    assert pins.unlock(device=phone, pin="583920", now=TEN) == "welfare"


def test_guessing_on_many_phones_locks_the_event(event):
    pins.set_pin(event=event, role="supervisor", pin="274951", now=TEN, by=None)
    phones = [make_phone(event) for _ in range(pins.TRIES_AT_EVENT // pins.TRIES)]
    for guesser in phones:
        for guess in range(pins.TRIES):
            with pytest.raises(pins.PinRefused):
                pins.unlock(device=guesser, pin=f"90000{guess}", now=TEN)

    with pytest.raises(pins.PinRefused, match="Too many"):
        pins.unlock(device=make_phone(event), pin="274951", now=TEN)


def test_knowing_one_pin_does_not_help_to_guess_the_other(event, phone):
    pins.set_pin(event=event, role="supervisor", pin="274951", now=TEN, by=None)
    pins.set_pin(event=event, role="welfare", pin="583920", now=TEN, by=None)
    for guess in range(pins.TRIES):
        with pytest.raises(pins.PinRefused):
            pins.unlock(device=phone, pin=f"90000{guess}", now=TEN)
        if guess < pins.TRIES - 1:
            pins.unlock(device=phone, pin="583920", now=TEN)

    with pytest.raises(pins.PinRefused):
        pins.unlock(device=phone, pin="274951", now=TEN)


def test_pin_of_another_event_opens_nothing(event, phone):
    pins.set_pin(event=factories.make_event("other"), role="supervisor", pin="274951", now=TEN, by=None)

    with pytest.raises(pins.PinRefused):
        pins.unlock(device=phone, pin="274951", now=TEN)


def test_no_other_role_has_a_pin(event):
    with pytest.raises(InvalidInput) as refused:
        pins.set_pin(event=event, role="organiser", pin="274951", now=TEN, by=None)

    assert (set(refused.value.fields), DoorPin.objects.count()) == ({"role"}, 0)
