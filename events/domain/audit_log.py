"""Who changed what about an edition, a booking or a venue, and when?"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from events.models import (
    Booking,
    Closure,
    Event,
    Exhibitor,
    Feed,
    Layout,
    OpeningHours,
    Session,
    Space,
    Venue,
)
from foundation.change_log import Change, changes_matching

# What changes by itself, a thousand times a day, is no deed of anybody.
_BY_ITSELF = ["places_taken", "serials_issued", "changed_at", "created_at", "sequence"]

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
class AuditLine:
    """One change: by nobody where the house did it itself."""

    at: datetime
    actor: str
    words: str


def keep_audit_log() -> None:
    """Record every change of these from now on; called once at start-up."""
    for model in (Event, Session, Exhibitor):
        names = {one.name for one in model._meta.get_fields()}
        auditlog.register(
            model, exclude_fields=[name for name in _BY_ITSELF if name in names], m2m_fields={"strands"}
        )
    auditlog.register(Booking, exclude_fields=["created_at", "blocked_from", "blocked_until"])
    auditlog.register(Venue, m2m_fields={"people"})
    for kept in (Space, Layout, OpeningHours, Closure):
        auditlog.register(kept)
    auditlog.register(Feed, exclude_fields=["digest"])


def changes_of(*, event: Event, before: int | None = None, only: str = "", most: int = 50) -> list[Change]:
    """What was done to an edition and its bookings, the newest first.

    One query (foundation/change_log.py).
    """
    bookings = Q(
        content_type=ContentType.objects.get_for_model(Booking),
        object_id__in=Booking.objects.filter(event=event).values("pk"),
    )
    where = Q(additional_data__event=event.pk) | bookings
    return changes_matching(where, before=before, only=only, most=most)


def history_of(*, booking: Booking) -> list[AuditLine]:
    """What happened to a booking, the newest first. Two queries."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Booking), object_id=booking.pk
    )
    lines = []
    for entry in entries.select_related("actor").order_by("-timestamp", "-pk")[:MOST_LINES]:
        words = _words(entry.action, entry.changes or {})
        actor = entry.actor or _known_actor(booking, entry)
        if words:
            lines.append(AuditLine(entry.timestamp, str(actor) if actor else "", words))
    return lines


def _known_actor(booking: Booking, entry: LogEntry) -> Any:
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
