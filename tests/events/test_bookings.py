"""May this space be had for this time, and who is told what else is free?"""

from datetime import timedelta

import pytest

from events.domain.availability import Wish, conflicts, find_spaces
from events.domain.bookings import (
    BookingSettled,
    CapacityNotConfirmed,
    SpaceUnavailable,
    TooManyPeople,
    confirm_booking,
    hold_space,
    lapse_holds,
    move_booking,
    release_booking,
)
from events.models import Booking, Closure, OpeningHours
from foundation.refusals import InvalidInput
from tests import factories

pytestmark = pytest.mark.database
TEN = factories.DAY.replace(hour=10, minute=0)


@pytest.fixture
def hall(db):
    return factories.make_space("hall", capacity=60)


def hold(space, organiser, now, **fields):
    fields = {
        "title": "Showcase One",
        "starts_at": TEN,
        "ends_at": TEN + timedelta(hours=4),
        "people": 40,
        "layout": space.layouts.get(slug="theatre"),
    } | fields
    return hold_space(space=space, held_by=organiser, now=now, **fields)


def test_a_hold_covers_set_up_and_clear_up(hall, organiser, noon):
    booking = hold(hall, organiser, noon, setup_minutes=60, clearup_minutes=30)

    assert (booking.state, booking.rank) == ("held", 1)
    assert booking.blocked_from == TEN - timedelta(minutes=60)
    assert booking.blocked_until == TEN + timedelta(hours=4, minutes=30)
    assert booking.hold_until == noon + timedelta(days=14)


def test_a_clash_carries_what_clashes_and_what_is_free(hall, organiser, noon):
    first = hold(hall, organiser, noon)
    other = factories.make_space("studio", capacity=80)

    with pytest.raises(SpaceUnavailable) as refused:
        hold(hall, organiser, noon, starts_at=TEN + timedelta(hours=1), ends_at=TEN + timedelta(hours=2))

    details = refused.value.details
    assert [clash["id"] for clash in details["clashes"]] == [first.pk]
    assert {one["space"] for one in details["alternatives"]} == {hall.slug, other.slug}
    assert Booking.objects.count() == 1


def test_a_second_option_moves_up_when_the_first_is_released(hall, organiser, noon):
    first = hold(hall, organiser, noon)
    second = hold(hall, organiser, noon, as_option=True, title="Second")
    with pytest.raises(SpaceUnavailable):
        hold(hall, organiser, noon, as_option=True, title="Third")

    release_booking(booking=first, by=organiser, reason="Moved elsewhere", now=noon)

    second.refresh_from_db()
    assert (second.rank, second.covers.count()) == (1, 1)


def test_a_hold_lapses_and_the_next_one_needs_no_tick(hall, organiser, noon):
    hold(hall, organiser, noon, hold_until=noon + timedelta(days=1))

    later = hold(hall, organiser, noon + timedelta(days=2), title="Later")

    assert later.rank == 1
    assert list(Booking.objects.order_by("pk").values_list("state", flat=True)) == ["released", "held"]
    assert lapse_holds(now=noon + timedelta(days=2)) == 0


def test_confirming_needs_a_confirmed_capacity(hall, organiser, noon):
    estimate = hall.layouts.create(slug="standing", name="Standing", capacity=90)
    sure, unsure = hold(hall, organiser, noon), None
    unsure = hold(
        hall,
        organiser,
        noon,
        starts_at=TEN + timedelta(days=1),
        ends_at=TEN + timedelta(days=1, hours=2),
        layout=estimate,
    )

    confirmed = confirm_booking(booking=sure, by=organiser, now=noon)
    with pytest.raises(CapacityNotConfirmed) as refused:
        confirm_booking(booking=unsure, by=organiser, now=noon)

    assert (confirmed.state, confirmed.confirmed_by) == ("confirmed", organiser)
    assert "how many people" in refused.value.message


def test_a_released_hold_cannot_be_confirmed(hall, organiser, noon):
    booking = hold(hall, organiser, noon)
    release_booking(booking=booking, by=organiser, reason="No longer needed", now=noon)

    with pytest.raises(BookingSettled):
        confirm_booking(booking=booking, by=organiser, now=noon)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_at": TEN}, "ends_at"),
        ({"ends_at": TEN - timedelta(hours=1)}, "ends_at"),
        ({"ends_at": TEN + timedelta(days=36_500)}, "ends_at"),
        ({"starts_at": TEN - timedelta(days=30)}, "starts_at"),
        ({"people": 0}, "people"),
        ({"people": 61}, "people"),
        ({"title": " "}, "title"),
        ({"setup_minutes": -1}, "setup_minutes"),
        ({"starts_at": TEN + timedelta(seconds=1)}, "starts_at"),
    ],
)
def test_what_cannot_be_is_refused_with_its_field(hall, organiser, noon, fields, field):
    with pytest.raises(InvalidInput) as refused:
        hold(hall, organiser, noon, **fields)

    assert field in refused.value.fields
    assert not Booking.objects.exists()


def test_opening_hours_and_closures_hold_for_set_up_too(hall, organiser, noon):
    OpeningHours.objects.create(space=hall, weekday=TEN.weekday(), opens_at="09:30", closes_at="18:00")
    with pytest.raises(InvalidInput, match="opening hours"):
        hold(hall, organiser, noon, setup_minutes=60)
    Closure.objects.create(
        space=hall, starts_at=TEN + timedelta(hours=3), ends_at=TEN + timedelta(days=1), reason="Repairs"
    )

    with pytest.raises(InvalidInput, match="Repairs"):
        hold(hall, organiser, noon)


def test_moving_leaves_nothing_behind(hall, organiser, noon):
    booking = hold(hall, organiser, noon)

    moved = move_booking(
        booking=booking, starts_at=TEN + timedelta(days=1), ends_at=TEN + timedelta(days=1, hours=4), now=noon
    )

    assert hold(hall, organiser, noon, title="In its place").rank == 1
    assert moved.covers.get().blocked_from == TEN + timedelta(days=1)


@pytest.mark.parametrize("number", [1, 3])
def test_finding_spaces_costs_the_same_for_any_number(db, noon, organiser, number, assert_statements):
    for index in range(number):
        hold(factories.make_space(f"hall-{index}"), organiser, noon)

    with assert_statements(6):
        found = find_spaces(wish=Wish(starts_at=TEN, ends_at=TEN + timedelta(hours=1), people=10), now=noon)

    assert [one.free for one in found] == [False] * number


def test_bookings_that_touch_are_no_clash(hall, organiser, noon):
    hold(hall, organiser, noon)

    after = hold(hall, organiser, noon, starts_at=TEN + timedelta(hours=4), ends_at=TEN + timedelta(hours=5))
    before = hold(hall, organiser, noon, starts_at=TEN - timedelta(hours=1), ends_at=TEN)

    assert (after.rank, before.rank) == (1, 1)
    assert (
        conflicts(space=hall, starts_at=TEN + timedelta(hours=5), ends_at=TEN + timedelta(hours=6), now=noon)
        == []
    )


def test_a_hold_whose_time_is_up_is_in_nobodys_way(hall, organiser, noon):
    booking = hold(hall, organiser, noon, hold_until=noon + timedelta(hours=1))
    period = {"space": hall, "starts_at": TEN, "ends_at": TEN + timedelta(hours=1)}

    assert conflicts(**period, now=noon + timedelta(minutes=59)) == [booking]
    assert conflicts(**period, now=noon + timedelta(hours=1)) == []


def test_a_second_option_is_not_confirmed_before_the_first_is_released(hall, organiser, venue_person, noon):
    hold(hall, organiser, noon)
    second = hold(hall, organiser, noon, as_option=True)

    with pytest.raises(BookingSettled, match="second option"):
        confirm_booking(booking=second, by=venue_person, now=noon)

    second.refresh_from_db()
    assert (second.state, second.rank) == ("held", 2)


def test_more_people_than_the_venue_confirmed_since_are_not_confirmed(hall, organiser, venue_person, noon):
    booking = hold(hall, organiser, noon, people=40)
    hall.layouts.update(capacity=39)
    booking.refresh_from_db()

    with pytest.raises(TooManyPeople):
        confirm_booking(booking=booking, by=venue_person, now=noon)

    booking.refresh_from_db()
    assert booking.state == "held"
