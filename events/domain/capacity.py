"""How many people do the spaces that an edition has booked allow, and is that confirmed?"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from events.domain.availability import wholes_of
from events.models import Booking, Event, Space


@dataclass(frozen=True)
class Ceiling:
    """The most places that the event's spaces allow.
    people None: no booking says; warnings are for the desk."""

    people: int | None
    is_estimate: bool
    warnings: list[str]


def capacity_ceiling(*, event: Event) -> Ceiling:
    """The most people that its booked spaces hold at one time: layouts and safe capacities, of wholes as
    well.

    Spaces booked at the same time add up; the same hall on two days counts once. Only first options that
    stand.
    """
    standing = Booking.objects.standing().filter(event=event, rank=1)
    bookings = list(standing.select_related("space__venue", "layout").order_by("starts_at", "pk"))
    if not bookings:
        return Ceiling(None, True, ["No space is booked for this edition yet."])
    on_the_day = [one for one in bookings if one.starts_at < event.ends_at and one.ends_at > event.starts_at]
    warnings = [] if on_the_day else ["None of its bookings lies in the edition's time."]
    counted = on_the_day or bookings
    estimate = any(one.layout is None or not one.layout.confirmed for one in counted)
    for booking in {one.space_id: one for one in counted}.values():
        warnings += _warnings(booking)
    return Ceiling(most_at_one_time(bookings=counted), estimate, warnings)


def most_at_one_time(*, bookings: list[Booking]) -> int:
    """The largest number, over all instants, that the spaces booked at that instant hold together."""
    spaces = Space.objects.filter(venue__in={one.space.venue_id for one in bookings})
    rows = list(spaces.values_list("pk", "parent_id", "safe_capacity"))
    parents = {pk: parent for pk, parent, _ in rows}
    safe = {pk: limit for pk, _, limit in rows if limit is not None}
    return max(
        _together([one for one in bookings if one.starts_at <= begin.starts_at < one.ends_at], parents, safe)
        for begin in bookings
    )


def events_above_ceiling(*, space: Space, now: datetime) -> list[tuple[Event, Ceiling]]:
    """Editions to come in this space with more places than their spaces are now known to hold."""
    bookings = Booking.objects.standing().filter(space=space, ends_at__gt=now, event__isnull=False)
    events = Event.objects.filter(
        pk__in=bookings.values("event"), status__in=[Event.Status.DRAFT, Event.Status.PUBLISHED]
    )
    found = [(event, capacity_ceiling(event=event)) for event in events.order_by("starts_at")]
    return [
        (event, ceiling)
        for event, ceiling in found
        if ceiling.people is not None and event.capacity > ceiling.people
    ]


def _together(bookings: Iterable[Booking], parents: dict, safe: dict[int, int]) -> int:
    """Each space's limit, added up, but never more in a whole than the whole is safe for."""
    inside: dict[int, int] = defaultdict(int)
    for booking in bookings:
        limits = [booking.layout.capacity] if booking.layout else []
        limits += [safe[booking.space_id]] if booking.space_id in safe else []
        inside[booking.space_id] += min(limits) if limits else booking.people
    total = dict(inside)
    deepest_first = sorted(parents, key=lambda pk: -len(wholes_of(space_id=pk, parents=parents)))
    for pk in deepest_first:
        here = min(total.get(pk, 0), safe.get(pk, total.get(pk, 0)))
        total[pk] = here
        if parents[pk] is not None:
            total[parents[pk]] = total.get(parents[pk], 0) + here
    return sum(total[pk] for pk in parents if parents[pk] is None)


def _warnings(booking: Booking) -> list[str]:
    space, warnings = booking.space, []
    if booking.layout is None or not booking.layout.confirmed:
        warnings.append(f"{space.venue} has not confirmed how many people {space} holds.")
    if space.safe_capacity is None:
        warnings.append(f"Ask {space.venue} for the safe (fire) capacity of {space}.")
    if booking.state == Booking.State.HELD:
        warnings.append(f"{space} is held, not confirmed.")
    return warnings
