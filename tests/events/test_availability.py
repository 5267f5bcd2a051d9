"""Is a space open for the whole time that is asked for, also in a night that began the day before?"""

from datetime import UTC, datetime, time

import pytest

from events.domain.availability import is_open
from events.models import OpeningHours

FRIDAY_NIGHT = [OpeningHours(weekday=4, opens_at=time(18), closes_at=time(3))]


def december(day: int, hour: int, minute: int = 0) -> datetime:
    """Of 2026: the fourth is a Friday; London keeps UTC."""
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "is_inside"),
    [
        (december(4, 18), december(5, 3), True),
        (december(5, 0), december(5, 1), True),
        (december(5, 1), december(5, 3), True),
        (december(5, 1), december(5, 3, 1), False),
        (december(5, 3), december(5, 4), False),
        (december(4, 17, 59), december(4, 19), False),
        (december(4, 1), december(4, 2), False),
        (december(6, 1), december(6, 2), False),
    ],
    ids=[
        "the whole night",
        "from midnight",
        "after midnight until it closes",
        "a minute after it closes",
        "after it closed",
        "a minute before it opens",
        "the night before",
        "the night after",
    ],
)
def test_after_midnight_the_hours_of_the_evening_before_count(starts_at, ends_at, is_inside):
    assert is_open(hours=FRIDAY_NIGHT, starts_at=starts_at, ends_at=ends_at) is is_inside


def test_two_opening_hours_that_touch_are_one():
    halves = [
        OpeningHours(weekday=4, opens_at=time(9), closes_at=time(13)),
        OpeningHours(weekday=4, opens_at=time(13), closes_at=time(18)),
    ]
    apart = [halves[0], OpeningHours(weekday=4, opens_at=time(14), closes_at=time(18))]
    asked = {"starts_at": december(4, 12), "ends_at": december(4, 15)}

    assert is_open(hours=halves, **asked)
    assert not is_open(hours=apart, **asked)


def test_where_no_hours_are_kept_nothing_is_refused():
    assert is_open(hours=[], starts_at=december(5, 1), ends_at=december(5, 2))
