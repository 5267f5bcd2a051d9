"""Who is reminded, and when? Seven days and one day before, once each for the date that holds."""

from datetime import datetime, timedelta

from events.models import Event
from outbox.domain.mail_queue import Draft, queue_messages
from outbox.models import Message
from tickets.models import Registration

# (purpose, from how long before, until how long before)
REMINDERS = (
    ("reminder-7", timedelta(days=7), timedelta(days=2)),
    ("reminder-1", timedelta(days=1), timedelta(0)),
)
# Whoever registered shortly before has just read the confirmation.
NOT_AFTER_REGISTERING_WITHIN = timedelta(days=2)


def queue_reminders(*, now: datetime) -> int:
    """Queue what is due and not queued yet; return how many."""
    return sum(
        _queue(purpose, event, now)
        for purpose, before, until in REMINDERS
        for event in Event.objects.filter(
            status=Event.Status.PUBLISHED, starts_at__gt=now + until, starts_at__lte=now + before
        )
    )


def _queue(purpose: str, event: Event, now: datetime) -> int:
    # The date is part of the key: an edition that moved is remembered again.
    suffix = f":{event.starts_at:%Y%m%d}"
    there = set(Message.objects.filter(purpose=purpose, key__endswith=suffix).values_list("key", flat=True))
    due = Registration.objects.filter(
        event=event,
        ended_at__isnull=True,
        lead_email__gt="",
        needs_proof=False,
        created_at__lte=now - NOT_AFTER_REGISTERING_WITHIN,
    ).exclude(state=Registration.State.REQUESTED)
    drafts = [
        Draft(purpose=purpose, key=key, context={"registration": pk})
        for pk in due.values_list("pk", flat=True)
        if (key := f"registration:{pk}{suffix}") not in there
    ]
    queue_messages(drafts=drafts, now=now)
    return len(drafts)
