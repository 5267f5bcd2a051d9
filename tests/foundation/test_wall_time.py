"""Which instant is a clock on the wall, over nights and both clock changes of 2027?"""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from events.domain.availability import is_open
from events.domain.bookings import hold_space
from events.domain.repeats import hold_repeat, plan_repeat
from events.domain.space_use import use_of
from events.models import Booking, OpeningHours, Space
from foundation.wall_time import (
    TimeDoesNotExist,
    TimeHappensTwice,
    day_bounds,
    instant,
    shifted,
    wall_time,
)
from tests import factories
from tests.events.factories import hold

SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute))


@pytest.mark.parametrize("minute", [0, 30, 59])
def test_an_hour_of_spring_does_not_exist(minute):
    with pytest.raises(TimeDoesNotExist, match="Choose a time an hour later"):
        instant(at(SPRING, 1, minute))


def test_an_hour_of_autumn_happens_twice():
    with pytest.raises(TimeHappensTwice) as asked:
        instant(at(AUTUMN, 1, 30))

    first, second = instant(at(AUTUMN, 1, 30), later=False), instant(at(AUTUMN, 1, 30), later=True)
    assert second - first == timedelta(hours=1)
    assert asked.value.details["choices"] == ["2027-10-31T01:30:00+01:00", "2027-10-31T01:30:00+00:00"]


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2027, 6, 1), 24)])
def test_a_day_has_its_hours(day, hours):
    begin, end = day_bounds(day)

    assert end - begin == timedelta(hours=hours)


@pytest.mark.parametrize(("night", "hours"), [(SPRING, 7), (AUTUMN, 9)])
def test_a_night_over_a_clock_change_is_booked_for_its_real_length(db, organiser, noon, night, hours):
    hall = factories.make_space("hall")
    evening = night - timedelta(days=1)

    booking = hold(
        hall,
        organiser,
        noon,
        starts_at=instant(at(evening, 22)),
        ends_at=instant(at(night, 6)),
        setup_minutes=60,
    )

    booking.refresh_from_db()
    assert booking.ends_at - booking.starts_at == timedelta(hours=hours)
    assert wall_time(booking.blocked_from).strftime("%H:%M") == "21:00"


def test_the_two_same_hours_are_two_slots(db, organiser, noon):
    hall = factories.make_space("hall")
    first, second = instant(at(AUTUMN, 1), later=False), instant(at(AUTUMN, 1), later=True)

    for start in (first, second):
        hold(hall, organiser, noon, starts_at=start, ends_at=start + timedelta(hours=1))

    assert Booking.objects.filter(rank=1).count() == 2


def test_a_moment_of_a_zone_is_booked_as_the_instant_that_it_is(db, organiser, noon):
    """Python counts by the clock on the wall within one zone:
    set-up would otherwise lose or gain the hour."""
    hall = factories.make_space("hall")
    start = wall_time(instant(at(AUTUMN, 1, 30), later=True))

    booking = hold_space(
        space=hall,
        title="Late",
        starts_at=start,
        ends_at=start.astimezone(UTC) + timedelta(hours=1),
        people=5,
        held_by=organiser,
        now=noon,
        layout=hall.layouts.get(),
        setup_minutes=60,
    )

    assert booking.blocked_from == instant(at(AUTUMN, 1, 30), later=False)


def test_opening_hours_past_midnight_cover_the_night(db):
    hours = [OpeningHours(weekday=5, opens_at=time(18), closes_at=time(3))]

    assert is_open(hours=hours, starts_at=instant(at(date(2027, 10, 30), 22)), ends_at=instant(at(AUTUMN, 3)))
    assert not is_open(
        hours=hours, starts_at=instant(at(date(2027, 10, 30), 22)), ends_at=instant(at(AUTUMN, 3, 15))
    )


def test_open_hours_of_a_night_count_the_clock_change(db):
    hall = factories.make_space("hall")
    OpeningHours.objects.create(space=hall, weekday=5, opens_at=time(18), closes_at=time(3))

    (figure,) = use_of(spaces=Space.objects.all(), first=date(2027, 10, 25), last=AUTUMN)

    assert figure.open_hours == 10


def test_parts_keep_the_hours_of_their_whole(db, organiser, noon):
    whole = factories.make_space("whole")
    part = factories.make_space("part", parent=whole)
    OpeningHours.objects.create(space=whole, weekday=1, opens_at=time(18), closes_at=time(22))

    from foundation.refusals import InvalidInput

    with pytest.raises(InvalidInput, match="Outside opening hours"):
        hold(part, organiser, noon)


def plan(hall, **fields):
    if "layout" not in fields:
        fields["layout"] = hall.layouts.get()
    fields = {"people": 10, "setup_minutes": 0, "clearup_minutes": 0, "every_days": 7} | fields
    return plan_repeat(space=hall, **fields)


def test_a_repeat_keeps_the_time_on_the_clock_over_both_changes(db, organiser, noon):
    hall = factories.make_space("hall")
    start = instant(at(date(2027, 3, 21), 10))

    turns = plan(hall, starts_at=start, ends_at=start + timedelta(hours=2), until=date(2027, 4, 4), now=noon)
    made = hold_repeat(
        turns=turns,
        space=hall,
        title="Weekly",
        people=10,
        layout=hall.layouts.get(),
        held_by=organiser,
        now=noon,
    )

    assert [wall_time(one.starts_at).strftime("%d %H:%M %Z") for one in made] == [
        "21 10:00 GMT",
        "28 10:00 BST",
        "04 10:00 BST",
    ]


def night(hour: int, minute: int, *, later: bool | None = None, day: int = 31):
    """On 31 October 2027 the clocks go back at 02:00: from 01:00 to 02:00 every minute happens twice."""
    return instant(at(date(2027, 10, day), hour, minute), later=later)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        # From 20:00 the Saturday before to 20:00 of that night: the party ends after as long as it did.
        (night(1, 30, day=24), night(1, 30, later=False)),
        (night(0, 59, day=24), night(0, 59)),
        (night(2, 0, day=24), night(2, 0)),
    ],
)
def test_what_is_moved_into_the_night_when_the_clocks_go_back_keeps_its_length(was, becomes):
    old, new = night(20, 0, day=23), night(20, 0, day=30)

    assert shifted(was, old=old, new=new) == becomes


@pytest.mark.parametrize("later", [False, True])
def test_what_begins_with_the_old_begins_with_the_new_in_that_hour_too(later):
    old, new = night(1, 30, day=24), night(1, 30, later=later)

    assert shifted(old, old=old, new=new) == new
    assert shifted(old + timedelta(minutes=20), old=old, new=new) == new + timedelta(minutes=20)


@pytest.mark.parametrize("later", [False, True])
def test_what_stays_in_that_night_stays_as_it_is(later):
    begins, ends = night(0, 30), night(1, 30, later=later)

    assert shifted(ends, old=begins, new=begins) == ends


def test_a_repeat_says_which_date_does_not_exist(db, noon):
    hall = factories.make_space("hall")
    start = instant(at(date(2027, 3, 21), 1, 30))

    turns = plan(hall, starts_at=start, ends_at=start + timedelta(hours=2), until=date(2027, 4, 4), now=noon)

    assert [turn.free for turn in turns] == [True, False, True]
    assert "does not exist" in turns[1].reasons[0]


@pytest.mark.parametrize("until", [date(2027, 1, 18), date(2027, 12, 27)])
def test_planning_a_repeat_costs_the_same_for_any_number(db, noon, until, assert_statements):
    hall = factories.make_space("hall")
    start = instant(at(date(2027, 1, 4), 10))
    hall = Space.objects.select_related("venue").get()
    layout = hall.layouts.get()

    with assert_statements(7):
        turns = plan(
            hall, layout=layout, starts_at=start, ends_at=start + timedelta(hours=1), until=until, now=noon
        )

    assert len(turns) in (3, 52)
