"""Which instant is meant by a clock on the wall in Liverpool?"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from foundation.refusals import InvalidInput

LONDON = ZoneInfo("Europe/London")


class TimeDoesNotExist(InvalidInput):
    slug = "time-does-not-exist"


class TimeHappensTwice(InvalidInput):
    """details["choices"]: the two instants in RFC 3339, the earlier first."""

    slug = "time-happens-twice"


def instant(wall: datetime, *, later: bool | None = None, field: str = "starts_at") -> datetime:
    """The instant, in UTC, of a wall time without zone. later chooses where the clocks go back and it happens
    twice.

    In UTC because Python counts and compares two moments of one zone by the clock on the wall.

    :raises TimeDoesNotExist: the clocks go forward over it
    :raises TimeHappensTwice: it is not said which of the two is meant
    """
    first, second = wall.replace(tzinfo=LONDON, fold=0), wall.replace(tzinfo=LONDON, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first.astimezone(UTC)
    if first.astimezone(UTC) > second.astimezone(UTC):
        words = (
            f"{wall:%H:%M} does not exist on {wall.day} {wall:%B %Y}: the clocks go forward. "
            "Choose a time an hour later."
        )
        raise TimeDoesNotExist(words, fields={field: [words]})
    if later is None:
        words = (
            f"{wall:%H:%M} happens twice on {wall.day} {wall:%B %Y}: the clocks go back. "
            "Say which one you mean."
        )
        raise TimeHappensTwice(
            words, fields={field: [words]}, details={"choices": [first.isoformat(), second.isoformat()]}
        )
    return (second if later else first).astimezone(UTC)


def shifted(moment: datetime, *, old: datetime, new: datetime) -> datetime:
    """The moment as far from new as it was from old, by the clock on the wall.

    Where that happens twice, the one whose distance in time is nearer to what it was: whatever began with old
    begins with new, and an end in the night when the clocks go back ends the hour at which it ended before.

    :raises TimeDoesNotExist: the clocks go forward over it
    """
    distance = wall_time(moment).replace(tzinfo=None) - wall_time(old).replace(tzinfo=None)
    wall = wall_time(new).replace(tzinfo=None) + distance
    either = (instant(wall, later=False), instant(wall, later=True))
    return min(either, key=lambda one: abs((one - new) - (moment - old)))


def wall_time(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """[start, end) of a local day in UTC: 23, 24 or 25 hours."""
    return (
        datetime.combine(day, time(), LONDON).astimezone(UTC),
        datetime.combine(day + timedelta(days=1), time(), LONDON).astimezone(UTC),
    )
