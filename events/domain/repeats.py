"""Which dates of a repeating booking are free, which clash with what,
and how are they held or settled together?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import prefetch_related_objects

from accounts.models import User
from events.domain import slots
from events.domain.availability import (
    conflicts,
    opening_hours_of,
    parts_of,
    period_faults,
    period_words,
    rule_reasons,
    venue_parents,
    wholes_of,
)
from events.domain.booking_notices import tell, warn_before_lapse
from events.domain.bookings import confirm_booking, hold_space, release_booking
from events.models import Booking, Closure, Layout, Space
from events.models.bookings import BookingQuerySet
from foundation.refusals import InvalidInput, Refusal
from foundation.wall_time import instant, wall_time

MOST_DATES = 60
EVERY_DAYS = (1, 7, 14, 28)


class DatesTaken(Refusal):
    """Some of the chosen dates went meanwhile; nothing is held."""

    slug = "dates-taken"
    title = "Some of these dates are no longer free"


@dataclass(frozen=True)
class Turn:
    """One date of a repeat. reasons: why it cannot be held; none: it is free."""

    starts_at: datetime
    ends_at: datetime
    reasons: tuple[str, ...] = ()

    @property
    def free(self) -> bool:
        return not self.reasons

    @property
    def key(self) -> str:
        return wall_time(self.starts_at).strftime("%Y-%m-%d")


def plan_repeat(
    *,
    space: Space,
    layout: Layout | None,
    starts_at: datetime,
    ends_at: datetime,
    people: int,
    setup_minutes: int,
    clearup_minutes: int,
    every_days: int,
    until: date,
    now: datetime,
) -> list[Turn]:
    """Each date at the same time on the clock, with everything that is against it. Seven queries for any
    number.

    :raises InvalidInput: more than MOST_DATES dates, dates that overlap one another, or none at all
    """
    times = _times(starts_at, ends_at, every_days, until)
    wishes = {
        index: slots.wish_for(
            starts_at=start,
            ends_at=end,
            people=people,
            layout=layout,
            setup=setup_minutes,
            clearup=clearup_minutes,
        )
        for index, (start, end, words) in enumerate(times)
        if not words
    }
    if not wishes:
        return [Turn(start, end, (words,)) for start, end, words in times]
    begin = min(wish.starts_at for wish in wishes.values())
    finish = max(wish.ends_at for wish in wishes.values())
    taken = conflicts(space=space, starts_at=begin, ends_at=finish, now=now)
    parents = venue_parents(space.venue_id)
    around = {*wholes_of(space_id=space.pk, parents=parents), *parts_of(space_id=space.pk, parents=parents)}
    closures = list(Closure.objects.filter(space__in=around, starts_at__lt=finish, ends_at__gt=begin))
    hours = opening_hours_of(space)
    prefetch_related_objects([space], "layouts")
    turns = []
    for index, (start, end, words) in enumerate(times):
        if words:
            turns.append(Turn(start, end, (words,)))
            continue
        wish = wishes[index]
        over = [
            one.reason for one in closures if one.starts_at < wish.ends_at and one.ends_at > wish.starts_at
        ]
        closed = {space.pk: ", ".join(over)} if over else {}
        faults = period_faults(starts_at=start, ends_at=end, now=now)
        reasons = [words for several in faults.values() for words in several]
        reasons += [words for _, words in rule_reasons(space, wish, now, hours, {}, closed)]
        reasons += [
            f"{one.title} in {one.space}, {period_words(one.blocked_from, one.blocked_until)}"
            for one in taken
            if one.blocked_from < wish.ends_at and one.blocked_until > wish.starts_at
        ]
        turns.append(Turn(start, end, tuple(reasons)))
    return turns


def hold_repeat(*, turns: Sequence[Turn], held_by: User, now: datetime, **slot: Any) -> list[Booking]:
    """Hold all these dates or none. slot: what hold_space takes besides the times. The venue gets one mail.

    :raises DatesTaken: a date went meanwhile; details["dates"] says which
    :raises InvalidInput: no date was chosen
    """
    if not turns:
        words = "Choose at least one date"
        raise InvalidInput(words, fields={"dates": [words]})
    repeat, made, gone = uuid4(), [], []
    with transaction.atomic():
        slots.lock_venues([slot["space"].venue_id])
        for turn in turns:
            try:
                booking = hold_space(
                    **slot,
                    starts_at=turn.starts_at,
                    ends_at=turn.ends_at,
                    held_by=held_by,
                    repeat=repeat,
                    now=now,
                )
                made.append(booking)
            except Refusal as refusal:
                gone.append({"date": turn.key, "words": refusal.message})
        if gone:
            words = " ".join(one["words"] for one in gone)
            raise DatesTaken(f"Nothing is held yet. {words}", details={"dates": gone})
        tell(booking=made[0], what="held", by=held_by, now=now)
        warn_before_lapse(booking=made[0], now=now)
    return made


def confirm_repeat(*, bookings: BookingQuerySet, by: User, now: datetime) -> int:
    """Confirm all of these that are held, or none. Return how many.

    :raises BookingSettled, CapacityNotConfirmed, TooManyPeople: see confirm_booking
    """
    with transaction.atomic():
        held = list(bookings.filter(state=Booking.State.HELD).select_related("space"))
        for booking in held:
            confirm_booking(booking=booking, by=by, now=now)
    return len(held)


def release_repeat(*, bookings: BookingQuerySet, by: User, reason: str, now: datetime) -> int:
    """Release all of these that stand and are not over. Return how many.

    :raises InvalidInput: no reason is given
    """
    with transaction.atomic():
        standing = list(bookings.standing().filter(ends_at__gt=now).select_related("space"))
        for booking in standing:
            release_booking(booking=booking, by=by, reason=reason, now=now)
    return len(standing)


def _times(
    starts_at: datetime, ends_at: datetime, every_days: int, until: date
) -> list[tuple[datetime, datetime, str]]:
    """(start, end, why not): the same clock times on each date, right over both clock changes."""
    first, last = wall_time(starts_at).replace(tzinfo=None), wall_time(ends_at).replace(tzinfo=None)
    if every_days not in EVERY_DAYS:
        words = "Choose how often it repeats"
        raise InvalidInput(words, fields={"repeat_every": [words]})
    count = (until - first.date()).days // every_days + 1
    words = ""
    if count < 2:
        words = "The repeat must reach at least the next date"
    elif count > MOST_DATES:
        words = f"That is {count} dates. Repeat at most {MOST_DATES} times"
    elif ends_at - starts_at > timedelta(days=every_days):
        words = "One date must end before the next begins"
    if words:
        raise InvalidInput(words, fields={"repeat_until": [words]})
    times = []
    for index in range(count):
        shift = timedelta(days=index * every_days)
        try:
            start = instant(first + shift, later=wall_time(starts_at).fold == 1)
            end = instant(last + shift, later=wall_time(ends_at).fold == 1, field="ends_at")
            times.append((start, end, ""))
        except InvalidInput as fault:
            times.append((starts_at + shift, ends_at + shift, fault.message))
    return times
