"""How many places are given out, and who is served first when there are more?"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import User
from desk.domain.turnout import expected_turnout
from events.domain.capacity import capacity_ceiling
from events.domain.planning import BelowRegistered
from events.models import Booking, Event
from foundation import change_log
from foundation.refusals import InvalidInput, Refusal
from tickets.domain.waiting_list import serve


class BeyondSeats(Refusal):
    """More places than the booked layouts hold: allowed up to the safe capacity, where somebody says so."""

    slug = "beyond-seats"
    title = "More places than there is room by the layout"


@dataclass(frozen=True)
class Limits:
    """seats: by the layouts that are booked; safe: people inside at one time. None: not known."""

    seats: int | None
    safe: int | None


def limits_of(*, event: Event) -> Limits:
    """Two queries."""
    bookings = Booking.objects.standing().filter(event=event, rank=1).select_related("space")
    safe = {one.space_id: one.space.safe_capacity for one in bookings}
    together = sum(number or 0 for number in safe.values()) if safe and all(safe.values()) else None
    known = [number for number in (event.safe_capacity, together) if number is not None]
    return Limits(capacity_ceiling(event=event).people, min(known) if known else None)


def set_places(*, event: Event, capacity: int, by: User, now: datetime, beyond_seats: bool = False) -> Event:
    """Change the number of places. More of them go to the waiting list first, before the public form sees
    any.

    beyond_seats: the deliberate choice to give out more than the layouts hold, since some will not come.

    :raises BelowRegistered: more places are taken already
    :raises InvalidInput: more than the safe capacity, or it is not known
    :raises BeyondSeats: more than the layouts hold, and nobody said that this is meant
    """
    with transaction.atomic():
        event = Event.objects.lock(event.pk)
        if event.status not in {Event.Status.DRAFT, Event.Status.PUBLISHED} or event.ends_at <= now:
            raise InvalidInput("This edition is over, closed or cancelled.")
        beyond = _refuse(event, capacity, beyond_seats=beyond_seats)
        more = capacity > event.capacity
        event.capacity = capacity
        event.save(update_fields=["capacity", "changed_at"])
        Event.objects.filter(pk=event.pk).update(sequence=F("sequence") + 1)
        if beyond:
            turnout = expected_turnout(event=event, now=now)
            reason = (
                f"About {turnout.share:.0%} come, by past editions" if turnout else "No past edition to go by"
            )
            change_log.note(
                about=event,
                event_id=event.pk,
                did=f"gave out {capacity} places, more than the layouts hold",
                reason=reason,
                by=by,
                now=now,
            )
        if more:
            serve(event=event, now=now)
    event.refresh_from_db()
    return event


def _refuse(event: Event, capacity: int, *, beyond_seats: bool) -> bool:
    """True where it is more than the layouts hold, and was meant."""
    limits = limits_of(event=event)
    if capacity < event.places_taken:
        words = f"{event.places_taken} places are taken. Choose at least that many"
        raise BelowRegistered(f"{words}.", fields={"capacity": [words]})
    if capacity > event.capacity and limits.safe is not None and capacity > limits.safe:
        words = f"At most {limits.safe} people may be inside at one time"
        raise InvalidInput(words, fields={"capacity": [words]})
    beyond = limits.seats is not None and capacity > limits.seats and capacity > event.capacity
    if beyond and limits.safe is None:
        words = f"The layouts hold {limits.seats}. Find out the safe capacity before you give out more"
        raise InvalidInput(words, fields={"capacity": [words]})
    if beyond and not beyond_seats:
        raise BeyondSeats(
            f"The layouts hold {limits.seats} people. Say below that you mean to give out more."
        )
    return beyond
