"""How are a venue, its spaces, their layouts and opening hours kept, and what did the venue confirm?"""

from collections.abc import Sequence
from datetime import datetime, time
from itertools import pairwise
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from events.domain.availability import parts_of, venue_parents
from events.domain.slots import lock_venues
from events.models import Booking, Layout, OpeningHours, Space, Venue
from foundation.refusals import InvalidInput, Refusal

RESERVED_SLUGS = {"new"}  # an address of the desk itself


class SpacesClash(Refusal):
    """Bookings of the two would then be in one another's way."""

    slug = "spaces-clash"
    title = "Bookings are in the way of this"


class StillBooked(Refusal):
    slug = "still-booked"
    title = "Bookings use this"


def save_venue(*, venue: Venue | None = None, people: Sequence | None = None, **fields: Any) -> Venue:
    """Keep what is known of a venue. people: who speaks for it; None: as it was. A new one gets its address
    (slug) from its name.

    :raises InvalidInput: another venue has the name
    """
    name = fields.get("name", venue.name if venue else "").strip()
    others = Venue.objects.exclude(pk=venue.pk if venue else 0)
    if others.filter(name__iexact=name).exists():
        raise InvalidInput("Choose another name.", fields={"name": ["Another venue has this name"]})
    with transaction.atomic():
        if venue is None:
            venue = Venue(slug=_free_slug(Venue, name, 60))
        for field, value in fields.items():
            setattr(venue, field, value)
        venue.save()
        if people is not None:
            venue.people.set(people)
    return venue


def save_space(
    *, venue: Venue, space: Space | None = None, parent: Space | None = None, now: datetime, **fields: Any
) -> Space:
    """Keep what is known of a space. safe_capacity counts as confirmed when safe_capacity_confirmed_by is
    given.

    :raises InvalidInput: the name is taken in this venue, or it would be a part of itself
    :raises SpacesClash: its new whole has bookings at the same time as it has
    """
    name = fields.get("name", space.name if space else "").strip()
    others = Space.objects.filter(venue=venue).exclude(pk=space.pk if space else 0)
    if others.filter(name__iexact=name).exists():
        raise InvalidInput("Choose another name.", fields={"name": ["Another space here has this name"]})
    try:
        with transaction.atomic():
            lock_venues([venue.pk])
            _refuse_bad_parent(venue, space, parent)
            if space is None:
                space = Space(venue=venue, slug=_free_slug(Space, f"{venue.slug}-{name}", 80))
            known = (space.safe_capacity, space.safe_capacity_confirmed_by)
            for field, value in fields.items():
                setattr(space, field, value)
            space.parent = parent
            if space.safe_capacity is None or not space.safe_capacity_confirmed_by:
                space.safe_capacity_confirmed_by, space.safe_capacity_confirmed_at = "", None
            elif known != (space.safe_capacity, space.safe_capacity_confirmed_by):
                space.safe_capacity_confirmed_at = now
            space.save()
    except IntegrityError as fault:
        words = f"{name} and {parent} have bookings at the same time. Move or release those first"
        raise SpacesClash(f"{words}.", fields={"parent": [words]}) from fault
    return space


def save_layout(
    *,
    space: Space,
    layout: Layout | None = None,
    name: str,
    capacity: int,
    confirmed_by: str = "",
    now: datetime,
) -> Layout:
    """Keep a layout and what it holds. confirmed_by: who at the venue said so; empty: an estimate.

    :raises InvalidInput: the space has a layout of this name, or it holds nobody
    """
    name, confirmed_by = name.strip(), confirmed_by.strip()
    if not 1 <= capacity <= 100_000:
        raise InvalidInput("Check the layout.", fields={"capacity": ["Enter how many people it holds"]})
    slug = slugify(name)[:40] or "layout"
    others = space.layouts.exclude(pk=layout.pk if layout else 0)
    if others.filter(name__iexact=name).exists() or (layout is None and others.filter(slug=slug).exists()):
        raise InvalidInput("Choose another name.", fields={"name": ["This space has such a layout already"]})
    if layout is None:
        layout = Layout(space=space, slug=slug)
    known = (layout.capacity, layout.confirmed_by)
    layout.name, layout.capacity, layout.confirmed_by = name, capacity, confirmed_by
    if not confirmed_by:
        layout.confirmed_at = None
    elif layout.confirmed_at is None or known != (capacity, confirmed_by):
        layout.confirmed_at = now
    layout.save()
    return layout


def remove_layout(*, layout: Layout) -> None:
    """:raises StillBooked: bookings were made in it"""
    with transaction.atomic():
        lock_venues([layout.space.venue_id])
        if layout.bookings.exists():
            raise StillBooked(f"{layout.name} has bookings, past ones included. It stays for their sake.")
        layout.delete()


def too_many_for(*, space: Space, layout: Layout | None = None, now: datetime) -> list[Booking]:
    """Bookings to come with more people than the space, or this layout of it, is now known to hold."""
    bookings = Booking.objects.standing().filter(space=space, ends_at__gt=now)
    if layout is not None:
        bookings = bookings.filter(layout=layout, people__gt=layout.capacity)
    elif space.safe_capacity is not None:
        bookings = bookings.filter(people__gt=space.safe_capacity)
    else:
        return []
    return list(bookings.select_related("event").order_by("starts_at"))


def set_opening_hours(*, space: Space, hours: dict[int, list[tuple[time, time]]]) -> None:
    """Replace the opening hours: weekday (0 is Monday) to its periods. None at all: not known, so no limit.

    A period whose end is not after its start goes past midnight.

    :raises InvalidInput: two periods of a day overlap; the field is day_0 to day_6
    """
    for weekday, periods in hours.items():
        ordered = sorted(periods)
        for (_, closes), (opens, _) in pairwise(ordered):
            if closes > opens:
                words = "Two of these times overlap"
                raise InvalidInput(words, fields={f"day_{weekday}": [words]})
        if any(closes <= opens for opens, closes in ordered[:-1]):
            words = "Only the last of these may go past midnight"
            raise InvalidInput(words, fields={f"day_{weekday}": [words]})
    wanted = {(weekday, *period) for weekday, periods in hours.items() for period in periods}
    with transaction.atomic():
        lock_venues([space.venue_id])
        for row in space.opening_hours.all():
            if (row.weekday, row.opens_at, row.closes_at) not in wanted:
                row.delete()
            wanted.discard((row.weekday, row.opens_at, row.closes_at))
        for weekday, opens, closes in sorted(wanted):
            OpeningHours.objects.create(space=space, weekday=weekday, opens_at=opens, closes_at=closes)


def _refuse_bad_parent(venue: Venue, space: Space | None, parent: Space | None) -> None:
    if parent is None:
        return
    words = ""
    if parent.venue_id != venue.pk:
        words = "The whole must be in the same venue"
    elif space is not None and parent.pk in parts_of(space_id=space.pk, parents=venue_parents(venue.pk)):
        words = "A space cannot be a part of itself or of its own parts"
    if words:
        raise InvalidInput(words, fields={"parent": [words]})


def _free_slug(model: Any, name: str, most: int) -> str:
    stem = slugify(name)[: most - 4].strip("-") or "place"
    slug, number = stem, 2
    while slug in RESERVED_SLUGS or model.objects.filter(slug=slug).exists():
        slug, number = f"{stem}-{number}", number + 1
    return slug
