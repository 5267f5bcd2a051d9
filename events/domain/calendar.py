"""What stands in a venue's calendar in a week or a month, day by day, by the clock on the wall?"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from events.domain.availability import family_of
from events.models import Booking, Closure, Space, Venue
from foundation.wall_time import day_bounds, wall_time

SLICE = 15  # minutes: a row of the week's grid
READABLE = 3  # rows that the rest of a night gets at least, at the top of its second day
EARLY = 5 * 60  # minutes: what is left of a night until then does not make the grid begin at midnight
SHOWN_FROM, SHOWN_UNTIL = 8 * 60, 20 * 60  # minutes of the day that a week shows at least


@dataclass(frozen=True)
class Entry:
    """A booking on one day. Rows are slices of the grid; inner ones count from row, without set-up and
    clear-up.

    begins, ends: wall times of the booking, cut to the day where it goes over midnight.
    """

    booking: Booking
    begins: datetime
    ends: datetime
    from_before: bool
    goes_on: bool
    row: int = 0
    rows: int = 1
    inner_row: int = 0
    inner_rows: int = 1


@dataclass(frozen=True)
class Day:
    date: date
    is_today: bool
    is_outside: bool
    entries: list[Entry]
    closures: list[Closure]
    now_row: int | None = None


@dataclass(frozen=True)
class Grid:
    """A week or the weeks of a month.
    hours: the full hours that the week's grid shows, with their first row."""

    days: list[Day]
    weeks: list[list[Day]]
    hours: list[tuple[int, int]] = field(default_factory=list)
    rows: int = 0


def week_of(*, venue: Venue, day: date, now: datetime, space: Space | None = None) -> Grid:
    """Monday to Sunday around the day; space: with what its wholes and parts hold. Three queries at most."""
    monday = day - timedelta(days=day.weekday())
    dates = [monday + timedelta(days=number) for number in range(7)]
    bookings, closures = _rows(venue, space, dates)
    first, last = _shown_minutes(bookings, dates)
    days = [_day(one, bookings, closures, now, (first, last)) for one in dates]
    hours = [(minute // 60, (minute - first) // SLICE) for minute in range(first, last, 60)]
    return Grid(days=days, weeks=[days], hours=hours, rows=(last - first) // SLICE)


def month_of(*, venue: Venue, day: date, now: datetime, space: Space | None = None) -> Grid:
    """The whole weeks that the day's month touches. Three queries at most."""
    start = day.replace(day=1)
    monday = start - timedelta(days=start.weekday())
    after = next_month(day)
    count = -(-(after - monday).days // 7) * 7
    dates = [monday + timedelta(days=number) for number in range(count)]
    bookings, closures = _rows(venue, space, dates)
    days = [_day(one, bookings, closures, now, (0, 24 * 60), month=day.month) for one in dates]
    return Grid(days=days, weeks=[days[index : index + 7] for index in range(0, count, 7)])


def next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def previous_month(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _rows(venue: Venue, space: Space | None, dates: list[date]) -> tuple[list[Booking], list[Closure]]:
    begin, end = day_bounds(dates[0])[0], day_bounds(dates[-1])[1]
    bookings = Booking.objects.standing().filter(space__venue=venue).overlapping(begin, end)
    closures = Closure.objects.filter(space__venue=venue, starts_at__lt=end, ends_at__gt=begin)
    if space is not None:
        family = family_of(space)
        bookings = bookings.filter(space__in=family)
        closures = closures.filter(space__in=family)
    bookings = bookings.select_related("space", "event").order_by("blocked_from", "rank", "space__name", "pk")
    return list(bookings), list(closures.select_related("space"))


def _day(
    day: date,
    bookings: Iterable[Booking],
    closures: Iterable[Closure],
    now: datetime,
    shown: tuple[int, int],
    month: int | None = None,
) -> Day:
    begin, end = day_bounds(day)
    is_today = begin <= now < end
    minute = _minutes(now, day)
    return Day(
        date=day,
        is_today=is_today,
        is_outside=month is not None and day.month != month,
        entries=[
            _entry(one, day, begin, end, shown)
            for one in bookings
            if one.blocked_from < end and one.blocked_until > begin
        ],
        closures=[one for one in closures if one.starts_at < end and one.ends_at > begin],
        now_row=(minute - shown[0]) // SLICE if is_today and shown[0] <= minute < shown[1] else None,
    )


def _entry(booking: Booking, day: date, begin: datetime, end: datetime, shown: tuple[int, int]) -> Entry:
    first, last = _slices(booking.blocked_from, booking.blocked_until, day, shown)
    is_rest = booking.blocked_from < begin
    if is_rest:
        last = max(last, min(first + READABLE, (shown[1] - shown[0]) // SLICE))
    inner_first, inner_last = _slices(booking.starts_at, booking.ends_at, day, shown)
    inner_first = min(max(inner_first, first), last - 1)
    inner_last = max(min(inner_last, last), inner_first + (READABLE if is_rest else 1))
    return Entry(
        booking=booking,
        begins=wall_time(max(booking.starts_at, begin)),
        ends=wall_time(min(booking.ends_at, end)),
        from_before=booking.starts_at < begin,
        goes_on=booking.ends_at > end,
        row=first,
        rows=last - first,
        inner_row=inner_first - first,
        inner_rows=inner_last - inner_first,
    )


def _slices(start: datetime, end: datetime, day: date, shown: tuple[int, int]) -> tuple[int, int]:
    """First slice and the one after the last, at least one.

    Where the clocks change, by the clock on the wall.
    """
    most = (shown[1] - shown[0]) // SLICE
    first = max(0, (_minutes(start, day) - shown[0]) // SLICE)
    last = min(most, -(-(_minutes(end, day) - shown[0]) // SLICE))
    first = min(first, most - 1)
    return first, max(last, first + 1)


def _minutes(moment: datetime, day: date) -> int:
    """Minutes on the day's clock; below 0 and above 1440 on other days."""
    wall = wall_time(moment)
    return (wall.date() - day).days * 24 * 60 + wall.hour * 60 + wall.minute


def _shown_minutes(bookings: Iterable[Booking], dates: list[date]) -> tuple[int, int]:
    """The whole hours of the day that hold what the week holds, at least SHOWN_FROM to SHOWN_UNTIL.

    The rest of a night is shown at the top of the grid, whose hours do not begin earlier for it.
    """
    first, last = SHOWN_FROM, SHOWN_UNTIL
    for booking in bookings:
        for day in dates:
            start = max(0, _minutes(booking.blocked_from, day))
            end = min(24 * 60, _minutes(booking.blocked_until, day))
            if _minutes(booking.blocked_from, day) < 0 and end <= EARLY:
                continue
            if start < end:
                first, last = min(first, start // 60 * 60), max(last, -(-end // 60) * 60)
    return first, last
