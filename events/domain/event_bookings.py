"""What happens to an edition's bookings when the edition moves or is cancelled?

Called by the verbs that move or cancel an edition, inside their transaction: all of it happens, or none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from accounts.models import User
from events.domain import slots
from events.domain.availability import Wish, conflicts, wholes_of
from events.domain.booking_notices import tell
from events.domain.bookings import put
from events.domain.slots import SpaceUnavailable
from events.models import Booking, Event, Session, Space
from foundation.refusals import Refusal
from foundation.wall_time import shifted


@dataclass(frozen=True)
class BookingMove:
    """One booking and the time that it would have. words: why it cannot move; empty: it can."""

    booking: Booking
    starts_at: datetime
    ends_at: datetime
    words: str = ""


def standing_bookings(*, event: Event) -> list[Booking]:
    """What the edition holds and has booked, in order of time. One query."""
    bookings = Booking.objects.standing().filter(event=event)
    return list(bookings.select_related("space__venue", "layout").order_by("starts_at", "rank", "pk"))


def plan_move(*, event: Event, starts_at: datetime, ends_at: datetime, now: datetime) -> list[BookingMove]:
    """What moving the edition to this time would do to its bookings; changes nothing.

    For the page that asks.
    """
    bookings = [one for one in standing_bookings(event=event) if one.ends_at > now]
    ids = [one.pk for one in bookings]
    return [_step(one, event, starts_at, ends_at, ids, now) for one in bookings]


def move_event_bookings(
    *,
    event: Event,
    starts_at: datetime,
    ends_at: datetime,
    by: User | None,
    now: datetime,
    release_what_clashes: bool = False,
) -> list[Booking]:
    """Move what is booked for the edition as the edition moves, by the clock on the wall; confirmed ones are
    held again until the venue agrees. Call it with the edition's old times still on the row. Each venue is
    told.

    Bookings keep their distance to the start; those that end with or after the edition keep it to the end.
    release_what_clashes: give back what cannot move instead of refusing all. Returns what moved.

    :raises SpaceUnavailable: a space is taken at the new time; details as of hold_space
    :raises InvalidInput: a rule of a space, or the clock change, does not allow the new time
    """
    try:
        with transaction.atomic():
            bookings = [one for one in standing_bookings(event=event) if one.ends_at > now]
            venues = {one.space.venue_id for one in bookings}
            slots.lock_venues(venues)
            slots.lapse(venue_ids=venues, now=now)
            bookings = [one for one in standing_bookings(event=event) if one.ends_at > now]
            return _move_all(bookings, event, starts_at, ends_at, by, now, release_what_clashes)
    except IntegrityError as fault:
        raise SpaceUnavailable("A space was taken at the new time just now. Look again.") from fault


def release_event_bookings(*, event: Event, reason: str, by: User | None, now: datetime) -> list[Booking]:
    """Give back everything that the edition holds and has booked and that is not over; each venue is told."""
    with transaction.atomic():
        venues = {one.space.venue_id for one in standing_bookings(event=event)}
        slots.lock_venues(venues)
        bookings = [one for one in standing_bookings(event=event) if one.ends_at > now]
        slots.give_back(bookings=bookings, by=by, reason=reason.strip()[:200], now=now)
        for booking in bookings:
            tell(booking=booking, what="released", by=by, now=now)
    return bookings


def sessions_without_booking(*, event: Event) -> list[Session]:
    """Sessions in a space that the edition has not booked, itself or with its whole,
    for all of their time."""
    bookings = [one for one in standing_bookings(event=event) if one.rank == 1]
    venues = {one.space.venue_id for one in bookings}
    parents = dict(Space.objects.filter(venue__in=venues).values_list("pk", "parent_id"))
    return [
        session
        for session in event.sessions.filter(space__isnull=False).select_related("space")
        if not any(
            one.space_id in wholes_of(space_id=session.space_id or 0, parents=parents)
            and one.starts_at <= session.starts_at
            and one.ends_at >= session.ends_at
            for one in bookings
        )
    ]


def _move_all(
    bookings: list[Booking],
    event: Event,
    starts_at: datetime,
    ends_at: datetime,
    by: Any,
    now: datetime,
    release_what_clashes: bool,
) -> list[Booking]:
    ids = [one.pk for one in bookings]
    steps = [_step(one, event, starts_at, ends_at, ids, now) for one in bookings]
    stuck = [step for step in steps if step.words]
    if stuck and not release_what_clashes:
        _refuse(stuck[0], ids, now)
    # Their old places must not be in one another's way: while they move, none of them covers anything.
    Booking.objects.filter(pk__in=ids).update(
        rank=2, state=Booking.State.HELD, hold_until=Coalesce(F("hold_until"), Value(now))
    )
    old = [(one.space.venue_id, one.blocked_from, one.blocked_until) for one in bookings]
    moved = [step for step in steps if not step.words]
    for step in sorted(moved, key=lambda step: step.booking.rank):
        wish = _wish(step.booking, step.starts_at, step.ends_at)
        rank = 2 if step.booking.rank == 2 and _is_taken(step.booking, wish, now) else 1
        put(
            booking=step.booking,
            starts_at=step.starts_at,
            ends_at=step.ends_at,
            wish=wish,
            rank=rank,
            now=now,
        )
    released = [step.booking for step in steps if step.words]
    words = f"{event} moved, and the space is not free at its new time"[:200]
    slots.give_back(bookings=released, by=by, reason=words, now=now)
    for venue_id, begin, end in old:
        slots.move_up(venue_id=venue_id, starts_at=begin, ends_at=end, now=now)
    for step in moved:
        tell(booking=step.booking, what="moved", by=by, now=now)
    for booking in released:
        tell(booking=booking, what="released", by=by, now=now)
    return [step.booking for step in moved]


def _step(
    booking: Booking, event: Event, starts_at: datetime, ends_at: datetime, ids: Sequence[int], now: datetime
) -> BookingMove:
    try:
        start = shifted(booking.starts_at, old=event.starts_at, new=starts_at)
        with_end = booking.ends_at >= event.ends_at
        end = (
            shifted(booking.ends_at, old=event.ends_at, new=ends_at)
            if with_end
            else shifted(booking.ends_at, old=event.starts_at, new=starts_at)
        )
        wish = slots.checked_wish(
            title=booking.title,
            starts_at=start,
            ends_at=end,
            people=booking.people,
            setup_minutes=booking.setup_minutes,
            clearup_minutes=booking.clearup_minutes,
            now=now,
            space=booking.space,
            layout=booking.layout,
        )
        slots.refuse_by_rules(space=booking.space, wish=wish, now=now)
        slots.rank_for(space=booking.space, wish=wish, now=now, ignoring=ids, as_option=booking.rank == 2)
    except Refusal as refusal:
        words = " ".join([refusal.message, *(w for many in refusal.fields.values() for w in many)])
        return BookingMove(booking, booking.starts_at, booking.ends_at, words)
    return BookingMove(booking, start, end)


def _refuse(step: BookingMove, ids: Sequence[int], now: datetime) -> None:
    words = f"{step.booking.space} cannot move along. {step.words}"
    raise SpaceUnavailable(words, details={"clashes": [], "alternatives": [], "booking": step.booking.pk})


def _wish(booking: Booking, starts_at: datetime, ends_at: datetime) -> Wish:
    return slots.wish_for(
        starts_at=starts_at,
        ends_at=ends_at,
        people=booking.people,
        layout=booking.layout,
        setup=booking.setup_minutes,
        clearup=booking.clearup_minutes,
    )


def _is_taken(booking: Booking, wish: Wish, now: datetime) -> bool:
    return bool(
        conflicts(
            space=booking.space,
            starts_at=wish.starts_at,
            ends_at=wish.ends_at,
            now=now,
            ignoring=[booking.pk],
        )
    )
