"""How is another program told, without anything being lost?

Lease, post, mark; later again where it failed.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from outbox.domain.mail_delivery import BACK_OFF_MINUTES
from outbox.domain.webhook_addresses import AddressRefused, post
from outbox.domain.webhooks import body_of, note_what_happened, signature, stop_webhook
from outbox.models import Delivery

LEASE = timedelta(minutes=5)
AT_ONCE = 20
GONE = 410  # "do not call again"
log = logging.getLogger(__name__)
State = Delivery.State


def tell(*, now: datetime) -> int:
    """Note what happened and tell what is due; return how many were taken. Safe in several workers."""
    note_what_happened(now=now)
    taken, silent = 0, set()
    for delivery in _lease(now=now):
        if delivery.webhook_id in silent:
            # One that does not answer keeps the others waiting once, not for each thing.
            _mark(delivery, state=State.QUEUED, send_at=now + timedelta(minutes=1))
        elif _tell(delivery, now=now):
            taken += 1
        else:
            silent.add(delivery.webhook_id)
    return taken


def _lease(*, now: datetime) -> list[Delivery]:
    waiting = Q(state=State.QUEUED, send_at__lte=now) | Q(state=State.SENDING, leased_until__lte=now)
    with transaction.atomic():
        rows = Delivery.objects.filter(waiting, webhook__stopped_at__isnull=True)
        due = list(rows.select_for_update(skip_locked=True, of=("self",)).order_by("send_at", "pk")[:AT_ONCE])
        Delivery.objects.filter(pk__in=[one.pk for one in due]).update(
            state=State.SENDING, leased_until=now + LEASE
        )
    return list(
        Delivery.objects.filter(pk__in=[one.pk for one in due]).select_related("webhook").order_by("pk")
    )


def _tell(delivery: Delivery, *, now: datetime) -> bool:
    body, timestamp = body_of(delivery), int(now.timestamp())
    message_id = f"{delivery.webhook.code[:8]}-{delivery.pk}"
    headers = {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(
            delivery.webhook, message_id=message_id, timestamp=timestamp, body=body
        ),
    }
    try:
        status = post(delivery.webhook.address, body=body, headers=headers)
    except (OSError, AddressRefused) as fault:
        log.warning("webhook %s was not told: %s", delivery.webhook_id, type(fault).__name__)
        _put_off(delivery, now=now, last_error=type(fault).__name__, answered=None)
        return False
    if 200 <= status < 300:
        _mark(
            delivery,
            state=State.SENT,
            sent_at=now,
            answered=status,
            last_error="",
            attempts=delivery.attempts + 1,
        )
        return True
    _put_off(delivery, now=now, last_error="refused", answered=status)
    if status == GONE:
        stop_webhook(webhook=delivery.webhook, now=now)
    return False


def _put_off(delivery: Delivery, *, now: datetime, last_error: str, answered: int | None) -> None:
    attempts = delivery.attempts + 1
    changes = {"attempts": attempts, "last_error": last_error, "answered": answered}
    if attempts > len(BACK_OFF_MINUTES):
        _mark(delivery, state=State.FAILED, **changes)
    else:
        wait = timedelta(minutes=BACK_OFF_MINUTES[attempts - 1])
        _mark(delivery, state=State.QUEUED, send_at=now + wait, **changes)


def _mark(delivery: Delivery, **changes) -> None:
    Delivery.objects.filter(pk=delivery.pk, state=State.SENDING).update(leased_until=None, **changes)
