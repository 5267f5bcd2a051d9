"""Who is next when places come free? First come, first served, and a party is never split.

A party waits for the event; somebody who has a ticket waits for a session. Offered places are claimed:
they count as taken, so that offers can never exceed what is free.
"""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from events.models import Event, Session
from foundation.refusals import InvalidInput, Kind, Refusal
from outbox.domain.mail_queue import drop_messages, queue_message
from people.domain.contacts import email_fault, normal_email
from people.domain.names import name_fault
from tickets.domain import codes
from tickets.domain.attendees import Attendee, Contact
from tickets.domain.places import (
    RegistrationClosed,
    claim_places,
    closed_words,
    free_places,
    free_sessions,
    with_places_open,
)
from tickets.domain.registration import Registered, register
from tickets.models import Registration, SessionPlace, Ticket, WaitingListEntry

OFFER_TIME = timedelta(hours=24)
SHORT_OFFER_TIME = timedelta(hours=3)  # within NEAR of the doors
NEAR = timedelta(hours=48)
MOST_PLACES = 10

State = WaitingListEntry.State
STANDING = (State.WAITING, State.OFFERED)


class OfferOver(Refusal):
    slug = "offer-over"
    title = "This offer is over"
    kind = Kind.GONE


def join(
    *, event: Event, email: str, party_size: int, now: datetime, key: str = ""
) -> tuple[WaitingListEntry, str]:
    """Join the event's waiting list; returns the entry and its secret. The same key joins once.

    :raises InvalidInput: the address or the size cannot be, there is no waiting list, or no need to wait
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
    if words := closed_words(event=event, now=now):
        raise RegistrationClosed(words)
    key = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest() if key else ""
    with transaction.atomic():
        Event.objects.lock(event.pk)
        before = WaitingListEntry.objects.filter(event=event, idempotency_key=key).first() if key else None
        if before is None and _anybody_may_register(event, now):
            raise InvalidInput("There are free places. You can register now.")
        entry = before or _add(event, "waiting", now, email=email, party_size=party_size, idempotency_key=key)
    return entry, codes.waiting_secret(entry.pk)


def join_session(*, ticket: Ticket, session: Session, now: datetime) -> WaitingListEntry:
    """Wait for a full session of the ticket's event. Repeating it changes nothing.

    :raises InvalidInput: the session is of another event, over, or chosen already
    """
    if session.event_id != ticket.event_id or session.ends_at <= now:
        raise InvalidInput("Choose a session of this event.")
    with transaction.atomic():
        Event.objects.lock(ticket.event_id)
        if ticket.session_places.filter(session=session).exists():
            raise InvalidInput("You have a place in this session.")
        before = WaitingListEntry.objects.filter(ticket=ticket, session=session, state__in=STANDING).first()
        return before or _add(
            ticket.event, "", now, session=session, ticket=ticket, email=ticket.registration.lead_email
        )


def offer_to_school(
    *, event: Event, organisation: str, email: str, places: int, until: datetime, now: datetime
) -> tuple[WaitingListEntry, str]:
    """Give a school or club priority: its places are kept until a deadline, before everybody else.

    :raises InvalidInput: fields says why; also where fewer places are left
    """
    faults = {
        "organisation": name_fault(organisation),
        "email": email_fault(email),
        "places": None if places >= 1 else "Enter how many places to keep",
        "until": None if now < until < event.ends_at else "Choose a time from now until the event",
    }
    found = {field: [words] for field, words in faults.items() if words}
    if found:
        raise InvalidInput("Check what you entered.", fields=found)
    with transaction.atomic():
        Event.objects.lock(event.pk)
        entry = _add(event, "", now, email=email, party_size=places, organisation=organisation.strip())
        _claim_for_offer(event, entry, now, until=until)
    return entry, codes.waiting_secret(entry.pk)


def entry_of(*, secret: str) -> WaitingListEntry | None:
    return (
        WaitingListEntry.objects.select_related("event__venue", "session", "ticket__registration")
        .filter(fingerprint=codes.fingerprint(secret))
        .first()
    )


def position(*, entry: WaitingListEntry) -> int:
    """1 is next. Counts the parties before this one that still wait for the same."""
    return 1 + (
        WaitingListEntry.objects.filter(
            event=entry.event_id, session=entry.session_id, state=State.WAITING, pk__lt=entry.pk
        ).count()
    )


def offer_stands(*, entry: WaitingListEntry, now: datetime) -> bool:
    """True while an offer can be taken."""
    return entry.state == State.OFFERED and entry.offer_until is not None and now < entry.offer_until


def leave(*, entry: WaitingListEntry, now: datetime) -> None:
    """Leave the list or turn an offer down; its places are free again."""
    with transaction.atomic():
        Event.objects.lock(entry.event_id)
        entry.refresh_from_db()
        if entry.state in STANDING:
            _give_back(entry, State.LEFT, now)


def leave_sessions(*, ticket_ids: list[int], now: datetime) -> None:
    """Tickets that are cancelled wait for nothing. Inside the caller's transaction."""
    for entry in WaitingListEntry.objects.filter(ticket__in=ticket_ids, state__in=STANDING):
        _give_back(entry, State.LEFT, now)


def voucher(*, entry: WaitingListEntry, lead: Contact, otherwise: str) -> str:
    """Whoever uses an offer came by its mail, which proves the address that it went to and no other."""
    proved = normal_email(entry.email) == normal_email(lead.email)
    return Registration.Vouched.ADDRESS if proved else otherwise


def register_offered(
    *,
    entry: WaitingListEntry,
    lead: Contact,
    attendees: Sequence[Attendee],
    vouched_by: str,
    now: datetime,
    **choices: Any,
) -> Registered:
    """Register with places of an offer; a party may do so one by one until its places are used.

    choices are those of register; vouched_by: who does where the offer's own address is not the lead's.

    :raises OfferOver: its deadline passed, it was turned down, or its places are used
    """
    with transaction.atomic():
        use_offer(entry=entry, places=len(attendees), now=now, check_only=True)
        registered = register(
            event=entry.event,
            lead=lead,
            attendees=attendees,
            now=now,
            offered=True,
            vouched_by=voucher(entry=entry, lead=lead, otherwise=vouched_by),
            **choices,
        )
        if not registered.replayed:
            entry.registration = registered.registration
            use_offer(entry=entry, places=len(attendees), now=now)
    return registered


def use_offer(*, entry: WaitingListEntry, places: int, now: datetime, check_only: bool = False) -> None:
    """Use places of an offer, inside the caller's transaction, which holds the event until it ends.

    :raises OfferOver: its deadline passed, it was turned down, or fewer places are left of it
    """
    Event.objects.lock(entry.event_id)
    if check_only:
        entry.refresh_from_db(fields=["state", "offer_until", "places_used", "party_size"])
    free = entry.party_size - entry.places_used
    if not offer_stands(entry=entry, now=now) or places > free:
        raise OfferOver("This offer is over. You can join the waiting list again.")
    if check_only:
        return
    entry.places_used += places
    if entry.places_used == entry.party_size:
        entry.state, entry.ended_at = State.TAKEN, now
    entry.save(update_fields=["places_used", "registration", "state", "ended_at"])


def take_session(*, entry: WaitingListEntry, now: datetime) -> None:
    """Take the offered place in a session.

    :raises OfferOver: its deadline passed or it was turned down
    :raises InvalidInput: the person has another session at the same time
    """
    with transaction.atomic():
        Event.objects.lock(entry.event_id)
        entry.refresh_from_db(fields=["state", "offer_until"])
        if not offer_stands(entry=entry, now=now) or entry.session is None or entry.ticket is None:
            raise OfferOver("This offer is over. You can wait for the session again.")
        session, ticket = entry.session, entry.ticket
        overlapping = SessionPlace.objects.filter(
            ticket=ticket, session__starts_at__lt=session.ends_at, session__ends_at__gt=session.starts_at
        ).select_related("session")
        if clash := overlapping.first():
            raise InvalidInput(f"You have {clash.session.title} at the same time. Give it up first.")
        SessionPlace.objects.create(ticket=ticket, session=session)
        Ticket.objects.filter(pk=ticket.pk).update(changed_at=now)
        entry.state, entry.ended_at, entry.places_used = State.TAKEN, now, 1
        entry.save(update_fields=["state", "ended_at", "places_used"])


def make_offers(*, now: datetime) -> int:
    """End offers that were not taken in time, then offer free places in turn;
    return how many rows changed."""
    changed = 0
    due = WaitingListEntry.objects.filter(
        Q(state=State.WAITING) | Q(state=State.OFFERED, offer_until__lte=now)
    )
    for event_id in due.values_list("event_id", flat=True).order_by("event_id").distinct():
        with transaction.atomic():
            event = Event.objects.lock(event_id)
            changed += _expire(event, now)
            if not closed_words(event=event, now=now):
                changed += _offer(event, now)
            if event.status == Event.Status.PUBLISHED:
                changed += _offer_sessions(event, now)
    return changed


def _add(event: Event, purpose: str, now: datetime, **fields: Any) -> WaitingListEntry:
    entry = WaitingListEntry.objects.create(
        event=event,
        email=fields.pop("email").strip(),
        fingerprint=secrets.token_bytes(codes.FINGERPRINT_BYTES),
        joined_at=now,
        **fields,
    )
    entry.fingerprint = codes.fingerprint(codes.waiting_secret(entry.pk))
    entry.save(update_fields=["fingerprint"])
    if purpose:
        queue_message(purpose=purpose, key=f"waiting:{entry.pk}", context={"entry": entry.pk}, now=now)
    return entry


def _anybody_may_register(event: Event, now: datetime) -> bool:
    """Who waits closes the public form;
    a large party must not close it while others could have the places."""
    return with_places_open(events=Event.objects.filter(pk=event.pk), now=now).get().places_open > 0


def _give_back(entry: WaitingListEntry, state: str, now: datetime) -> None:
    """End an entry; what it had been offered and did not use is free again."""
    if entry.state == State.OFFERED:
        if entry.session_id is not None:
            free_sessions(session_ids=[entry.session_id])
        else:
            free_places(event_id=entry.event_id, places=entry.party_size - entry.places_used)
    entry.state, entry.ended_at = state, now
    entry.save(update_fields=["state", "ended_at"])
    drop_messages(purposes=["waiting", "offer", "session-offer"], keys=[f"waiting:{entry.pk}"])


def serve(*, event: Event, now: datetime) -> int:
    """Offer what is free to the queue at once; return how many offers. The caller holds the event's row."""
    return 0 if closed_words(event=event, now=now) else _offer(event, now)


def _expire(event: Event, now: datetime) -> int:
    over = list(WaitingListEntry.objects.filter(event=event, state=State.OFFERED, offer_until__lte=now))
    for entry in over:
        _give_back(entry, State.EXPIRED, now)
    return len(over)


def _offer(event: Event, now: datetime) -> int:
    event.refresh_from_db()
    offered, left = 0, event.places_left
    waiting = WaitingListEntry.objects.filter(event=event, session__isnull=True, state=State.WAITING)
    for entry in waiting.order_by("joined_at", "pk"):  # first come, first served
        if entry.party_size > left:
            break  # a party is never overtaken by a smaller one
        _claim_for_offer(event, entry, now, until=_deadline(event, now))
        left -= entry.party_size
        offered += 1
    return offered


def _offer_sessions(event: Event, now: datetime) -> int:
    waiting = WaitingListEntry.objects.filter(event=event, session__ends_at__gt=now, state=State.WAITING)
    offered = 0
    for entry in waiting.order_by("session", "pk"):
        session = Session.objects.filter(pk__in=[entry.session_id])
        claimed = session.filter(Q(capacity__isnull=True) | Q(places_taken__lt=F("capacity"))).update(
            places_taken=F("places_taken") + 1
        )
        if claimed:
            _mark_offered(entry, "session-offer", now, until=_deadline(event, now))
            offered += 1
    return offered


def _claim_for_offer(event: Event, entry: WaitingListEntry, now: datetime, *, until: datetime) -> None:
    # Tickets are numbered when the offer is taken. An organiser may keep places before registration opens.
    if entry.organisation:
        claimed = Event.objects.filter(
            pk=event.pk, places_taken__lte=F("capacity") - entry.party_size
        ).update(places_taken=F("places_taken") + entry.party_size)
        if not claimed:
            event.refresh_from_db()
            raise InvalidInput(
                f"Only {event.places_left} places are left.",
                fields={"places": [f"Only {event.places_left} places are left"]},
            )
    else:
        claim_places(event=event, places=entry.party_size, now=now, serials=0, passing_the_queue=True)
    _mark_offered(entry, "offer", now, until=until)


def _mark_offered(entry: WaitingListEntry, purpose: str, now: datetime, *, until: datetime) -> None:
    entry.state, entry.offered_at, entry.offer_until = State.OFFERED, now, until
    entry.save(update_fields=["state", "offered_at", "offer_until"])
    queue_message(purpose=purpose, key=f"waiting:{entry.pk}", context={"entry": entry.pk}, now=now)


def _deadline(event: Event, now: datetime) -> datetime:
    near = event.doors_open_at - now < NEAR
    return min(now + (SHORT_OFFER_TIME if near else OFFER_TIME), event.ends_at)
