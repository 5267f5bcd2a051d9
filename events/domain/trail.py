"""Who did what to an edition, when, and why? With history.py, the rooms that know the change log's library."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q

from accounts.models import User
from events.domain.wall_time import wall_time
from events.models import Booking, Event, Exhibitor, Session

# What changes by itself, a thousand times a day, is no deed of anybody.
_BY_ITSELF = ["places_taken", "serials_issued", "changed_at", "created_at", "sequence"]
_VERBS = {
    LogEntry.Action.CREATE: "added",
    LogEntry.Action.UPDATE: "changed",
    LogEntry.Action.DELETE: "removed",
    LogEntry.Action.ACCESS: "looked at",
}


@dataclass(frozen=True)
class Deed:
    """One line of the trail. changes: (what, before, after) in words."""

    pk: int
    at: datetime
    by: User | None
    kind: str
    about: str
    did: str
    reason: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)


def keep_trail() -> None:
    """Called once at start-up: from then on each change of these rows leaves a line."""
    for model in (Event, Session, Exhibitor):
        names = {one.name for one in model._meta.get_fields()}
        auditlog.register(
            model, exclude_fields=[name for name in _BY_ITSELF if name in names], m2m_fields={"strands"}
        )


def note(
    *,
    about: Model,
    event_id: int,
    did: str,
    by: User | None,
    now: datetime,
    reason: str = "",
    looked: bool = False,
) -> None:
    """Note a deed in words, inside the caller's transaction.

    about is never written out but by its __str__, which names nobody; looked: it was read, not changed.
    """
    LogEntry.objects.create(
        content_type=ContentType.objects.get_for_model(about),
        object_pk=str(about.pk),
        object_id=about.pk,
        object_repr=str(about),
        action=LogEntry.Action.ACCESS if looked else LogEntry.Action.UPDATE,
        changes={},
        actor=by,
        timestamp=now,
        additional_data={"event": event_id, "did": did, "reason": reason[:200]},
    )


def deeds_of(*, event: Event, before: int | None = None, only: str = "", most: int = 50) -> list[Deed]:
    """The newest first; before: the pk of the last line that was shown. One query.

    only: "looked" for what was read, "changed" for the rest.
    """
    bookings = Q(
        content_type=ContentType.objects.get_for_model(Booking),
        object_id__in=Booking.objects.filter(event=event).values("pk"),
    )
    entries = LogEntry.objects.filter(Q(additional_data__event=event.pk) | bookings).select_related(
        "actor", "content_type"
    )
    if only == "looked":
        entries = entries.filter(action=LogEntry.Action.ACCESS)
    elif only == "changed":
        entries = entries.exclude(action=LogEntry.Action.ACCESS)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    return [_deed(entry) for entry in entries.order_by("-pk")[:most]]


def _deed(entry: LogEntry) -> Deed:
    more = entry.additional_data or {}
    model = entry.content_type.model_class()
    kind = str(model._meta.verbose_name) if model else entry.content_type.model
    return Deed(
        pk=entry.pk,
        at=entry.timestamp,
        by=entry.actor,
        kind=kind,
        about=entry.object_repr,
        did=more.get("did") or _VERBS[entry.action],
        reason=more.get("reason", ""),
        changes=list(_changes(model, entry.changes or {})),
    )


def _changes(model, changes: dict) -> Iterable[tuple[str, str, str]]:
    related = {one.name for one in model._meta.get_fields() if one.is_relation} if model else set()
    for name, change in changes.items():
        label = name.replace("_", " ").capitalize()
        if isinstance(change, dict):  # strands that were added or taken away
            yield label, "", f"{change.get('operation', '')} {', '.join(change.get('objects', []))}".strip()
        elif name in related:
            yield label, "", "another one" if change[1] not in (None, "None") else ""
        elif name != "id":
            before, after = (_in_words(value) for value in change)
            yield label, before, after


def _in_words(value: object) -> str:
    text = "" if value in (None, "None") else str(value)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text[:200]
    return f"{wall_time(moment):%-d %b %Y, %H:%M}" if moment.tzinfo else text
