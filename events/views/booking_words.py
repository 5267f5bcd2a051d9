"""In which words does the page of a booking say what stands, what is next, and what was agreed?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.contrib.humanize.templatetags.humanize import intcomma
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from events.models import Booking

DAY, MOMENT, SHORT = "D j F", "D j F, H:i", "D j M, H:i"


@dataclass(frozen=True)
class BookingFact:
    """Something agreed; link and address are empty where nothing leads on."""

    label: str
    words: str
    link: str = ""
    address: str = ""


@dataclass(frozen=True)
class AwaitedAnswer:
    """What the booking waits for. confirm_all is empty unless several dates of a repeat wait together."""

    heading: str
    words: str
    may_confirm: bool
    confirm_all: str = ""


@dataclass(frozen=True)
class RepeatedDate:
    """One date of a repeat; address is empty for the one that is shown."""

    booking: Booking
    words: str
    address: str


def hours_of(booking: Booking) -> str:
    """From when to when, naming the second day only where there is one."""
    starts, ends = localtime(booking.starts_at), localtime(booking.ends_at)
    last_day = f"{date_format(ends, DAY)}, " if starts.date() != ends.date() else ""
    return f"{date_format(starts, 'H:i')} to {last_day}{date_format(ends, 'H:i')}"


def awaited_answer(
    booking: Booking, *, siblings: Iterable[Booking], nobody_speaks: bool, now: datetime
) -> AwaitedAnswer | None:
    """None once the venue has answered, or the time for an answer is over."""
    if booking.state != Booking.State.HELD or is_lapsed(booking, now) or booking.ends_at <= now:
        return None
    until = _moment(booking.hold_until, MOMENT)
    if booking.rank == 2:
        words = f"It moves up by itself if the first option goes before {until}. Nothing to do."
        return AwaitedAnswer("Second in line", words, may_confirm=False)
    words = f"Held until {until}; then it goes back by itself."
    if nobody_speaks:
        words += (
            f" Nobody who speaks for {booking.space.venue} has an account: ring them, and record their "
            "answer here."
        )
    held = sum(one.state == Booking.State.HELD for one in siblings)
    confirm_all = f"Confirm all {held} dates" if held > 1 else ""
    return AwaitedAnswer("Does the venue say yes?", words, may_confirm=True, confirm_all=confirm_all)


def ending_words(booking: Booking, *, now: datetime) -> str:
    """How it ended, if it did before its time."""
    if is_lapsed(booking, now):
        until = _moment(booking.hold_until, MOMENT)
        return f"The hold ran out on {until}. Hold the space again, if it is still needed."
    if booking.state == Booking.State.RELEASED:
        return f"Released on {_moment(booking.released_at, 'D j F Y, H:i')}: {booking.release_reason}"
    return ""


def is_lapsed(booking: Booking, now: datetime) -> bool:
    until = booking.hold_until
    return booking.state == Booking.State.HELD and until is not None and until <= now


def booking_facts(booking: Booking, *, value: Decimal | None) -> list[BookingFact]:
    """value: of the hire in pounds, None where it has none or none that this reader may see."""
    venue = booking.space.venue
    day = f"{localtime(booking.starts_at):%Y-%m-%d}"
    calendar = f"{reverse('desk-venue', args=[venue.slug])}?day={day}"
    facts = [
        BookingFact("Where", "", f"{booking.space}, {venue}", calendar),
        BookingFact("Blocked", _blocked(booking)),
        BookingFact("People at one time", intcomma(booking.people)),
        _layout(booking),
    ]
    if booking.event:
        facts.append(BookingFact("Edition", booking.event.title))
    facts.append(BookingFact("Held by", str(booking.held_by)))
    if booking.confirmed_at:
        confirmed = f"{_moment(booking.confirmed_at, 'D j M Y, H:i')} by {booking.confirmed_by}"
        facts.append(BookingFact("Confirmed", confirmed))
    if value is not None:
        facts.append(BookingFact("Value of the hire", f"£{floatformat(value, '2g')}, for match funding"))
    return facts


def repeated_dates(booking: Booking, siblings: Iterable[Booking]) -> list[RepeatedDate]:
    return [
        RepeatedDate(
            one,
            _moment(one.starts_at, "D j M Y, H:i"),
            "" if one.pk == booking.pk else reverse("desk-booking", args=[one.pk]),
        )
        for one in siblings
    ]


def _blocked(booking: Booking) -> str:
    words = f"{_moment(booking.blocked_from, SHORT)} to {_moment(booking.blocked_until, SHORT)}"
    if booking.setup_minutes or booking.clearup_minutes:
        words += f": {booking.setup_minutes} minutes to set up, {booking.clearup_minutes} to clear up"
    return words


def _layout(booking: Booking) -> BookingFact:
    layout, space = booking.layout, booking.space
    if layout is None:
        return BookingFact("Layout", "Not said")
    words = f"{layout.name}, {intcomma(layout.capacity)} people, "
    if layout.confirmed:
        return BookingFact("Layout", f"{words}confirmed by {layout.confirmed_by}")
    words += f"an estimate. Ask {space.venue} how many it holds and"
    address = reverse("desk-space", args=[space.venue.slug, space.slug])
    return BookingFact("Layout", words, "note who said so", address)


def _moment(at: datetime | None, how: str) -> str:
    return date_format(localtime(at), how) if at else ""
