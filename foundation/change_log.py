"""Who changed what, when, and why?

With what an app says of its own rows, the room that knows the change log's library.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q

from foundation.wall_time import wall_time

_VERBS = {
    LogEntry.Action.CREATE: "added",
    LogEntry.Action.UPDATE: "changed",
    LogEntry.Action.DELETE: "removed",
    LogEntry.Action.ACCESS: "looked at",
}


@dataclass(frozen=True)
class Change:
    """One line of the log. changes: (what, before, after) in words."""

    pk: int
    at: datetime
    by: Any  # whoever was signed in; None where the house did it itself
    kind: str
    about: str
    did: str
    reason: str = ""
    changes: list[tuple[str, str, str]] = field(default_factory=list)


def note(
    *,
    about: Model,
    event_id: int,
    did: str,
    by: AbstractBaseUser | None,
    now: datetime,
    reason: str = "",
    looked: bool = False,
) -> None:
    """Note an act in words, inside the caller's transaction.

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


def acting(user: AbstractBaseUser) -> AbstractContextManager:
    """Whose changes they are, where nobody is signed in to a page: for calls of the API."""
    return set_actor(user)


def changes_matching(where: Q, *, before: int | None = None, only: str = "", most: int = 50) -> list[Change]:
    """The newest first; before: the pk of the last line that was shown. One query.

    only: "looked" for what was read, "changed" for the rest.
    """
    entries = LogEntry.objects.filter(where).select_related("actor", "content_type")
    if only == "looked":
        entries = entries.filter(action=LogEntry.Action.ACCESS)
    elif only == "changed":
        entries = entries.exclude(action=LogEntry.Action.ACCESS)
    if before is not None:
        entries = entries.filter(pk__lt=before)
    return [_change(entry) for entry in entries.order_by("-pk")[:most]]


def _change(entry: LogEntry) -> Change:
    more = entry.additional_data or {}
    model = entry.content_type.model_class()
    kind = str(model._meta.verbose_name) if model else entry.content_type.model
    return Change(
        pk=entry.pk,
        at=entry.timestamp,
        by=entry.actor,
        kind=kind,
        about=entry.object_repr,
        did=more.get("did") or _VERBS[entry.action],
        reason=more.get("reason", ""),
        changes=list(_changes(model, entry.changes or {})),
    )


def _changes(model: Any, changes: dict) -> Iterable[tuple[str, str, str]]:
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
