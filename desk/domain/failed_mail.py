"""Which mails could not be delivered, and whom do they concern?"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from outbox.models import Message
from tickets.models import Guardian, Registration

WHAT = {
    "registered": "the ticket",
    "confirmed": "the ticket, after a guardian's yes",
    "sent-again": "the ticket, sent again",
    "guardian": "the question to a guardian",
    "guardian-reminder": "the reminder to a guardian",
    "find-ticket": "a link to a ticket",
    "reminder-7": "the reminder a week before",
    "reminder-1": "the reminder a day before",
    "event-cancelled": "that the edition is cancelled",
    "event-moved": "that the edition has moved",
    "event-cancelled-guardian": "to a guardian that the edition is cancelled",
    "event-moved-guardian": "to a guardian that the edition has moved",
    "event-cancelled-waiting": "to the waiting list that the edition is cancelled",
    "event-moved-waiting": "to the waiting list that the edition has moved",
    "session-moved": "that a session has a new time",
    "prove-address": "the question whether an address is right",
    "group-waits": "that we look at a group",
    "group-declined": "that a group has no places",
    "ended": "that a place is free again",
    "names": "the question for names to a lead",
    "session-offer": "the offer of a place in a session",
    "announcement": "a message of yours",
    "waiting": "the place on the waiting list",
    "offer": "the offer of a place",
    "booking": "news of a booking",
}
MOST = 100


@dataclass(frozen=True)
class Failure:
    """One mail that failed for good. registration: whom it was for, where it was for a ticket."""

    message: Message
    what: str
    registration: Registration | None


def failures(*, most: int = MOST) -> list[Failure]:
    """The newest first. Three queries."""
    failed = list(Message.objects.filter(state=Message.State.FAILED).order_by("-created_at", "-pk")[:most])
    guardians = dict(
        Guardian.objects.filter(pk__in=_ids(failed, "guardian")).values_list("pk", "ticket__registration")
    )
    wanted = _ids(failed, "registration") | set(guardians.values())
    known = Registration.objects.select_related("event").in_bulk(wanted)
    found = []
    for message in failed:
        pk = message.context.get("registration") or guardians.get(message.context.get("guardian"))
        found.append(Failure(message, WHAT.get(message.purpose, message.purpose), known.get(pk)))
    return found


def retry(*, message_id: str, now: datetime) -> int:
    """Try one again, by its Message-ID, or all where it is empty; return how many."""
    failed = Message.objects.filter(state=Message.State.FAILED)
    if message_id:
        failed = failed.filter(message_id=message_id)
    with transaction.atomic():
        messages = list(failed.select_for_update())
        for message in messages:
            message.ask_again(now=now)
    return len(messages)


def _ids(messages: list[Message], name: str) -> set[int]:
    return {message.context[name] for message in messages if isinstance(message.context.get(name), int)}
