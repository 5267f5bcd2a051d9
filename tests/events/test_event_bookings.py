"""Do bookings follow their edition, and does its capacity follow its spaces?"""

from datetime import timedelta

import pytest

from events.domain.bookings import SpaceUnavailable, confirm_booking
from events.domain.capacity import capacity_ceiling, events_above_ceiling
from events.domain.event_bookings import (
    move_event_bookings,
    plan_move,
    release_event_bookings,
    sessions_without_booking,
)
from events.models import Booking
from outbox.models import Message
from tests import factories
from tests.events.factories import TEN, hold

pytestmark = pytest.mark.database


@pytest.fixture
def building(db):
    """A whole that is safe for 100, of a hall for 60 and a studio for 80."""
    whole = factories.make_space("whole", capacity=100)
    return {
        "whole": whole,
        "hall": factories.make_space("hall", capacity=60, parent=whole),
        "studio": factories.make_space("studio", capacity=80, parent=whole),
    }


@pytest.fixture
def showcase(building):
    return factories.make_event(starts_at=TEN, ends_at=TEN + timedelta(hours=4), doors_open_at=TEN)


def test_bookings_move_along_are_held_again_and_the_venue_is_told(
    building, showcase, organiser, venue_person, noon
):
    building["hall"].venue.people.add(venue_person)
    day_before = hold(
        building["hall"],
        organiser,
        noon,
        event=showcase,
        starts_at=TEN - timedelta(days=1),
        ends_at=TEN - timedelta(hours=20),
    )
    on_the_day = hold(building["hall"], organiser, noon, event=showcase)
    confirm_booking(booking=on_the_day, by=venue_person, now=noon)
    Message.objects.all().delete()

    moved = move_event_bookings(
        event=showcase,
        starts_at=TEN + timedelta(hours=2),
        ends_at=TEN + timedelta(hours=8),
        by=organiser,
        now=noon,
    )

    day_before.refresh_from_db()
    on_the_day.refresh_from_db()
    assert [one.pk for one in moved] == [day_before.pk, on_the_day.pk]
    assert day_before.starts_at == TEN - timedelta(hours=22)
    assert (on_the_day.starts_at, on_the_day.ends_at) == (TEN + timedelta(hours=2), TEN + timedelta(hours=8))
    assert (on_the_day.state, on_the_day.covers.count()) == ("held", 1)
    told = Message.objects.filter(context__to=venue_person.pk, context__what="moved")
    assert told.count() == 2


def test_a_move_over_a_clock_change_keeps_the_time_on_the_clock(building, showcase, organiser, noon):
    booking = hold(building["hall"], organiser, noon, event=showcase)
    summer = TEN.replace(year=2027, month=6, hour=9)  # 10:00 in London

    move_event_bookings(
        event=showcase, starts_at=summer, ends_at=summer + timedelta(hours=4), by=organiser, now=noon
    )

    booking.refresh_from_db()
    assert booking.starts_at == summer


def test_what_cannot_move_stops_all_unless_it_is_to_be_released(building, showcase, organiser, noon):
    hall, studio = building["hall"], building["studio"]
    hold(hall, organiser, noon, event=showcase)
    hold(studio, organiser, noon, event=showcase)
    new = {"starts_at": TEN + timedelta(days=1), "ends_at": TEN + timedelta(days=1, hours=4)}
    hold(studio, organiser, noon, title="In the way", **new)

    steps = plan_move(event=showcase, now=noon, **new)
    with pytest.raises(SpaceUnavailable, match="Studio cannot move along"):
        move_event_bookings(event=showcase, by=organiser, now=noon, **new)
    unchanged = set(Booking.objects.filter(event=showcase).values_list("starts_at", "rank"))
    moved = move_event_bookings(event=showcase, by=organiser, now=noon, release_what_clashes=True, **new)

    assert [bool(step.words) for step in steps] == [False, True]
    assert unchanged == {(TEN, 1)}
    assert [one.space for one in moved] == [hall]
    assert Booking.objects.get(event=showcase, space=studio).state == "released"


def test_a_cancelled_event_gives_its_spaces_back(building, showcase, organiser, noon):
    hold(building["hall"], organiser, noon, event=showcase)
    waiting = hold(building["hall"], organiser, noon, as_option=True, title="Next in line")

    released = release_event_bookings(event=showcase, reason="Showcase cancelled", by=organiser, now=noon)

    waiting.refresh_from_db()
    assert [(one.state, one.release_reason) for one in released] == [("released", "Showcase cancelled")]
    assert waiting.rank == 1
    assert release_event_bookings(event=showcase, reason="Again", by=organiser, now=noon) == []


def test_capacity_is_what_the_spaces_hold_at_one_time(building, showcase, organiser, noon):
    hold(building["hall"], organiser, noon, event=showcase)
    alone = capacity_ceiling(event=showcase)
    hold(building["studio"], organiser, noon, event=showcase)

    together = capacity_ceiling(event=showcase)

    assert (alone.people, alone.is_estimate) == (60, False)
    assert together.people == 100  # 60 and 80, in a building that is safe for 100
    assert "Hall is held, not confirmed." in together.warnings


def test_the_same_hall_on_two_days_counts_once(building, showcase, organiser, noon):
    showcase.ends_at = TEN + timedelta(days=1, hours=4)
    showcase.save()
    hold(building["hall"], organiser, noon, event=showcase)
    hold(
        building["studio"],
        organiser,
        noon,
        event=showcase,
        starts_at=TEN + timedelta(days=1),
        ends_at=TEN + timedelta(days=1, hours=4),
    )

    assert capacity_ceiling(event=showcase).people == 80


def test_an_estimate_limits_and_says_so_and_none_is_no_number(building, showcase, organiser, noon):
    nothing = capacity_ceiling(event=showcase)
    standing = building["hall"].layouts.create(slug="standing", name="Standing", capacity=40)
    hold(building["hall"], organiser, noon, event=showcase, layout=standing)

    ceiling = capacity_ceiling(event=showcase)

    assert (nothing.people, nothing.is_estimate) == (None, True)
    assert (ceiling.people, ceiling.is_estimate) == (40, True)
    assert [
        (event, found.people) for event, found in events_above_ceiling(space=building["hall"], now=noon)
    ] == [(showcase, 40)]


def test_a_session_outside_the_bookings_is_named(building, showcase, organiser, noon):
    hold(building["whole"], organiser, noon, event=showcase, ends_at=TEN + timedelta(hours=2))
    factories.make_session(showcase, "inside", space=building["hall"], after_minutes=30)
    late = factories.make_session(showcase, "late", space=building["hall"], after_minutes=100)

    assert sessions_without_booking(event=showcase) == [late]
