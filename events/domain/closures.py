"""Who is affected when a space is closed, and do we go on?"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from events.domain import slots
from events.domain.availability import family_of, period_words
from events.domain.booking_notices import tell
from events.models import Booking, Closure, Space
from foundation.refusals import InvalidInput, Refusal
from foundation.wall_time import wall_time

LONGEST = timedelta(days=2 * 366)


class ClosesOverBookings(Refusal):
    """Bookings stand in that time; nothing is done until they are known. details["bookings"] lists them."""

    slug = "closes-over-bookings"
    title = "Bookings stand in that time"


def affected_by_closure(*, space: Space, starts_at: datetime, ends_at: datetime) -> list[Booking]:
    """Standing bookings of the space, its wholes and its parts, second options included, in order of time."""
    bookings = Booking.objects.standing().filter(space__in=family_of(space)).overlapping(starts_at, ends_at)
    return list(bookings.select_related("space__venue", "event", "held_by").order_by("starts_at", "rank"))


def close_space(
    *,
    space: Space,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by: User,
    now: datetime,
    known: Collection[int] = (),
    release: bool = False,
) -> Closure:
    """Close a space, its parts included, for a period.

    known: ids of the affected bookings that the asker has seen; release: give those back, with the reason.
    Otherwise they stay, and stand inside the closure.

    :raises InvalidInput: the period cannot be, or no reason is given
    :raises ClosesOverBookings: others are affected than the asker knows of
    """
    _refuse_bad_input(starts_at, ends_at, reason, now)
    with transaction.atomic():
        slots.lock_venues([space.venue_id])
        affected = affected_by_closure(space=space, starts_at=starts_at, ends_at=ends_at)
        if {one.pk for one in affected} != set(known):
            raise ClosesOverBookings(
                f"{len(affected)} bookings stand in that time. Look at them first.",
                details={"bookings": [_values(one) for one in affected]},
            )
        closure = Closure.objects.create(
            space=space, starts_at=starts_at, ends_at=ends_at, reason=reason.strip()
        )
        if release:
            words = f"{space} is closed: {reason.strip()}"[:200]
            slots.give_back(bookings=affected, by=by, reason=words, now=now)
            for booking in affected:
                tell(booking=booking, what="released", by=by, now=now)
    return closure


def open_again(*, closure: Closure) -> None:
    """Take a closure back. What was released for it stays released."""
    closure.delete()


def _values(booking: Booking) -> dict:
    return {
        "id": booking.pk,
        "title": booking.title,
        "space": booking.space.slug,
        "when": period_words(booking.starts_at, booking.ends_at),
        "starts_at": wall_time(booking.starts_at).isoformat(),
        "state": booking.state,
        "event": booking.event.slug if booking.event else None,
    }


def _refuse_bad_input(starts_at: datetime, ends_at: datetime, reason: str, now: datetime) -> None:
    faults: dict[str, list[str]] = {}
    if ends_at <= starts_at:
        faults["ends_at"] = ["The end must be after the start"]
    elif ends_at <= now:
        faults["ends_at"] = ["The end must be in the future"]
    elif ends_at - starts_at > LONGEST:
        faults["ends_at"] = ["Close for two years at most"]
    if not reason.strip() or len(reason.strip()) > 200:
        faults["reason"] = ["Say why it is closed, in 200 characters or fewer"]
    if faults:
        raise InvalidInput("Check the closure.", fields=faults)
