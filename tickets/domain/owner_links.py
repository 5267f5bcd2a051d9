"""Whose link is this? Each secret opens its own purpose alone."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from outbox.domain.mail_queue import queue_message
from tickets.domain import codes
from tickets.domain.email_verification import mail_slot
from tickets.domain.waiting_list import STANDING
from tickets.models import Guardian, Registration, WaitingListEntry


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


def waiting_entries_of(*, registration: Registration) -> QuerySet[WaitingListEntry]:
    """What waits for whoever owns a registration: by its places, its tickets, an address that it proved.

    An address that anybody may have typed shows nothing of its owner's.
    """
    mine = Q(registration=registration) | Q(ticket__registration=registration)
    if registration.lead_email and registration.vouched_by == Registration.Vouched.ADDRESS:
        mine |= Q(event=registration.event_id, email__iexact=registration.lead_email)
    return WaitingListEntry.objects.filter(mine).exclude(email="").order_by("pk")


def ask_for_links(*, email: str, now: datetime) -> None:
    """Mail all links of an address for coming events, in one mail; at most one an hour.

    For an address that we do not know the same work is done: a mail to nobody, which the worker drops.
    """
    address = email.strip().lower()
    known = Registration.objects.alias(address=Lower("lead_email")).filter(address=address)
    standing = list(
        known.filter(ended_at__isnull=True, event__ends_at__gt=now)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    waiting = WaitingListEntry.objects.alias(address=Lower("email")).filter(address=address)
    entries = list(
        waiting.filter(state__in=STANDING, event__ends_at__gt=now).order_by("pk").values_list("pk", flat=True)
    )
    whose = f"registration:{standing[0]}" if standing else f"waiting:{entries[0]}" if entries else "nobody"
    queue_message(
        purpose="find-ticket",
        key=f"{whose}:{now:%Y%m%d%H}" if standing or entries else f"nobody:{now:%Y%m%d%H%M}",
        context={"registrations": standing, "entries": entries},
        now=now,
        send_at=mail_slot(address=address, now=now),
    )


def _ids(rows: QuerySet) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))
