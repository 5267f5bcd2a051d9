"""Whose link is this? Each secret opens its own purpose alone."""

from datetime import datetime

from outbox.domain.mail_queue import Draft, queue_messages
from people.domain.contacts import normal_email
from tickets.domain import codes
from tickets.models import Guardian, Registration


def registration_of(*, secret: str) -> Registration | None:
    """The registration that the owner's secret opens. One query."""
    return (
        Registration.objects.select_related("event__venue", "event__series")
        .filter(owner_fingerprint=codes.fingerprint(secret), erased_at__isnull=True)
        .first()
    )


def guardian_of(*, secret: str) -> Guardian | None:
    """The guardian whose secret this is. One query."""
    return (
        Guardian.objects.select_related("ticket__event__venue", "ticket__registration")
        .filter(fingerprint=codes.fingerprint(secret))
        .first()
    )


def ask_for_links(*, email: str, now: datetime) -> None:
    """Mail the links of coming events to the address they were registered with; at most once an hour each.

    For an address that we do not know the same work is done: a mail to nobody, which the worker drops.
    """
    standing = Registration.objects.filter(
        lead_email__iexact=email.strip(), ended_at__isnull=True, event__ends_at__gt=now
    )
    drafts = [
        Draft(
            purpose="find-ticket",
            key=f"registration:{registration.pk}:{now:%Y%m%d%H}",
            context={"registration": registration.pk},
        )
        for registration in standing
        if normal_email(registration.lead_email) == normal_email(email)
    ]
    to_nobody = Draft(purpose="find-ticket", key=f"nobody:{now:%Y%m%d%H%M}", context={"registration": 0})
    queue_messages(drafts=drafts or [to_nobody], now=now)
