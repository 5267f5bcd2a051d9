"""Who is reminded, and when? Seven days and one day before, once each."""

from datetime import datetime, timedelta

from events.models import Event
from outbox.domain.messages import Draft, queue_messages
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
    queued = 0
    for purpose, before, until in REMINDERS:
        soon = Event.objects.filter(
            status=Event.Status.PUBLISHED, starts_at__gt=now + until, starts_at__lte=now + before
        )
        there = Message.objects.filter(purpose=purpose).values_list("key", flat=True)
        due = Registration.objects.filter(
            event__in=soon,
            ended_at__isnull=True,
            lead_email__gt="",
            created_at__lte=now - NOT_AFTER_REGISTERING_WITHIN,
        ).values_list("pk", flat=True)
        known = set(there)
        drafts = [
            Draft(purpose=purpose, key=f"registration:{pk}", context={"registration": pk})
            for pk in due
            if f"registration:{pk}" not in known
        ]
        queue_messages(drafts=drafts, now=now)
        queued += len(drafts)
    return queued
