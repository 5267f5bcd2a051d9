"""Which other programs hear what happened, and what is there to tell them?

Nothing is asked of the moment in which it happens: each floor registers a source, which answers what
happened since a time from rows that stand anyway. So a registration costs nothing more, and a crash
loses nothing: what was not noted is found in the next round.
"""

import base64
import hmac
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import standardwebhooks
from django.conf import settings

from outbox.domain.webhook_addresses import address_fault
from outbox.models import Delivery, Webhook

# A row that was committed late, with an earlier time on it, is still told.
OVERLAP = timedelta(minutes=2)
AT_ONCE = 500
TEST = "test"


@dataclass(frozen=True, kw_only=True)
class Happened:
    """One thing that happened. key makes it one of its kind; payload holds ids and plain values only."""

    key: str
    at: datetime
    payload: dict


@dataclass(frozen=True)
class Source:
    words: str
    since: Callable[[datetime, int], Iterable[Happened]]


class WebhookRefused(Exception):
    """fields maps a field's name to words about it."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(", ".join(fields.values()))
        self.fields = fields


_sources: dict[str, Source] = {}


def register(kind: str, words: str, since: Callable[[datetime, int], Iterable[Happened]]) -> None:
    """since(time, most) answers what happened from that time on, the oldest first, at most so many."""
    _sources[kind] = Source(words, since)


def kinds() -> list[tuple[str, str]]:
    """What a webhook can hear of: pairs of a kind and its words."""
    return [(kind, source.words) for kind, source in _sources.items()]


def add_webhook(*, label: str, address: str, kinds: list[str], now: datetime) -> Webhook:
    """:raises WebhookRefused: the address may not be called, or nothing is to be heard"""
    faults = {}
    if not label.strip():
        faults["label"] = "Enter a name for it"
    if fault := address_fault(address):
        faults["address"] = fault
    if not kinds or set(kinds) - set(_sources):
        faults["kinds"] = "Choose what it hears of"
    if faults:
        raise WebhookRefused(faults)
    return Webhook.objects.create(
        code=secrets.token_hex(16),
        label=label.strip(),
        address=address.strip(),
        kinds=sorted(kinds),
        since=now,
    )


def stop_webhook(*, webhook: Webhook, now: datetime) -> None:
    """It hears nothing any more; its log stays. Stopping twice changes nothing."""
    Webhook.objects.filter(pk=webhook.pk, stopped_at__isnull=True).update(stopped_at=now)
    webhook.deliveries.filter(state=Delivery.State.QUEUED).update(
        state=Delivery.State.FAILED, last_error="stopped"
    )


def send_test(*, webhook: Webhook, now: datetime) -> None:
    """Queue a message that says that it is a test."""
    happened = Happened(key=now.isoformat(), at=now, payload={"words": "This is a test."})
    _note(webhook, TEST, [happened], now)


def note_what_happened(*, now: datetime) -> int:
    """Queue a delivery for each thing that a webhook has not been told; return how many."""
    noted = 0
    for webhook in Webhook.objects.filter(stopped_at__isnull=True):
        for kind in webhook.kinds:
            if kind in _sources:
                noted += _note(webhook, kind, _new(webhook, kind), now)
    return noted


def secret_of(webhook: Webhook) -> str:
    """What its receiver checks signatures with (Standard Webhooks): derived, never stored."""
    raw = hmac.digest(settings.TICKET_KEY.encode(), f"webhook|{webhook.code}".encode(), "sha256")
    return "whsec_" + base64.b64encode(raw).decode()


def signature(webhook: Webhook, *, message_id: str, sent_at: datetime, body: bytes) -> str:
    """As Standard Webhooks says it, over the message's id, the second of sent_at and the body."""
    return standardwebhooks.Webhook(secret_of(webhook)).sign(
        message_id, sent_at.astimezone(UTC), body.decode()
    )


def body_of(delivery: Delivery) -> bytes:
    """The same bytes on every try."""
    told = {"type": delivery.kind, "timestamp": delivery.happened_at.isoformat(), "data": delivery.payload}
    return json.dumps(told, separators=(",", ":"), sort_keys=True).encode()


def _new(webhook: Webhook, kind: str) -> list[Happened]:
    """What happened since the last thing that it was told."""
    latest = (
        webhook.deliveries.filter(kind=kind)
        .order_by("-happened_at")
        .values_list("happened_at", flat=True)
        .first()
    )
    start = max(webhook.since, latest - OVERLAP) if latest else webhook.since
    known = set(webhook.deliveries.filter(kind=kind, happened_at__gte=start).values_list("key", flat=True))
    return [one for one in _sources[kind].since(start, AT_ONCE + len(known)) if one.key not in known]


def _note(webhook: Webhook, kind: str, happened: list[Happened], now: datetime) -> int:
    Delivery.objects.bulk_create(
        [
            Delivery(
                webhook=webhook, kind=kind, key=one.key, payload=one.payload, happened_at=one.at, due_at=now
            )
            for one in happened
        ],
        ignore_conflicts=True,
    )
    return len(happened)
