"""How do a venue's bookings reach a calendar? As iCalendar, without anybody's name."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.conf import settings
from icalendar import Calendar
from icalendar import Event as CalendarEvent

from events.models import Booking, Closure
from foundation.wall_time import LONDON


def bookings_calendar(
    *, bookings: Sequence[Booking], closures: Sequence[Closure], name: str, now: datetime
) -> bytes:
    """Holds are TENTATIVE, confirmed bookings CONFIRMED; the blocked time is in the description."""
    calendar = Calendar()
    calendar.add("prodid", "-//Creative events//Bookings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    for booking in bookings:
        calendar.add_component(_booking(booking, now))
    for closure in closures:
        calendar.add_component(_closure(closure, now))
    times = [(one.starts_at, one.ends_at) for one in bookings]
    times += [(one.starts_at, one.ends_at) for one in closures]
    if times:
        calendar.add_missing_timezones(
            first_date=min(start for start, _ in times).date() - timedelta(days=366),
            last_date=max(end for _, end in times).date() + timedelta(days=1),
        )
    return calendar.to_ical()


def _booking(booking: Booking, now: datetime) -> CalendarEvent:
    entry = CalendarEvent()
    entry.add("uid", f"booking-{booking.pk}@{_host()}")
    held = booking.state == Booking.State.HELD
    word = "Second option: " if booking.rank == 2 else "Held: " if held else ""
    entry.add("summary", f"{word}{booking.title}")
    entry.add("dtstart", booking.starts_at.astimezone(LONDON))
    entry.add("dtend", booking.ends_at.astimezone(LONDON))
    entry.add("dtstamp", now.astimezone(UTC))
    entry.add("location", f"{booking.space.name}, {booking.space.venue.name}")
    lines = [f"{booking.people} people at one time"]
    if booking.layout:
        lines.append(f"Layout: {booking.layout.name}")
    lines.append(
        f"Blocked with set-up and clear-up: {booking.blocked_from.astimezone(LONDON):%d.%m.%Y %H:%M} "
        f"to {booking.blocked_until.astimezone(LONDON):%d.%m.%Y %H:%M}"
    )
    if held and booking.hold_until:
        lines.append(f"Held until {booking.hold_until.astimezone(LONDON):%d.%m.%Y %H:%M}")
    entry.add("description", "\n".join(lines))
    entry.add("url", f"{settings.SITE_URL}/desk/bookings/{booking.pk}/")
    entry.add("status", "TENTATIVE" if held else "CONFIRMED")
    entry.add("transp", "TRANSPARENT" if booking.rank == 2 else "OPAQUE")
    return entry


def _closure(closure: Closure, now: datetime) -> CalendarEvent:
    entry = CalendarEvent()
    entry.add("uid", f"closure-{closure.pk}@{_host()}")
    entry.add("summary", f"Closed: {closure.reason}")
    entry.add("dtstart", closure.starts_at.astimezone(LONDON))
    entry.add("dtend", closure.ends_at.astimezone(LONDON))
    entry.add("dtstamp", now.astimezone(UTC))
    entry.add("location", f"{closure.space.name}, {closure.space.venue.name}")
    entry.add("status", "CONFIRMED")
    return entry


def _host() -> str:
    return settings.SITE_URL.rpartition("/")[2].partition(":")[0]
