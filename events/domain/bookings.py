"""May this space be had for this time? Hold, confirm, move, release, and what lapses by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.models import User
from events.domain.availability import Wish, alternatives, conflicts, reasons_against
from events.domain.refusals import InvalidInput, Refusal
from events.domain.wall_time import wall_time
from events.models import Booking, Event, Layout, Space
from outbox.domain.messages import queue_message

HOLD_TIME = timedelta(days=14)
LONGEST = timedelta(days=31)
MOST_TURNAROUND = 24 * 60  # minutes


class SpaceUnavailable(Refusal):
    """Another booking has the slot; carries the clashes and the nearest free alternatives."""

    slug = "space-unavailable"
    title = "The space is taken at that time"


class BookingSettled(Refusal):
    slug = "booking-settled"
    title = "This booking was settled before"


class CapacityNotConfirmed(Refusal):
    slug = "capacity-not-confirmed"
    title = "The venue has not confirmed this capacity"


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
) -> Booking:
    """Hold a space from starts_at up to, but not including, ends_at, with set-up and clear-up around it.

    people is the expected peak at one time, held against the layout's and the safe capacity. Locks the
    venue's spaces first and releases holds whose time is up. as_option takes the second rank behind a hold.

    :raises InvalidInput: the period or the numbers cannot be, or a rule of the space does not allow them
    :raises SpaceUnavailable: another booking has an instant of it
    """
    hold_until = hold_until or now + HOLD_TIME
    _refuse_bad_input(title, starts_at, ends_at, people, setup_minutes, clearup_minutes, hold_until, now)
    blocked_from = starts_at - timedelta(minutes=setup_minutes)
    blocked_until = ends_at + timedelta(minutes=clearup_minutes)
    wish = Wish(
        starts_at=blocked_from, ends_at=blocked_until, people=people, layout=layout.slug if layout else ""
    )
    try:
        with transaction.atomic():
            _lock_venue(space)
            lapse_holds(now=now, spaces=_venue_spaces(space))
            _refuse_by_rules(space, wish, now)
            clashes = conflicts(space=space, starts_at=blocked_from, ends_at=blocked_until, now=now)
            rank = _rank(space, clashes, wish, now, as_option=as_option)
            booking = Booking.objects.create(
                space=space,
                layout=layout,
                event=event,
                title=title.strip(),
                people=people,
                starts_at=starts_at,
                ends_at=ends_at,
                setup_minutes=setup_minutes,
                clearup_minutes=clearup_minutes,
                blocked_from=blocked_from,
                blocked_until=blocked_until,
                rank=rank,
                hold_until=hold_until,
                held_by=held_by,
                created_at=now,
            )
            _tell_venue(booking, "held", now)
    except IntegrityError as fault:
        raise _unavailable(space, wish, now) from fault
    return booking


def confirm_booking(*, booking: Booking, by: User, now: datetime) -> Booking:
    """The venue's yes, or an organiser's record of it. Repeating it changes nothing.

    :raises BookingSettled: released, or lapsed, or the second option behind another
    :raises CapacityNotConfirmed: the layout's capacity is an estimate; carries what to ask the venue
    """
    with transaction.atomic():
        _lock_venue(booking.space)
        booking.refresh_from_db()
        if booking.state == Booking.State.CONFIRMED:
            return booking
        if booking.state == Booking.State.RELEASED or booking.hold_until <= now:
            raise BookingSettled("This hold is over. Hold the space again.")
        if booking.rank != 1:
            raise BookingSettled("This is the second option. It can be confirmed once the first is released.")
        if booking.layout is None or not booking.layout.confirmed:
            what = f"the {booking.layout.name.lower()} layout" if booking.layout else "a layout"
            raise CapacityNotConfirmed(
                f"Ask {booking.space.venue} how many people {what} of {booking.space} holds, and note who said so.",
                details={"ask": [f"capacity of {booking.space}, {what}"]},
            )
        booking.state, booking.confirmed_by, booking.confirmed_at = Booking.State.CONFIRMED, by, now
        booking.save(update_fields=["state", "confirmed_by", "confirmed_at"])
        _tell_venue(booking, "confirmed", now)
    return booking


def release_booking(*, booking: Booking, by: User | None, reason: str, now: datetime) -> Booking:
    """Give the slot back; the second option moves up. Repeating it changes nothing.

    :raises InvalidInput: no reason is given
    """
    if not reason.strip():
        words = "Say why the space is released"
        raise InvalidInput(words, fields={"reason": [words]})
    with transaction.atomic():
        _lock_venue(booking.space)
        booking.refresh_from_db()
        if booking.state == Booking.State.RELEASED:
            return booking
        _release([booking], by=by, reason=reason.strip()[:200], now=now)
        _tell_venue(booking, "released", now)
    return booking


def move_booking(*, booking: Booking, starts_at: datetime, ends_at: datetime, now: datetime) -> Booking:
    """Put a standing booking to another time; a confirmed one is held again until the venue agrees.

    :raises BookingSettled: released
    :raises InvalidInput: the period cannot be, or a rule of the space does not allow it
    :raises SpaceUnavailable: another booking has an instant of it
    """
    _refuse_bad_input(
        booking.title,
        starts_at,
        ends_at,
        booking.people,
        booking.setup_minutes,
        booking.clearup_minutes,
        None,
        now,
    )
    blocked_from = starts_at - timedelta(minutes=booking.setup_minutes)
    blocked_until = ends_at + timedelta(minutes=booking.clearup_minutes)
    wish = Wish(starts_at=blocked_from, ends_at=blocked_until, people=booking.people)
    space = booking.space
    try:
        with transaction.atomic():
            _lock_venue(space)
            booking.refresh_from_db()
            if booking.state == Booking.State.RELEASED:
                raise BookingSettled("This booking is released. Hold the space again.")
            lapse_holds(now=now, spaces=_venue_spaces(space))
            _refuse_by_rules(space, wish, now)
            if booking.rank == 1 and conflicts(
                space=space, starts_at=blocked_from, ends_at=blocked_until, now=now, ignoring=booking.pk
            ):
                raise _unavailable(space, wish, now)
            old = (booking.blocked_from, booking.blocked_until)
            booking.starts_at, booking.ends_at = starts_at, ends_at
            booking.blocked_from, booking.blocked_until = blocked_from, blocked_until
            booking.state, booking.confirmed_at, booking.confirmed_by = Booking.State.HELD, None, None
            booking.hold_until = max(booking.hold_until or now, now + HOLD_TIME)
            booking.save()
            _move_up(space, *old, now=now)
            _tell_venue(booking, "moved", now)
    except IntegrityError as fault:
        raise _unavailable(space, wish, now) from fault
    return booking


def lapse_holds(*, now: datetime, spaces: Sequence[int] | None = None) -> int:
    """Release holds whose time is up; second options move up. spaces: only these (ids); None: all."""
    with transaction.atomic():
        due = Booking.objects.lapsed(now).select_related("space")
        if spaces is not None:
            due = due.filter(space__in=spaces)
        lapsed = list(due)
        if lapsed:
            _release(lapsed, by=None, reason="The hold was not confirmed in time", now=now)
            for booking in lapsed:
                _tell_venue(booking, "lapsed", now)
    return len(lapsed)


def _refuse_bad_input(title, starts_at, ends_at, people, setup, clearup, hold_until, now) -> None:
    faults: dict[str, list[str]] = {}
    if not title.strip() or len(title) > 120 or any(ord(character) < 32 for character in title):
        faults["title"] = ["Enter a title of 120 characters or fewer"]
    if ends_at <= starts_at:
        faults["ends_at"] = ["The end must be after the start"]
    elif ends_at - starts_at > LONGEST:
        faults["ends_at"] = [f"Book at most {LONGEST.days} days at a time"]
    if starts_at <= now:
        faults["starts_at"] = ["The start must be in the future"]
    elif starts_at > now + timedelta(days=3 * 366):
        faults["starts_at"] = ["The start must be within three years"]
    if starts_at.second or starts_at.microsecond or ends_at.second or ends_at.microsecond:
        faults.setdefault("starts_at", []).append("Use whole minutes")
    if not 1 <= people <= 100_000:
        faults["people"] = ["Enter how many people are expected at one time"]
    for name, minutes in (("setup_minutes", setup), ("clearup_minutes", clearup)):
        if not 0 <= minutes <= MOST_TURNAROUND:
            faults[name] = [f"Enter between 0 and {MOST_TURNAROUND} minutes"]
    if hold_until is not None and hold_until <= now:
        faults["hold_until"] = ["The hold must last into the future"]
    if faults:
        raise InvalidInput("Check the booking.", fields=faults)


def _lock_venue(space: Space) -> None:
    """Whoever books in a venue waits for the one before: parents and parts are all in one venue."""
    list(Space.objects.select_for_update().filter(venue=space.venue_id).order_by("pk").values_list("pk"))


def _venue_spaces(space: Space) -> list[int]:
    return list(Space.objects.filter(venue=space.venue_id).values_list("pk", flat=True))


def _refuse_by_rules(space: Space, wish: Wish, now: datetime) -> None:
    reasons = reasons_against(space=space, wish=wish, now=now)
    if reasons:
        field = "people" if any("people" in reason for reason in reasons) else "starts_at"
        raise InvalidInput(
            f"{space} cannot be booked like this. " + ". ".join(reasons) + ".", fields={field: reasons}
        )


def _rank(space: Space, clashes: list[Booking], wish: Wish, now: datetime, *, as_option: bool) -> int:
    if not clashes:
        return 1
    second = Booking.objects.filter(space=space, rank=2).standing().overlapping(wish.starts_at, wish.ends_at)
    if as_option and all(one.state == Booking.State.HELD for one in clashes) and not second.exists():
        return 2
    raise _unavailable(space, wish, now)


def _unavailable(space: Space, wish: Wish, now: datetime) -> SpaceUnavailable:
    clashes = conflicts(space=space, starts_at=wish.starts_at, ends_at=wish.ends_at, now=now)
    words = "; ".join(
        f"{one.title} in {one.space}, {wall_time(one.blocked_from):%a %d %b %H:%M} "
        f"to {wall_time(one.blocked_until):%H:%M}"
        for one in clashes
    )
    return SpaceUnavailable(
        f"{space} is taken then: {words}." if words else f"{space} is taken then.",
        details={
            "clashes": [
                {
                    "id": one.pk,
                    "title": one.title,
                    "space": one.space.slug,
                    "state": one.state,
                    "blocked_from": wall_time(one.blocked_from).isoformat(),
                    "blocked_until": wall_time(one.blocked_until).isoformat(),
                }
                for one in clashes
            ],
            "alternatives": alternatives(space=space, wish=wish, now=now),
        },
    )


def _release(bookings: list[Booking], *, by: User | None, reason: str, now: datetime) -> None:
    for booking in bookings:
        booking.state, booking.released_by, booking.released_at = Booking.State.RELEASED, by, now
        booking.release_reason = reason
        booking.save(update_fields=["state", "released_by", "released_at", "release_reason"])
    for booking in bookings:
        if booking.rank == 1:
            _move_up(booking.space, booking.blocked_from, booking.blocked_until, now=now)


def _move_up(space: Space, starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """The oldest second option in the freed time takes the first rank, where nothing else is in its way."""
    waiting = (
        Booking.objects.filter(
            space__venue=space.venue_id, rank=2, state=Booking.State.HELD, hold_until__gt=now
        )
        .overlapping(starts_at, ends_at)
        .select_related("space")
        .order_by("created_at")
    )
    for booking in waiting:
        if not conflicts(
            space=booking.space, starts_at=booking.blocked_from, ends_at=booking.blocked_until, now=now
        ):
            booking.rank = 1
            booking.save(update_fields=["rank"])
            _tell_venue(booking, "moved-up", now)


def _tell_venue(booking: Booking, what: str, now: datetime) -> None:
    queue_message(
        purpose="booking",
        key=f"booking:{booking.pk}:{what}:{now:%Y%m%dT%H%M%S%f}",
        context={"booking": booking.pk, "what": what},
        now=now,
    )
