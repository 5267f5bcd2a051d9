"""How is another program told, without anything being lost? Take, post, mark; later again where it failed."""

import logging
from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q

from outbox.domain.webhook_addresses import AddressRefused, post
from outbox.domain.webhooks import body_of, note_what_happened, signature, stop_webhook
from outbox.domain.work import work_off
from outbox.models import Delivery, Webhook

GONE = 410  # "do not call again"
QUIET = timedelta(minutes=1)  # for one that did not answer well: the others have their turn
log = logging.getLogger(__name__)


def tell(*, now: datetime) -> int:
    """Note what happened and tell what is due; return how many were taken."""
    note_what_happened(now=now)
    hears = Q(webhook__quiet_until=None) | Q(webhook__quiet_until__lte=now)
    rows = Delivery.objects.filter(hears, webhook__stopped_at=None).select_related("webhook")
    return work_off(rows, partial(_tell, now=now), now=now)


def _tell(delivery: Delivery, *, now: datetime) -> bool:
    """Whether it was taken. While it is called it is quiet, so one that ends its caller has its pause too."""
    webhook = Webhook.objects.filter(pk=delivery.webhook_id)
    webhook.update(quiet_until=now + QUIET)
    try:
        status = post(delivery.webhook.address, body=body_of(delivery), headers=_headers(delivery, now=now))
    except (OSError, AddressRefused) as fault:
        log.warning("webhook %s was not told: %s", delivery.webhook_id, type(fault).__name__)
        delivery.give_back(now=now, fault=type(fault).__name__, answered=None)
        return False
    if not 200 <= status < 300:
        delivery.give_back(now=now, fault="refused", answered=status)
        if status == GONE:
            stop_webhook(webhook=delivery.webhook, now=now)
        return False
    webhook.update(quiet_until=None)
    return delivery.finish(now=now, answered=status)


def _headers(delivery: Delivery, *, now: datetime) -> dict[str, str]:
    message_id = f"{delivery.webhook.code[:8]}-{delivery.pk}"
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature(
            delivery.webhook, message_id=message_id, sent_at=now, body=body_of(delivery)
        ),
    }
