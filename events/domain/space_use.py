"""How much of its open time is a space booked, and what would the hire have cost?"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from events.domain.availability import open_periods, opening_hours_by_space, own_or_inherited, wholes_of
from events.models import Booking, BookingCover, Closure, Space
from foundation.refusals import InvalidInput
from foundation.wall_time import day_bounds

LONGEST_DAYS = 366
Period = tuple[datetime, datetime]


@dataclass(frozen=True)
class SpaceUse:
    """Hours of one space in the period. open_hours None: its opening hours are not known.

    confirmed_hours and held_hours include set-up and clear-up, and times booked through the whole; own_hours
    are the confirmed ones of bookings of the space itself, which may be added up over spaces.
    value: pounds for confirmed bookings of the space itself, in kind; None: no hourly value is known.
    """

    space: Space
    confirmed_hours: Decimal
    held_hours: Decimal
    own_hours: Decimal
    open_hours: Decimal | None
    value: Decimal | None

    @property
    def share(self) -> int | None:
        """Confirmed hours of open hours in whole per cent; None where there is nothing to divide by."""
        if not self.open_hours:
            return None
        return round(100 * self.confirmed_hours / self.open_hours)


def hire_value(*, booking: Booking) -> Decimal | None:
    """Pounds: the blocked hours times what the space would cost an hour; None: not known."""
    hourly = booking.space.hourly_value
    if hourly is None:
        return None
    return (_hours(booking.blocked_until - booking.blocked_from) * hourly).quantize(Decimal("0.01"))


def use_of(*, spaces: QuerySet[Space], first: date, last: date) -> list[SpaceUse]:
    """Each space's use from the first to the last day, both included. Five queries.

    :raises InvalidInput: the last day is before the first, or more than a year lies between
    """
    if not 0 <= (last - first).days < LONGEST_DAYS:
        words = f"Choose a last day that is not before the first, within {LONGEST_DAYS} days"
        raise InvalidInput(words, fields={"until": [words]})
    begin, end = day_bounds(first)[0], day_bounds(last)[1]
    parents = dict(Space.objects.values_list("pk", "parent_id"))
    hours = opening_hours_by_space()
    closures: dict[int, list[Period]] = defaultdict(list)
    for closure in Closure.objects.filter(starts_at__lt=end, ends_at__gt=begin):
        closures[closure.space_id].append((closure.starts_at, closure.ends_at))
    covers = defaultdict(list)
    rows = BookingCover.objects.filter(blocked_from__lt=end, blocked_until__gt=begin)
    for cover in rows.select_related("booking"):
        covers[cover.space_id].append(cover)
    figures = []
    for space in spaces.select_related("venue"):
        above = wholes_of(space_id=space.pk, parents=parents)
        closed = [period for one in above for period in closures[one]]
        known = own_or_inherited(space.pk, hours, parents)
        open_time = _open_time(known, closed, first, last) if known else None
        figures.append(_figures(space, covers[space.pk], open_time, begin, end))
    return figures


def _figures(
    space: Space, covers: list, open_time: timedelta | None, begin: datetime, end: datetime
) -> SpaceUse:
    booked = {Booking.State.CONFIRMED: timedelta(), Booking.State.HELD: timedelta()}
    own = timedelta()
    for cover in covers:
        length = min(cover.blocked_until, end) - max(cover.blocked_from, begin)
        booked[cover.booking.state] += length
        if cover.booking.space_id == space.pk and cover.booking.state == Booking.State.CONFIRMED:
            own += length
    value = None if space.hourly_value is None else _hours(own) * space.hourly_value
    return SpaceUse(
        space=space,
        confirmed_hours=_hours(booked[Booking.State.CONFIRMED]),
        held_hours=_hours(booked[Booking.State.HELD]),
        own_hours=_hours(own),
        open_hours=None if open_time is None else _hours(open_time),
        value=None if value is None else value.quantize(Decimal("0.01")),
    )


def _open_time(hours: list, closed: Iterable[Period], first: date, last: date) -> timedelta:
    """Open periods that begin on these days, less the closures."""
    total = timedelta()
    for number in range((last - first).days + 1):
        for period in open_periods(hours=hours, day=first + timedelta(days=number)):
            total += sum((b - a for a, b in _without(period, closed)), timedelta())
    return total


def _without(period: Period, closed: Iterable[Period]) -> list[Period]:
    left = [period]
    for start, end in closed:
        left = [
            piece for a, b in left for piece in ((a, min(b, start)), (max(a, end), b)) if piece[0] < piece[1]
        ]
    return left


def _hours(length: timedelta) -> Decimal:
    return (Decimal(int(length.total_seconds())) / 3600).quantize(Decimal("0.01"))
