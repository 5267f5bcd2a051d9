"""What happens when twenty people want one slot at the same moment?"""

import contextlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from auditlog.models import LogEntry
from django.db import connection

from events.domain.availability import conflicts
from events.domain.bookings import (
    SpaceUnavailable,
    confirm_booking,
    hold_space,
    lapse_holds,
    move_booking,
    release_booking,
)
from events.models import Booking, BookingCover
from foundation.refusals import Refusal
from tests import factories
from tests.events.factories import TEN, hold

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.thorough]
AT_ONCE = 20


def at_the_same_moment(calls: list) -> list:
    """The answers of all calls, each in a thread of its own, started together."""
    start = Barrier(len(calls))

    def run(call):
        start.wait(timeout=60)
        try:
            return call()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def building(db):
    """A whole with a hall, and a studio that stands by itself."""
    whole = factories.make_space("whole", capacity=200)
    return [whole, factories.make_space("hall", parent=whole), factories.make_space("studio", capacity=90)]


def test_one_of_twenty_wins_and_the_others_hear_what_is_free(building, organiser, noon):
    hall = building[1]

    answers = at_the_same_moment([lambda: hold(hall, organiser, noon) for _ in range(AT_ONCE)])

    assert Counter(type(one) for one in answers) == {Booking: 1, SpaceUnavailable: AT_ONCE - 1}
    won = Booking.objects.get()
    for refusal in (one for one in answers if isinstance(one, SpaceUnavailable)):
        assert [clash["id"] for clash in refusal.details["clashes"]] == [won.pk]
        assert {"hall", "studio"} <= {one["space"] for one in refusal.details["alternatives"]}


def test_the_whole_and_its_part_are_one_slot(building, organiser, noon):
    spaces = building[:2] * (AT_ONCE // 2)

    answers = at_the_same_moment([lambda space=space: hold(space, organiser, noon) for space in spaces])

    assert Counter(type(one) for one in answers) == {Booking: 1, SpaceUnavailable: AT_ONCE - 1}
    assert BookingCover.objects.filter(space=building[1]).count() == 1


def test_one_of_twenty_gets_the_second_option(building, organiser, noon):
    hall = building[1]
    hold(hall, organiser, noon)

    answers = at_the_same_moment(
        [lambda: hold(hall, organiser, noon, as_option=True) for _ in range(AT_ONCE)]
    )

    assert Counter(type(one) for one in answers) == {Booking: 1, SpaceUnavailable: AT_ONCE - 1}
    assert Booking.objects.get(rank=2)


def test_a_hold_that_lapses_while_it_is_confirmed_is_one_or_the_other(building, organiser, noon):
    booking = hold(building[1], organiser, noon)
    due = booking.hold_until

    at_the_same_moment(
        [
            lambda n=n: (
                lapse_holds(now=due)
                if n % 2
                else confirm_booking(booking=Booking.objects.get(), by=organiser, now=noon)
            )
            for n in range(10)
        ]
    )

    booking.refresh_from_db()
    assert (booking.state, booking.covers.count()) in {("confirmed", 1), ("released", 0)}


def test_control_looking_first_and_writing_later_lets_several_win(building, noon):
    """The same race against a rule in code alone: this test could fail."""
    hall = building[1]
    all_looked = Barrier(AT_ONCE)

    def naive_hold():
        is_free = not conflicts(space=hall, starts_at=TEN, ends_at=TEN.replace(hour=14), now=noon)
        connection.close()
        all_looked.wait(timeout=60)
        return "held" if is_free else "taken"

    answers = at_the_same_moment([naive_hold] * AT_ONCE)

    assert Counter(answers) == {"held": AT_ONCE}


def test_a_crash_between_any_two_statements_leaves_no_half_booking(building, organiser, noon):
    """Cut the connection's hand after the first statement, the second, and so on:
    all of a booking, or nothing."""
    from outbox.models import Message

    class Crash(Exception):
        pass

    hall = building[1]
    hall.venue.people.add(factories.make_user("venue"))
    done, allowed = False, 0
    while not done:
        left = [allowed]

        def cut(execute, sql, params, many, context, left=left):
            if left[0] == 0:
                raise Crash
            left[0] -= 1
            return execute(sql, params, many, context)

        try:
            with connection.execute_wrapper(cut):
                hold_space(
                    space=hall,
                    title="Showcase One",
                    starts_at=TEN,
                    ends_at=TEN.replace(hour=14),
                    people=10,
                    held_by=organiser,
                    now=noon,
                    layout=hall.layouts.get(),
                )
            done = True
        except Crash:
            assert (Booking.objects.count(), BookingCover.objects.count(), Message.objects.count()) == (
                0,
                0,
                0,
            )
        allowed += 1

    assert allowed > 8
    assert (Booking.objects.count(), BookingCover.objects.count()) == (1, 1)
    assert Message.objects.filter(purpose="booking").count() == 2


ACTS = {
    "confirm": lambda booking, by, now: confirm_booking(booking=booking, by=by, now=now),
    "move": lambda booking, by, now: move_booking(
        booking=booking, starts_at=TEN.replace(hour=15), ends_at=TEN.replace(hour=17), by=by, now=now
    ),
    "release": lambda booking, by, now: release_booking(booking=booking, by=by, reason="Moved", now=now),
}


@pytest.mark.parametrize("act", ACTS)
def test_a_crash_between_any_two_statements_leaves_a_booking_as_it_was(building, organiser, noon, act):
    """As above for what happens to a booking later:
    all of the change with its covers, history and mail, or none."""
    from outbox.models import Message

    class Crash(Exception):
        pass

    hall = building[1]
    hall.venue.people.add(factories.make_user("venue"))
    pk = hold(hall, organiser, noon).pk

    def state() -> tuple:
        return (
            Booking.objects.values_list("state", "starts_at", "ends_at").get(pk=pk),
            sorted(BookingCover.objects.values_list("space_id", "booking_id")),
            LogEntry.objects.count(),
            Message.objects.count(),
        )

    before = state()
    for allowed in range(80):
        left, crashed = [allowed], []

        def cut(execute, sql, params, many, context, left=left, crashed=crashed):
            if left[0] == 0:
                crashed.append(sql)
                raise Crash
            left[0] -= 1
            return execute(sql, params, many, context)

        with contextlib.suppress(Crash), connection.execute_wrapper(cut):
            ACTS[act](Booking.objects.get(pk=pk), organiser, noon)
        if not crashed:
            break
        assert state() == before, f"cut at statement {allowed}"

    assert allowed > 4
    assert state()[0] != before[0]
    assert state()[2] > before[2]
