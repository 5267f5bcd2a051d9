"""In which words does an edition's public page say when, for whom, and what happens hour by hour?"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime

from events.models import Event, Session, Strand, Venue
from events.templatetags.marks import ages


@dataclass(frozen=True)
class SessionWords:
    """A session of the programme. places is empty where everybody may come."""

    slug: str
    title: str
    summary: str
    until: str
    places: str
    employers: str
    strands: list[Strand]


@dataclass(frozen=True)
class Hour:
    """What begins at one moment. day is said once a day, and only where the edition has several."""

    starts_at: datetime
    day: str
    sessions: list[SessionWords] = field(default_factory=list)


def hours_of(event: Event) -> str:
    """From when to when, naming the second day only where there is one."""
    starts, ends = localtime(event.starts_at), localtime(event.ends_at)
    how = "l j F, H:i" if _has_several_days(event) else "H:i"
    return f"{date_format(starts, 'H:i')} to {date_format(ends, how)}"


def programme_of(event: Event, sessions: Iterable[Session]) -> list[Hour]:
    """sessions in order of time, with places_open, their space, strands and exhibitors."""
    hours: list[Hour] = []
    day = None
    for session in sessions:
        starts = localtime(session.starts_at)
        if not hours or hours[-1].starts_at != session.starts_at:
            is_new_day = _has_several_days(event) and starts.date() != day
            hours.append(Hour(session.starts_at, date_format(starts, "l j F") if is_new_day else ""))
            day = starts.date()
        hours[-1].sessions.append(_session_words(session))
    return hours


def says_programme_later(event: Event, *, now: datetime) -> bool:
    return event.status == Event.Status.PUBLISHED and event.ends_at > now


def who_for(event: Event) -> str:
    has_bounds = event.min_age is not None or event.max_age is not None
    return ages(event) + (", on the day" if has_bounds else "")


def address_of(venue: Venue | None) -> str:
    return ", ".join(filter(None, [venue.address, venue.postcode])) if venue else ""


def _session_words(session: Session) -> SessionWords:
    until = f"Until {date_format(localtime(session.ends_at), 'H:i')}"
    return SessionWords(
        slug=session.slug,
        title=session.title,
        summary=session.summary,
        until=f"{until} in {session.space.name}" if session.space else until,
        places=_places_words(session),
        employers=", ".join(one.name for one in session.exhibitors.all()),
        strands=list(session.strands.all()),
    )


def _places_words(session: Session) -> str:
    if session.capacity is None:
        return ""
    left = max(session.places_open, 0)  # type: ignore[attr-defined]
    return f". {left} place{'' if left == 1 else 's'} left" if left else ". Full"


def _has_several_days(event: Event) -> bool:
    return localtime(event.starts_at).date() != localtime(event.ends_at).date()
