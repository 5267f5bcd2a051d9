"""When must an address prove itself, and how much can be asked for in the name of one that did not?

Nobody solves a puzzle. In a rush the place of an address that nobody vouches for is held for half an hour,
and the link in the mail keeps it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil

from django.db import transaction
from django.db.models.functions import Lower

from accounts.domain.rates import count_use
from events.models import Event
from foundation.refusals import Refusal
from outbox.domain.mail_queue import queue_message
from people.domain.contacts import normal_email
from tickets.domain.age_rules import GUARDIAN_TIME
from tickets.models import Guardian, Registration, Ticket

PROOF_TIME = timedelta(minutes=30)
RUSH = timedelta(hours=1)
RUSH_SHARE = 0.25  # of the capacity, by the public form within RUSH
RUSH_FROM = 120  # registrations; a school that comes at once is no rush
MOST_HELD_SHARE = 0.10  # of the capacity, by addresses that have not proved themselves
MOST_HELD_FROM = 20
MOST_PLACES = 6  # of one address in an edition, until it proves itself
MAILS = 5  # to one address that nobody vouches for, in MAILS_WINDOW; others leave in a later one
MAILS_WINDOW = timedelta(hours=1)
LONGEST_WAIT = 48  # windows

Vouched = Registration.Vouched
UNPROVED = (Vouched.NOBODY, Vouched.NETWORK)


class TooManyUnproven(Refusal):
    slug = "try-again-soon"
    title = "Many people are registering just now"


class AddressNotProved(Refusal):
    slug = "address-not-proved"
    title = "This address has many places already"


def must_prove(*, event: Event, vouched_by: str, now: datetime) -> bool:
    """True where the places are held until the link in the mail is opened. One query at most."""
    return vouched_by == Vouched.NOBODY or (vouched_by == Vouched.NETWORK and is_rush(event=event, now=now))


def refuse_unproved(*, event: Event, addresses: Iterable[str], places: int) -> None:
    """The guard of a claim for which nobody vouches. One query for each address.

    addresses: the lead's, and those of the guardians who are asked.

    :raises AddressNotProved: one of them has too many places that it did not answer for
    """
    for address in {one.strip().lower() for one in addresses}:
        if _unanswered(event, address) + places > MOST_PLACES:
            raise AddressNotProved(
                f"One email address can have {MOST_PLACES} places until somebody opens our mail. "
                "Open the link that we sent there, then send this once more."
            )


def ask_for_proof(*, event: Event, address: str, now: datetime) -> None:
    """Mail the link that proves an address which has registered before; at most once an hour."""
    first = (
        Registration.objects.alias(address=Lower("lead_email"))
        .filter(event=event, address=address.strip().lower(), ended_at__isnull=True)
        .filter(vouched_by__in=UNPROVED)
        .order_by("pk")
        .first()
    )
    if first is not None:
        queue_message(
            purpose="prove-address",
            key=f"registration:{first.pk}:{now:%Y%m%d%H}",
            context={"registration": first.pk},
            now=now,
            send_at=mail_slot(address=address, now=now),
        )


def mail_slot(*, address: str, now: datetime) -> datetime:
    """When the next mail to an address may leave that nobody vouches for: now, or in a later hour.

    Spellings of one mailbox count as one. Counts the mail.
    """
    who = normal_email(address)
    for waits in range(LONGEST_WAIT):
        at = now + waits * MAILS_WINDOW
        if count_use(what="mail", who=who, window=MAILS_WINDOW, now=at) <= MAILS:
            return at
    return at


def _unanswered(event: Event, address: str) -> int:
    """Places that stand in the name of an address which nobody has shown to be theirs. One query."""
    mine = Registration.objects.alias(address=Lower("lead_email")).filter(event=event, address=address)
    unproved = mine.filter(vouched_by__in=UNPROVED).values("pk")
    asked = Guardian.objects.alias(address=Lower("email")).filter(
        address=address,
        answer=Guardian.Answer.ASKED,
        ticket__event=event,
        ticket__registration__vouched_by__in=UNPROVED,
    )
    by_lead = Ticket.objects.taking_a_place().filter(registration__in=unproved)
    by_guardian = Ticket.objects.taking_a_place().filter(pk__in=asked.values("ticket"))
    return by_lead.values("pk").union(by_guardian.values("pk")).count()


def is_rush(*, event: Event, now: datetime) -> bool:
    """True where the public form takes places unusually fast.

    No query before so many tickets are out at all, then one.
    """
    many = max(RUSH_FROM, ceil(RUSH_SHARE * event.capacity))
    if event.serials_issued < many:
        return False
    recent = Registration.objects.filter(
        event=event, source=Registration.Source.FORM, created_at__gt=now - RUSH
    )
    return recent[many - 1 :].exists()


def refuse_too_many_unproven(*, event: Event) -> None:
    """:raises TooManyUnproven: the share of places that unproven addresses may hold is used"""
    held = Ticket.objects.filter(
        event=event, state=Ticket.State.ON_HOLD, registration__needs_proof=True
    ).count()
    if held >= max(MOST_HELD_FROM, MOST_HELD_SHARE * event.capacity):
        raise TooManyUnproven(
            "Many people are registering just now. Your answers are kept. Please try again in some minutes."
        )


def prove(*, registration: Registration, now: datetime) -> Registration:
    """The link in the mail was used: the place is kept. Repeating it changes nothing.

    Tickets that wait for a guardian go on waiting, for as long as they would have without the rush.
    """
    with transaction.atomic():
        Event.objects.lock(registration.event_id)
        registration.refresh_from_db()
        if registration.vouched_by not in UNPROVED or registration.ended_at is not None:
            return registration
        held, registration.needs_proof = registration.needs_proof, False
        registration.vouched_by = Vouched.ADDRESS
        registration.save(update_fields=["needs_proof", "vouched_by"])
        if not held:
            return registration
        on_hold = registration.tickets.filter(state=Ticket.State.ON_HOLD)
        on_hold.exclude(guardian__answer="asked").update(state=Ticket.State.VALID, changed_at=now)
        if on_hold.exists():
            registration.hold_until = registration.created_at + GUARDIAN_TIME
        else:
            registration.state, registration.hold_until = Registration.State.CONFIRMED, None
        registration.save(update_fields=["state", "hold_until"])
        if registration.state == Registration.State.CONFIRMED:
            queue_message(
                purpose="confirmed",
                key=f"proved:{registration.pk}",
                context={"registration": registration.pk},
                now=now,
            )
    return registration
