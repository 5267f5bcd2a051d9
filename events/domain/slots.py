"""How is a slot of a venue taken, given back and passed on, while others want it too?

What takes or gives runs inside locked or taking, or inside the caller's transaction after lock_venues.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import User
from events.domain.availability import (
    Wish,
    alternatives,
    conflicts,
    family_of,
    period_faults,
    period_words,
    reasons_against,
)
from events.domain.booking_notices import tell
from events.models import Booking, Layout, Space, Venue
from foundation.refusals import InvalidInput, Refusal
from foundation.wall_time import wall_time

MOST_TURNAROUND = 24 * 60  # minutes
MOST_PEOPLE = 100_000
LAPSED = "The hold was not confirmed in time"


class SpaceUnavailable(Refusal):
    """Another booking has the slot; carries the clashes and the nearest free alternatives."""

    slug = "space-unavailable"
    title = "The space is taken at that time"


def checked_wish(
    *,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    people: int,
    setup_minutes: int,
    clearup_minutes: int,
    now: datetime,
    space: Space,
    layout: Layout | None,
) -> Wish:
    """The time that would be blocked, after what can be said without looking at anybody else's booking.

    :raises InvalidInput: with the words for each field
    """
    faults = period_faults(starts_at=starts_at, ends_at=ends_at, now=now)
    if not title.strip() or len(title.strip()) > 120 or not title.isprintable():
        faults["title"] = ["Enter a title of 120 characters or fewer, on one line"]
    if not 1 <= people <= MOST_PEOPLE:
        faults["people"] = ["Enter how many people are expected at one time"]
    for name, minutes in (("setup_minutes", setup_minutes), ("clearup_minutes", clearup_minutes)):
        if not 0 <= minutes <= MOST_TURNAROUND:
            faults[name] = [f"Enter between 0 and {MOST_TURNAROUND} minutes"]
    if layout is not None and layout.space_id != space.pk:
        faults["layout"] = [f"{space} has no such layout. Choose one of its own"]
    if faults:
        raise InvalidInput("Check the booking.", fields=faults)
    return wish_for(
        starts_at=starts_at,
        ends_at=ends_at,
        people=people,
        layout=layout,
        setup=setup_minutes,
        clearup=clearup_minutes,
    )


@contextmanager
def locked(*, venue_ids: Iterable[int], now: datetime) -> Iterator[None]:
    """One transaction in which nobody else books in these venues, and holds whose time is up are released."""
    with transaction.atomic():
        lock_venues(venue_ids)
        lapse(venue_ids=venue_ids, now=now)
        yield


@contextmanager
def taking(
    *,
    space: Space,
    wish: Wish,
    venue_ids: Collection[int],
    now: datetime,
    ignoring: Collection[int] = (),
    venues: QuerySet[Venue] | None = None,
) -> Iterator[None]:
    """Where a booking is written: locked, and the database's own ban told as a refusal.

    :raises SpaceUnavailable: the ban on clashes held
    """
    try:
        with locked(venue_ids=venue_ids, now=now):
            yield
    except IntegrityError as fault:
        raise unavailable(space=space, wish=wish, now=now, ignoring=ignoring, venues=venues) from fault


def lock_venues(venue_ids: Iterable[int]) -> None:
    """Whoever books in a venue waits for the one before: parents and parts are all in one venue."""
    spaces = Space.objects.select_for_update().filter(venue__in=set(venue_ids))
    list(spaces.order_by("venue_id", "pk").values_list("pk"))


def lapse(*, venue_ids: Iterable[int], now: datetime) -> int:
    """Release the holds of these venues whose time is up; second options move up. Return how many."""
    due = Booking.objects.lapsed(now).filter(space__venue__in=set(venue_ids))
    lapsed = list(due.select_related("space").order_by("pk"))
    give_back(bookings=lapsed, by=None, reason=LAPSED, now=now)
    for booking in lapsed:
        tell(booking=booking, what="lapsed", now=now)
    return len(lapsed)


def wish_for(
    *, starts_at: datetime, ends_at: datetime, people: int, layout: Layout | None, setup: int, clearup: int
) -> Wish:
    """The blocked time, minutes of set-up and clear-up included."""
    before, after = timedelta(minutes=setup), timedelta(minutes=clearup)
    return Wish(
        starts_at=starts_at - before,
        ends_at=ends_at + after,
        people=people,
        layout=layout.slug if layout else "",
        setup=before,
        clearup=after,
    )


def refuse_by_rules(*, space: Space, wish: Wish, now: datetime) -> None:
    """:raises InvalidInput: layout, safe capacity, opening hours, closures or notice are against it"""
    reasons = reasons_against(space=space, wish=wish, now=now)
    if reasons:
        fields: dict[str, list[str]] = {}
        for name, words in reasons:
            fields.setdefault(name, []).append(words)
        words = ". ".join(words for _, words in reasons)
        raise InvalidInput(f"{space} cannot be booked like this. {words}.", fields=fields)


def rank_for(
    *,
    space: Space,
    wish: Wish,
    now: datetime,
    as_option: bool = False,
    ignoring: Collection[int] = (),
    venues: QuerySet[Venue] | None = None,
) -> int:
    """1 where the slot is free, 2 behind a hold where that is asked for.

    :raises SpaceUnavailable: taken, or two options are there already
    """
    clashes = conflicts(
        space=space, starts_at=wish.starts_at, ends_at=wish.ends_at, now=now, ignoring=ignoring
    )
    if not clashes:
        return 1
    if as_option and all(one.state == Booking.State.HELD for one in clashes):
        second = Booking.objects.standing().filter(space__in=family_of(space), rank=2)
        second = second.overlapping(wish.starts_at, wish.ends_at).exclude(pk__in=ignoring)
        if not second.exclude(hold_until__lte=now).exists():
            return 2
    raise unavailable(space=space, wish=wish, now=now, ignoring=ignoring, venues=venues)


def unavailable(
    *,
    space: Space,
    wish: Wish,
    now: datetime,
    ignoring: Collection[int] = (),
    venues: QuerySet[Venue] | None = None,
) -> SpaceUnavailable:
    """The refusal, with what clashes and what is free nearby, in plain values."""
    clashes = conflicts(
        space=space, starts_at=wish.starts_at, ends_at=wish.ends_at, now=now, ignoring=ignoring
    )
    words = "; ".join(
        f"{one.title} in {one.space}, {period_words(one.blocked_from, one.blocked_until)} with set-up and "
        "clear-up"
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
            "alternatives": alternatives(space=space, wish=wish, now=now, venues=venues),
        },
    )


def give_back(*, bookings: list[Booking], by: User | None, reason: str, now: datetime) -> None:
    """Release the bookings; second options in the freed time move up."""
    for booking in bookings:
        booking.state, booking.released_by, booking.released_at = Booking.State.RELEASED, by, now
        booking.release_reason = reason
        booking.save(update_fields=["state", "released_by", "released_at", "release_reason"])
    for booking in bookings:
        if booking.rank == 1:
            move_up(
                venue_id=booking.space.venue_id,
                starts_at=booking.blocked_from,
                ends_at=booking.blocked_until,
                now=now,
            )


def move_up(*, venue_id: int, starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """The oldest second option in the freed time takes the first rank, where nothing else is in its way."""
    waiting = (
        Booking.objects.filter(space__venue=venue_id, rank=2, state=Booking.State.HELD, hold_until__gt=now)
        .overlapping(starts_at, ends_at)
        .select_related("space")
        .order_by("created_at", "pk")
    )
    for booking in waiting:
        if not conflicts(
            space=booking.space, starts_at=booking.blocked_from, ends_at=booking.blocked_until, now=now
        ):
            booking.rank = 1
            booking.save(update_fields=["rank"])
            tell(booking=booking, what="moved-up", now=now)
