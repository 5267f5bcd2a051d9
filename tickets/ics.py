"""How does an event reach a calendar? As iCalendar with London's time zone."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from icalendar import Calendar
from icalendar import Event as CalendarEvent

from events.models import Event
from foundation.wall_time import LONDON


def event_calendar(*, events: Sequence[Event], name: str, link: str = "", method: str = "PUBLISH") -> bytes:
    """The events as one calendar.
    link: the owner's address for a single ticket; method CANCEL takes it back."""
    calendar = Calendar()
    calendar.add("prodid", "-//Creative events//Liverpool City Region//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for event in events:
        calendar.add_component(_entry(event, link, cancelled=method == "CANCEL"))
    if events:
        calendar.add_missing_timezones(
            first_date=min(event.starts_at for event in events).date() - timedelta(days=366),
            last_date=max(event.ends_at for event in events).date() + timedelta(days=1),
        )
    return calendar.to_ical()


def _entry(event: Event, link: str, *, cancelled: bool) -> CalendarEvent:
    entry = CalendarEvent()
    host = settings.SITE_URL.rpartition("/")[2].partition(":")[0]
    entry.add("uid", f"{event.slug}@{host}")
    entry.add("sequence", event.sequence)
    entry.add("summary", event.title)
    entry.add("dtstart", _local(event.starts_at))
    entry.add("dtend", _local(event.ends_at))
    entry.add("dtstamp", event.changed_at)
    entry.add("last-modified", event.changed_at)
    if event.venue:
        entry.add("location", f"{event.venue.name}, {event.venue.address} {event.venue.postcode}".strip())
    entry.add("url", link or f"{settings.SITE_URL}/e/{event.slug}/")
    if event.summary:
        entry.add("description", event.summary)
    gone = cancelled or event.status == Event.Status.CANCELLED
    entry.add("status", "CANCELLED" if gone else "CONFIRMED")
    return entry


def _local(moment: datetime) -> datetime:
    return moment.astimezone(LONDON)
