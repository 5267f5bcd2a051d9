"""May this space be had for this time? Hold, confirm, move, release, and what lapses by itself."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from events.domain import slots
from events.domain.booking_notices import tell, warn_before_lapse
from events.domain.slots import SpaceUnavailable
from events.models import Booking, Event, Layout, Space, Venue
from foundation.refusals import InvalidInput, Refusal

__all__ = [
    "BookingSettled",
    "CapacityNotConfirmed",
    "SpaceUnavailable",
    "confirm_booking",
    "hold_space",
    "lapse_holds",
    "move_booking",
    "release_booking",
]

HOLD_TIME = timedelta(days=14)


class BookingSettled(Refusal):
    slug = "booking-settled"
    title = "This booking was settled before"


class CapacityNotConfirmed(Refusal):
    slug = "capacity-not-confirmed"
    title = "The venue has not confirmed this capacity"


class TooManyPeople(Refusal):
    """The venue lowered a capacity after the hold was made."""

    slug = "too-many-people"
    title = "More people are planned than the space holds"


def hold_space(
    *,
    space: Space,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    people: int,
    held_by: User,
    now: datetime,
    layout: Layout | None = None,
    event: Event | None = None,
    setup_minutes: int = 0,
    clearup_minutes: int = 0,
    hold_until: datetime | None = None,
    as_option: bool = False,
    venues: QuerySet[Venue] | None = None,
    repeat: UUID | None = None,
) -> Booking:
    """Hold a space from starts_at up to, but not including, ends_at, with set-up and clear-up around it.

    people is the expected peak at one time, held against the layout's and the safe capacity. Locks the
    venue's spaces first and releases holds whose time is up. as_option takes the second rank behind a hold.
    venues: where other spaces may be proposed if this one is taken; None: everywhere. repeat: one of several
    that are told of together (events.domain.repeats).

    :raises InvalidInput: the period or the numbers cannot be, or a rule of the space does not allow them
    :raises SpaceUnavailable: another booking has an instant of it
    """
    starts_at, ends_at = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    asked: dict[str, Any] = {
        "space": space,
        "layout": layout,
        "title": title.strip(),
        "people": people,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "setup_minutes": setup_minutes,
        "clearup_minutes": clearup_minutes,
    }
    wish = slots.checked_wish(**asked, now=now)
    _refuse_finished_event(event)
    hold_until = _hold_until(hold_until, ends_at, now)
    with slots.taking(space=space, wish=wish, venue_ids=[space.venue_id], now=now, venues=venues):
        slots.refuse_by_rules(space=space, wish=wish, now=now)
        booking = Booking.objects.create(
            **asked,
            event=event,
            blocked_from=wish.starts_at,
            blocked_until=wish.ends_at,
            rank=slots.rank_for(space=space, wish=wish, now=now, as_option=as_option, venues=venues),
            hold_until=hold_until,
            held_by=held_by,
            repeat=repeat,
            created_at=now,
        )
        if repeat is None:
            tell(booking=booking, what="held", by=held_by, now=now)
            warn_before_lapse(booking=booking, now=now)
    return booking


def confirm_booking(*, booking: Booking, by: User, now: datetime) -> Booking:
    """The venue's yes, or an organiser's record of it. Repeating it changes nothing.

    :raises BookingSettled: released, or lapsed, or the second option behind another
    :raises CapacityNotConfirmed: the layout's capacity is an estimate; carries what to ask the venue
    :raises TooManyPeople: the venue confirmed less than is planned
    """
    with slots.locked(venue_ids=[booking.space.venue_id], now=now):
        booking.refresh_from_db()
        if booking.state == Booking.State.CONFIRMED:
            return booking
        _refuse_to_confirm(booking, now)
        booking.state, booking.confirmed_by, booking.confirmed_at = Booking.State.CONFIRMED, by, now
        booking.save(update_fields=["state", "confirmed_by", "confirmed_at"])
        tell(booking=booking, what="confirmed", by=by, now=now)
    return booking


def release_booking(*, booking: Booking, by: User | None, reason: str, now: datetime) -> Booking:
    """Give the slot back; the second option moves up. Repeating it changes nothing.

    :raises InvalidInput: no reason is given
    """
    if not reason.strip() or len(reason.strip()) > 200 or "\0" in reason:
        words = "Say why the space is released, in 200 characters or fewer"
        raise InvalidInput(words, fields={"reason": [words]})
    with transaction.atomic():
        slots.lock_venues([booking.space.venue_id])
        booking.refresh_from_db()
        if booking.state == Booking.State.RELEASED:
            return booking
        slots.give_back(bookings=[booking], by=by, reason=reason.strip(), now=now)
        tell(booking=booking, what="released", by=by, now=now)
    return booking


def move_booking(
    *,
    booking: Booking,
    starts_at: datetime,
    ends_at: datetime,
    now: datetime,
    by: User | None = None,
    space: Space | None = None,
    layout: Layout | None = None,
    people: int | None = None,
    setup_minutes: int | None = None,
    clearup_minutes: int | None = None,
    venues: QuerySet[Venue] | None = None,
) -> Booking:
    """Put a standing booking to another time or space; a confirmed one is held again until the venue agrees.

    What is not given stays as it is; in another space the layout of the same name is used, unless given.

    :raises BookingSettled: released
    :raises InvalidInput: the period cannot be, or a rule of the space does not allow it
    :raises SpaceUnavailable: another booking has an instant of it
    """
    space = space or booking.space
    layout = layout or _same_layout(booking, space)
    people = booking.people if people is None else people
    setup = booking.setup_minutes if setup_minutes is None else setup_minutes
    clearup = booking.clearup_minutes if clearup_minutes is None else clearup_minutes
    starts_at, ends_at = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    wish = slots.checked_wish(
        title=booking.title,
        starts_at=starts_at,
        ends_at=ends_at,
        people=people,
        setup_minutes=setup,
        clearup_minutes=clearup,
        now=now,
        space=space,
        layout=layout,
    )
    old_venue, itself = booking.space.venue_id, [booking.pk]
    concerned = {space.venue_id, old_venue}
    with slots.taking(space=space, wish=wish, venue_ids=concerned, now=now, ignoring=itself, venues=venues):
        booking.refresh_from_db()
        if booking.state == Booking.State.RELEASED:
            raise BookingSettled("This booking is released. Hold the space again.")
        old_time = (booking.blocked_from, booking.blocked_until)
        slots.refuse_by_rules(space=space, wish=wish, now=now)
        rank = slots.rank_for(space=space, wish=wish, now=now, ignoring=itself, venues=venues)
        booking.space, booking.layout, booking.people = space, layout, people
        booking.setup_minutes, booking.clearup_minutes = setup, clearup
        put(booking=booking, starts_at=starts_at, ends_at=ends_at, wish=wish, rank=rank, now=now)
        slots.move_up(venue_id=old_venue, starts_at=old_time[0], ends_at=old_time[1], now=now)
        tell(booking=booking, what="moved", by=by, venues=concerned, now=now)
    return booking


def put(
    *, booking: Booking, starts_at: datetime, ends_at: datetime, wish: Any, rank: int, now: datetime
) -> None:
    """Write a booking's new time: it is held again. Inside the caller's transaction and lock."""
    booking.starts_at, booking.ends_at = starts_at, ends_at
    booking.blocked_from, booking.blocked_until = wish.starts_at, wish.ends_at
    booking.state, booking.rank = Booking.State.HELD, rank
    booking.confirmed_at = booking.confirmed_by = None
    booking.hold_until = max(booking.hold_until or now, now + HOLD_TIME)
    booking.save()
    warn_before_lapse(booking=booking, now=now)


def lapse_holds(*, now: datetime) -> int:
    """Release all holds whose time is up; second options move up. Return how many."""
    venues = Booking.objects.lapsed(now).order_by("space__venue").values_list("space__venue", flat=True)
    lapsed = 0
    for venue_id in list(venues.distinct()):
        with transaction.atomic():
            slots.lock_venues([venue_id])
            lapsed += slots.lapse(venue_ids=[venue_id], now=now)
    return lapsed


def _same_layout(booking: Booking, space: Space) -> Layout | None:
    """The booking's layout, or the one of the same name in another space."""
    layout = booking.layout
    if layout is None or layout.space_id == space.pk:
        return layout
    return space.layouts.filter(slug=layout.slug).first()


def _refuse_to_confirm(booking: Booking, now: datetime) -> None:
    if booking.state == Booking.State.RELEASED or booking.hold_until is None or booking.hold_until <= now:
        raise BookingSettled("This hold is over. Hold the space again.")
    if booking.rank != 1:
        raise BookingSettled("This is the second option. It can be confirmed once the first is released.")
    space, layout = booking.space, booking.layout
    if layout is None or not layout.confirmed:
        what = f"the {layout.name.lower()} layout" if layout else "a layout"
        raise CapacityNotConfirmed(
            f"Ask {space.venue} how many people {what} of {space} holds, and note who said so.",
            details={"ask": [f"capacity of {space}, {what}"]},
        )
    most = min(limit for limit in (layout.capacity, space.safe_capacity) if limit is not None)
    if booking.people > most:
        raise TooManyPeople(
            f"{space} holds {most} people as {layout.name.lower()}, and {booking.people} are planned. "
            "Change the booking first."
        )


def _refuse_finished_event(event: Event | None) -> None:
    if event is not None and event.status in (Event.Status.CANCELLED, Event.Status.CLOSED):
        words = f"{event} is {event.get_status_display().lower()}. Choose another edition, or none"
        raise InvalidInput(words, fields={"event": [words]})


def _hold_until(asked: datetime | None, ends_at: datetime, now: datetime) -> datetime:
    if asked is None:
        return now + HOLD_TIME
    words = ""
    if asked <= now:
        words = "The hold must last into the future"
    elif asked > max(ends_at, now + HOLD_TIME):
        words = "A hold lasts until the booking ends at the latest"
    if words:
        raise InvalidInput(words, fields={"hold_until": [words]})
    return asked
