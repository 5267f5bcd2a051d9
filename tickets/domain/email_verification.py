"""When must an address prove itself before a place is kept? In a rush, so that machines cannot eat the
places.

Nobody solves a puzzle: the place is held for half an hour, and the link in the mail keeps it.
"""

from datetime import datetime, timedelta
from math import ceil

from django.db import transaction

from events.models import Event
from foundation.refusals import Refusal
from outbox.domain.mail_queue import queue_message
from tickets.domain.age_rules import GUARDIAN_TIME
from tickets.models import Registration, Ticket

PROOF_TIME = timedelta(minutes=30)
RUSH = timedelta(hours=1)
RUSH_SHARE = 0.25  # of the capacity, by the public form within RUSH
RUSH_FROM = 120  # registrations; a school that comes at once is no rush
MOST_HELD_SHARE = 0.10  # of the capacity, by addresses that have not proved themselves
MOST_HELD_FROM = 20


class TooManyUnproven(Refusal):
    slug = "try-again-soon"
    title = "Many people are registering just now"


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
        Event.objects.select_for_update().only("pk").get(pk=registration.event_id)
        registration.refresh_from_db()
        if not registration.needs_proof or registration.ended_at is not None:
            return registration
        registration.needs_proof = False
        on_hold = registration.tickets.filter(state=Ticket.State.ON_HOLD)
        on_hold.exclude(guardian__answer="asked").update(state=Ticket.State.VALID, changed_at=now)
        if on_hold.exists():
            registration.hold_until = registration.created_at + GUARDIAN_TIME
        else:
            registration.state, registration.hold_until = Registration.State.CONFIRMED, None
        registration.save(update_fields=["needs_proof", "state", "hold_until"])
        if registration.state == Registration.State.CONFIRMED:
            queue_message(
                purpose="confirmed",
                key=f"proved:{registration.pk}",
                context={"registration": registration.pk},
                now=now,
            )
    return registration
