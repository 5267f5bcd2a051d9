"""Which mail was due when a backup was restored, and shall it be sent a second time?

The server that was lost may have sent it after the backup was taken. Nobody knows, so an organiser decides:
reminders and messages to many twice are a nuisance, a ticket that never came is worse.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from accounts.models import User
from desk.domain.announcements import send_announcements
from desk.domain.failed_mail import WHAT
from events.models import Event
from foundation import change_log
from outbox.domain.mail_queue import drop_held, hold_due, release_held
from outbox.models import Message
from tickets.domain.reminders import queue_reminders


@dataclass(frozen=True)
class HeldMail:
    what: str
    number: int


def hold_what_was_due(*, now: datetime) -> int:
    """Hold what was queued, and the reminders and messages that became due since the backup;
    return how many mails."""
    with transaction.atomic():
        queue_reminders(now=now)
        send_announcements(now=now)
        return hold_due(now=now)


def held_mail() -> list[HeldMail]:
    """What is held, most first. One query."""
    rows = (
        Message.objects.filter(state=Message.State.HELD)
        .values_list("purpose")
        .annotate(number=Count("pk"))
        .order_by("-number", "purpose")
    )
    return [HeldMail(WHAT.get(purpose, purpose), number) for purpose, number in rows]


def settle_held(*, send: bool, by: User, now: datetime) -> int:
    """Send what is held, or drop it because it was sent before; return how many mails.

    The latest edition's history keeps it.
    """
    with transaction.atomic():
        count = release_held(now=now) if send else drop_held()
        did = f"{'sent' if send else 'dropped'} {count} mails that were held since a restore"
        event = Event.objects.order_by("-starts_at").first()
        if count and event is not None:
            change_log.note(about=event, event_id=event.pk, did=did, by=by, now=now)
    return count
