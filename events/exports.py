"""How do bookings and use figures look as CSV and XLSX?

No person in them, and no cell that counts as a formula.
"""

from collections.abc import Iterable, Sequence

from events.domain.space_use import SpaceUse, hire_value
from events.models import Booking
from foundation.spreadsheets import Cell
from foundation.wall_time import wall_time

BOOKING_COLUMNS = [
    "number",
    "venue",
    "space",
    "title",
    "edition",
    "state",
    "option",
    "starts",
    "ends",
    "blocked from",
    "blocked until",
    "people",
    "layout",
    "layout capacity",
    "capacity confirmed by",
    "hold until",
    "confirmed",
    "released",
    "reason",
    "value in pounds",
]
USE_COLUMNS = ["venue", "space", "open hours", "confirmed hours", "held hours", "per cent", "value in pounds"]


def booking_rows(bookings: Iterable[Booking]) -> list[list[Cell]]:
    """A heading and a row each; times as on the clock in Liverpool with their offset."""
    return [
        list(BOOKING_COLUMNS),
        *(
            [
                one.pk,
                one.space.venue.name,
                one.space.name,
                one.title,
                one.event.title if one.event else "",
                one.state,
                one.rank,
                _moment(one.starts_at),
                _moment(one.ends_at),
                _moment(one.blocked_from),
                _moment(one.blocked_until),
                one.people,
                one.layout.name if one.layout else "",
                one.layout.capacity if one.layout else None,
                one.layout.confirmed_by if one.layout else "",
                _moment(one.hold_until),
                _moment(one.confirmed_at),
                _moment(one.released_at),
                one.release_reason,
                _pounds(hire_value(booking=one)),
            ]
            for one in bookings
        ),
    ]


def use_rows(figures: Sequence[SpaceUse]) -> list[list[Cell]]:
    return [
        list(USE_COLUMNS),
        *(
            [
                one.space.venue.name,
                one.space.name,
                _pounds(one.open_hours),
                _pounds(one.confirmed_hours),
                _pounds(one.held_hours),
                one.share,
                _pounds(one.value),
            ]
            for one in figures
        ),
    ]


def _moment(moment) -> str:
    return wall_time(moment).isoformat(timespec="minutes") if moment else ""


def _pounds(amount) -> float | None:
    return None if amount is None else float(amount)
