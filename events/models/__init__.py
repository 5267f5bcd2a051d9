"""Where and when? Venues, their spaces and bookings; series, events and sessions."""

from events.models.bookings import Booking, BookingCover
from events.models.programme import Event, Exhibitor, Series, Session, Strand
from events.models.venues import Closure, Feed, Layout, OpeningHours, Space, ThreeValued, Venue

__all__ = [
    "Booking",
    "BookingCover",
    "Closure",
    "Event",
    "Exhibitor",
    "Feed",
    "Layout",
    "OpeningHours",
    "Series",
    "Session",
    "Space",
    "Strand",
    "ThreeValued",
    "Venue",
]
