"""What shall be sent, when, and once? Rows for the worker."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import Q

from outbox.models import Message


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A message to queue. purpose names its composer; key makes it one of its kind;
    context holds ids only."""

    purpose: str
    key: str
    context: dict = field(default_factory=dict)
    send_at: datetime | None = None


def queue_messages(*, drafts: Sequence[Draft], now: datetime) -> None:
    """Queue messages inside the caller's transaction, in one insert.

    One that is there already stays as it is.
    """
    Message.objects.bulk_create(
        [
            Message(
                purpose=draft.purpose,
                key=draft.key,
                context=draft.context,
                message_id=_message_id(draft),
                due_at=draft.send_at or now,
                created_at=now,
            )
            for draft in drafts
        ],
        ignore_conflicts=True,
    )


def queue_message(
    *, purpose: str, key: str, context: dict, now: datetime, send_at: datetime | None = None
) -> None:
    """Queue one message; see queue_messages."""
    queue_messages(drafts=[Draft(purpose=purpose, key=key, context=context, send_at=send_at)], now=now)


def drop_messages(*, purposes: Sequence[str], keys: Sequence[str]) -> int:
    """What was queued and is no longer needed is not sent; return how many."""
    return Message.objects.filter(purpose__in=purposes, key__in=keys, state=Message.State.QUEUED).update(
        state=Message.State.DROPPED
    )


def hold_due(*, now: datetime) -> int:
    """After a restore: hold what was due or under way, and may have been sent since; return how many."""
    was_due = Q(state=Message.State.QUEUED, due_at__lte=now) | Q(state=Message.State.RUNNING)
    return Message.objects.filter(was_due).update(state=Message.State.HELD)


def release_held(*, now: datetime) -> int:
    """Send what is held after all; return how many."""
    return Message.objects.filter(state=Message.State.HELD).update(
        state=Message.State.QUEUED, due_at=now, tries=0, last_error=""
    )


def drop_held() -> int:
    """What is held was sent before; return how many."""
    return Message.objects.filter(state=Message.State.HELD).update(state=Message.State.DROPPED)


def _message_id(draft: Draft) -> str:
    """The same for each try, and without anything personal."""
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return f"<{draft.purpose}.{draft.key.replace(':', '.')}@{host}>"
