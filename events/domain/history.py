"""Who changed what about a booking or a venue, and when? (trail.py asks it of an edition.)"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from auditlog.context import set_actor
from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType

from accounts.models import User
from events.models import Booking, Closure, Feed, Layout, OpeningHours, Space, Venue

MOST_LINES = 50
FIELDS = {
    "title": "title",
    "people": "people",
    "setup_minutes": "minutes to set up",
    "clearup_minutes": "minutes to clear up",
    "space": "space",
    "layout": "layout",
    "event": "edition",
}


@dataclass(frozen=True)
class Line:
    """One change: by nobody where the house did it itself."""

    at: datetime
    actor: str
    words: str


def keep_history() -> None:
    """Record every change of these from now on; called once at start-up."""
    auditlog.register(Booking, exclude_fields=["created_at", "blocked_from", "blocked_until"])
    auditlog.register(Venue, m2m_fields={"people"})
    for model in (Space, Layout, OpeningHours, Closure):
        auditlog.register(model)
    auditlog.register(Feed, exclude_fields=["digest"])


def deeds_by(user: User) -> AbstractContextManager:
    """Whose deeds they are, where nobody is signed in to a page: for calls of the API."""
    return set_actor(user)


def history_of(*, booking: Booking) -> list[Line]:
    """What happened to a booking, the newest first. Two queries."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Booking), object_id=booking.pk
    )
    lines = []
    for entry in entries.select_related("actor").order_by("-timestamp", "-pk")[:MOST_LINES]:
        words = _words(entry.action, entry.changes or {})
        actor = entry.actor or _known_actor(booking, entry)
        if words:
            lines.append(Line(entry.timestamp, str(actor) if actor else "", words))
    return lines


def _known_actor(booking: Booking, entry: LogEntry):
    """Who it must have been, where nobody was signed in to a page: a command, a seed."""
    if entry.action == LogEntry.Action.CREATE:
        return booking.held_by
    state = (entry.changes or {}).get("state", ["", ""])[1]
    return booking.confirmed_by if state == Booking.State.CONFIRMED else None


def _words(action: int, changes: dict) -> str:
    if action == LogEntry.Action.CREATE:
        second = changes.get("rank", ["", "1"])[1] == "2"
        return "Noted as second option" if second else "Held"
    said = []
    state = changes.get("state", ["", ""])[1]
    if state == Booking.State.CONFIRMED:
        said.append("Confirmed")
    elif state == Booking.State.RELEASED:
        said.append(f"Released: {changes.get('release_reason', ['', ''])[1]}".rstrip(": "))
    elif state == Booking.State.HELD:
        said.append("Held again, until the venue agrees")
    if "starts_at" in changes or "ends_at" in changes:
        said.append("Moved")
    elif changes.get("rank", ["", ""]) == ["2", "1"]:
        said.append("Moved up to first option")
    said += [f"Changed: {name}" for field, name in FIELDS.items() if field in changes]
    return ". ".join(said)
