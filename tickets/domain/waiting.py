"""Who is next when places come free? First come, first served, and a party is never split."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from events.domain.refusals import InvalidInput, Kind, Refusal
from events.models import Event
from outbox.domain.messages import queue_message
from tickets.domain import codes
from tickets.domain.people import email_fault
from tickets.domain.places import (
    RegistrationClosed,
    claim_places,
    closed_words,
    free_places,
    registration_is_open,
)
from tickets.domain.registration import Registered, register
from tickets.models import WaitingListEntry

OFFER_TIME = timedelta(hours=24)
SHORT_OFFER_TIME = timedelta(hours=3)  # within NEAR of the doors
NEAR = timedelta(hours=48)
MOST_PLACES = 10

State = WaitingListEntry.State


class OfferOver(Refusal):
    slug = "offer-over"
    title = "This offer is over"
    kind = Kind.GONE


def join(*, event: Event, email: str, party_size: int, now: datetime) -> tuple[WaitingListEntry, str]:
    """Join the waiting list; returns the entry and its secret.

    :raises InvalidInput: the address or the size cannot be, or there is no waiting list
    :raises RegistrationClosed: not open now
    """
    faults = {}
    if fault := email_fault(email):
        faults["email"] = [fault]
    if not 1 <= party_size <= MOST_PLACES:
        faults["party_size"] = [f"Ask for between 1 and {MOST_PLACES} places"]
    if faults:
        raise InvalidInput("Check what you entered.", fields=faults)
    if not event.waiting_list:
        raise InvalidInput("There is no waiting list for this event.")
    if not registration_is_open(event=event, now=now):
        raise RegistrationClosed(closed_words(event=event, now=now))
    with transaction.atomic():
        Event.objects.select_for_update().only("pk").get(pk=event.pk)
        entry = WaitingListEntry.objects.create(
            event=event,
            email=email.strip(),
            party_size=party_size,
            fingerprint=secrets.token_bytes(codes.FINGERPRINT_BYTES),
            joined_at=now,
        )
        secret = codes.waiting_secret(entry.pk)
        entry.fingerprint = codes.fingerprint(secret)
        entry.save(update_fields=["fingerprint"])
        queue_message(purpose="waiting", key=f"waiting:{entry.pk}", context={"entry": entry.pk}, now=now)
    return entry, secret


def entry_of(*, secret: str) -> WaitingListEntry | None:
    return (
        WaitingListEntry.objects.select_related("event").filter(fingerprint=codes.fingerprint(secret)).first()
    )


def position(*, entry: WaitingListEntry) -> int:
    """1 is next. Counts the parties before this one that still wait."""
    return 1 + (
        WaitingListEntry.objects.filter(event=entry.event_id, state=State.WAITING, pk__lt=entry.pk).count()
    )


def leave(*, entry: WaitingListEntry, now: datetime) -> None:
    """Leave the list or turn an offer down; its places are free again."""
    with transaction.atomic():
        Event.objects.select_for_update().only("pk").get(pk=entry.event_id)
        entry.refresh_from_db()
        if entry.state == State.OFFERED:
            free_places(event_id=entry.event_id, places=entry.party_size - entry.places_used)
        if entry.state in {State.WAITING, State.OFFERED}:
            entry.state, entry.ended_at = State.LEFT, now
            entry.save(update_fields=["state", "ended_at"])


def register_offered(*, entry: WaitingListEntry, lead, attendees, now: datetime, **choices) -> Registered:
    """Register with places of an offer; a party may do so one by one until its places are used.

    choices are those of register.

    :raises OfferOver: its deadline passed, it was turned down, or its places are used
    """
    with transaction.atomic():
        Event.objects.select_for_update().only("pk").get(pk=entry.event_id)
        entry.refresh_from_db()
        free = entry.party_size - entry.places_used
        if entry.state != State.OFFERED or entry.offer_until <= now or len(attendees) > free:
            raise OfferOver("This offer is over. You can join the waiting list again.")
        registered = register(
            event=entry.event, lead=lead, attendees=attendees, now=now, offered=True, **choices
        )
        if not registered.replayed:
            entry.places_used += len(attendees)
            entry.registration = registered.registration
            if entry.places_used == entry.party_size:
                entry.state, entry.ended_at = State.TAKEN, now
            entry.save(update_fields=["places_used", "registration", "state", "ended_at"])
    return registered


def make_offers(*, now: datetime) -> int:
    """End offers that were not taken in time, then offer free places in turn; return how many rows changed."""
    changed = 0
    waiting = WaitingListEntry.objects.filter(state__in=[State.WAITING, State.OFFERED])
    for event_id in waiting.values_list("event_id", flat=True).distinct():
        with transaction.atomic():
            event = Event.objects.select_for_update().get(pk=event_id)
            changed += _expire(event, now)
            if registration_is_open(event=event, now=now):
                changed += _offer(event, now)
    return changed


def _expire(event: Event, now: datetime) -> int:
    over = list(WaitingListEntry.objects.filter(event=event, state=State.OFFERED, offer_until__lte=now))
    for entry in over:
        free_places(event_id=event.pk, places=entry.party_size - entry.places_used)
        entry.state, entry.ended_at = State.EXPIRED, now
        entry.save(update_fields=["state", "ended_at"])
    return len(over)


def _offer(event: Event, now: datetime) -> int:
    event.refresh_from_db()
    offered, left = 0, event.places_left
    for entry in WaitingListEntry.objects.filter(event=event, state=State.WAITING):
        if entry.party_size > left:
            break  # a party is never overtaken by a smaller one
        _claim_for_offer(event, entry, now)
        left -= entry.party_size
        offered += 1
    return offered


def _claim_for_offer(event: Event, entry: WaitingListEntry, now: datetime) -> None:
    # The serials of an offer are issued when it is taken: the claim's own numbers stay unused.
    claim_places(event=event, places=entry.party_size, now=now)
    near = event.doors_open_at - now < NEAR
    entry.state, entry.offered_at = State.OFFERED, now
    entry.offer_until = now + (SHORT_OFFER_TIME if near else OFFER_TIME)
    entry.save(update_fields=["state", "offered_at", "offer_until"])
    queue_message(purpose="offer", key=f"waiting:{entry.pk}", context={"entry": entry.pk}, now=now)
