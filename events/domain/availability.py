"""Which spaces are free, and if one is not, why not and what else is near?"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from events.models import Booking, BookingCover, Closure, Layout, OpeningHours, Space, ThreeValued, Venue
from foundation.refusals import InvalidInput
from foundation.wall_time import LONDON, instant, wall_time

LONGEST = timedelta(days=31)
FURTHEST = timedelta(days=3 * 366)
SHIFT_STEP = timedelta(minutes=30)
SHIFT_LIMIT = timedelta(hours=8)
SHIFT_DAYS = 7
ALTERNATIVES = 5

Parents = Mapping[int, int | None]


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody looks for. The period includes set-up and clear-up, of which it may say the lengths."""

    starts_at: datetime
    ends_at: datetime
    people: int = 1
    layout: str = ""
    step_free: bool = False
    venue: str = ""
    setup: timedelta = timedelta()
    clearup: timedelta = timedelta()


@dataclass(frozen=True)
class Found:
    """A space and why it does not do; no reasons: it is free and fits. layouts: those that fit, else all."""

    space: Space
    layouts: list[Layout]
    free: bool
    reasons: list[str] = field(default_factory=list)


def period_faults(*, starts_at: datetime, ends_at: datetime, now: datetime) -> dict[str, list[str]]:
    """What is wrong with a period that somebody asks for, by field; empty: nothing."""
    faults: dict[str, list[str]] = {}
    if ends_at <= starts_at:
        faults["ends_at"] = ["The end must be after the start"]
    elif ends_at - starts_at > LONGEST:
        faults["ends_at"] = [f"Book at most {LONGEST.days} days at a time"]
    if starts_at <= now:
        faults["starts_at"] = ["The start must be in the future"]
    elif starts_at > now + FURTHEST:
        faults["starts_at"] = ["The start must be within three years"]
    if starts_at.second or starts_at.microsecond or ends_at.second or ends_at.microsecond:
        faults.setdefault("starts_at", []).append("Use whole minutes")
    return faults


def conflicts(
    *, space: Space, starts_at: datetime, ends_at: datetime, now: datetime, ignoring: Iterable[int] = ()
) -> list[Booking]:
    """First-rank bookings of the space, of its whole or of its parts that share an instant of the period.

    A hold whose time is up is no conflict. ignoring: ids of bookings. Two queries.
    """
    mine = BookingCover.objects.filter(blocked_from__lt=ends_at, blocked_until__gt=starts_at)
    parts = parts_of(space_id=space.pk, parents=venue_parents(space.venue_id))
    bookings = (
        Booking.objects.filter(pk__in=mine.filter(space__in=parts).values("booking"))
        .exclude(state=Booking.State.HELD, hold_until__lte=now)
        .select_related("space", "event")
        .order_by("starts_at")
    )
    ignored = set(ignoring)
    return [booking for booking in bookings if booking.pk not in ignored]


def venue_parents(venue_id: int) -> Parents:
    """The whole that each space of a venue is a part of. One query."""
    return dict(Space.objects.filter(venue=venue_id).values_list("pk", "parent_id"))


def parts_of(*, space_id: int, parents: Parents) -> set[int]:
    """The space itself and all its parts, parts of parts included."""
    parts: dict[int | None, list[int]] = defaultdict(list)
    for pk, parent in parents.items():
        parts[parent].append(pk)
    found, ahead = {space_id}, list(parts[space_id])
    while ahead:
        current = ahead.pop()
        if current not in found:
            found.add(current)
            ahead += parts[current]
    return found


def wholes_of(*, space_id: int, parents: Parents) -> list[int]:
    """The space itself, what it is a part of, and so on upwards."""
    found: list[int] = []
    current: int | None = space_id
    while current is not None and current not in found:
        found.append(current)
        current = parents.get(current)
    return found


def family_of(space: Space) -> set[int]:
    """All spaces that cannot be had while this one is: itself, its wholes, its parts. One query."""
    parents = venue_parents(space.venue_id)
    return parts_of(space_id=space.pk, parents=parents) | set(wholes_of(space_id=space.pk, parents=parents))


def find_spaces(*, wish: Wish, now: datetime, spaces: QuerySet[Space] | None = None) -> list[Found]:
    """All spaces, those that are free and fit first, then near misses with their reasons.

    spaces: only these. Six queries, however many spaces and bookings there are.

    :raises InvalidInput: the period cannot be booked at all
    """
    faults = period_faults(starts_at=wish.starts_at, ends_at=wish.ends_at, now=now)
    if faults:
        raise InvalidInput("Check what you are looking for.", fields=faults)
    spaces = Space.objects.all() if spaces is None else spaces
    if wish.venue:
        spaces = spaces.filter(venue__slug=wish.venue)
    rows = list(spaces.select_related("venue").prefetch_related("layouts"))
    parents = dict(Space.objects.values_list("pk", "parent_id"))
    hours = opening_hours_by_space()
    taken, closed = _taken_spaces(wish, now, parents), _closed_spaces(wish, parents)
    found = [
        _judge(space, wish, now, own_or_inherited(space.pk, hours, parents), taken, closed) for space in rows
    ]
    return sorted(
        found,
        key=lambda one: (
            len(one.reasons),
            min((layout.capacity for layout in one.layouts), default=0),
            one.space.name,
        ),
    )


def reasons_against(*, space: Space, wish: Wish, now: datetime) -> list[tuple[str, str]]:
    """Why the rules of the space do not allow the wish, other bookings apart: (field, words)."""
    parents = venue_parents(space.venue_id)
    return rule_reasons(space, wish, now, opening_hours_of(space), {}, _closed_spaces(wish, parents))


def opening_hours_of(space: Space) -> list[OpeningHours]:
    """The space's own hours, else those of the nearest whole that has some. Two queries."""
    parents = venue_parents(space.venue_id)
    above = wholes_of(space_id=space.pk, parents=parents)
    return own_or_inherited(space.pk, opening_hours_by_space(above), parents)


def alternatives(
    *,
    space: Space,
    wish: Wish,
    now: datetime,
    venues: QuerySet[Venue] | None = None,
    limit: int = ALTERNATIVES,
) -> list[dict]:
    """The nearest free times in the same space, then other spaces that fit: plain values for pages and API.

    venues: look for other spaces only there.
    """
    near = _nearest_times(space, wish, now)[: max(1, limit - 2)]
    elsewhere = Space.objects.exclude(pk=space.pk)
    if venues is not None:
        elsewhere = elsewhere.filter(venue__in=venues)
    others = [one.space for one in find_spaces(wish=wish, now=now, spaces=elsewhere) if one.free]
    others.sort(key=lambda other: other.venue_id != space.venue_id)
    return [_alternative(space, wish, start) for start in near] + [
        _alternative(other, wish, wish.starts_at) for other in others[: limit - len(near)]
    ]


def is_open(*, hours: Sequence[OpeningHours], starts_at: datetime, ends_at: datetime) -> bool:
    """True where the opening hours cover the whole period. No hours at all: not known, so no limit."""
    if not hours:
        return True
    day, reached = wall_time(starts_at).date() - timedelta(days=1), starts_at
    while reached < ends_at and day <= wall_time(ends_at).date():
        for opens, closes in sorted(open_periods(hours=hours, day=day)):
            if opens <= reached < closes:
                reached = closes
        day += timedelta(days=1)
    return reached >= ends_at


def open_periods(*, hours: Sequence[OpeningHours], day: date) -> list[tuple[datetime, datetime]]:
    """When it is open from that local day on, in UTC; a period may end on the next day."""
    periods = []
    for one in hours:
        if one.weekday != day.weekday():
            continue
        opens = datetime.combine(day, one.opens_at, LONDON).astimezone(UTC)
        closing_day = day if one.closes_at > one.opens_at else day + timedelta(days=1)
        closes = datetime.combine(closing_day, one.closes_at, LONDON).astimezone(UTC)
        periods.append((opens, closes))
    return periods


def _judge(space: Space, wish: Wish, now: datetime, hours: Any, taken: dict, closed: dict) -> Found:
    reasons = [words for _, words in rule_reasons(space, wish, now, hours, taken, closed)]
    layouts = [one for one in space.layouts.all() if not wish.layout or one.slug == wish.layout]
    fitting = [one for one in layouts if one.capacity >= wish.people] or layouts
    return Found(space=space, layouts=fitting, free=not reasons, reasons=reasons)


def rule_reasons(
    space: Space, wish: Wish, now: datetime, hours: list, taken: dict, closed: dict
) -> list[tuple[str, str]]:
    """(field, words) for each reason. hours: the space's; taken, closed: words by id of the space. No query
    where venue and layouts were fetched before.
    """
    layouts = [one for one in space.layouts.all() if not wish.layout or one.slug == wish.layout]
    reasons = []
    if space.pk in taken:
        reasons.append(("starts_at", f"Booked: {taken[space.pk]}"))
    if space.pk in closed:
        reasons.append(("starts_at", f"Closed: {closed[space.pk]}"))
    notice = space.venue.minimum_notice_hours
    if wish.starts_at < now + timedelta(hours=notice):
        reasons.append(("starts_at", f"{space.venue.name} asks for {notice} hours of notice"))
    if not is_open(hours=hours, starts_at=wish.starts_at, ends_at=wish.ends_at):
        reasons.append(("starts_at", "Outside opening hours, set-up and clear-up included"))
    if not layouts:
        reasons.append(("layout", f"No {wish.layout} layout" if wish.layout else "No layout is known"))
    elif max(one.capacity for one in layouts) < wish.people:
        largest = max(layouts, key=lambda one: one.capacity)
        estimate = "" if largest.confirmed else " (an estimate)"
        reasons.append(
            ("people", f"Holds {largest.capacity} people at most as {largest.name.lower()}{estimate}")
        )
    if space.safe_capacity is not None and space.safe_capacity < wish.people:
        reasons.append(("people", f"Safe for {space.safe_capacity} people at one time"))
    if wish.step_free and space.step_free == ThreeValued.NO:
        reasons.append(("step_free", "It is not step-free"))
    elif wish.step_free and space.step_free != ThreeValued.YES:
        reasons.append(("step_free", "Step-free access is not confirmed"))
    return reasons


def opening_hours_by_space(spaces: Iterable[int] | None = None) -> dict[int, list[OpeningHours]]:
    """The opening hours kept for each of these spaces, or for all. One query."""
    rows = OpeningHours.objects.all() if spaces is None else OpeningHours.objects.filter(space__in=spaces)
    by_space: dict[int, list[OpeningHours]] = defaultdict(list)
    for row in rows:
        by_space[row.space_id].append(row)
    return by_space


def own_or_inherited(
    space_id: int, hours: dict[int, list[OpeningHours]], parents: Parents
) -> list[OpeningHours]:
    """A space without hours of its own has those of the nearest whole that has some."""
    for above in wholes_of(space_id=space_id, parents=parents):
        if hours.get(above):
            return hours[above]
    return []


def _taken_spaces(wish: Wish, now: datetime, parents: Parents) -> dict[int, str]:
    """Spaces that cannot be booked for the period: covered themselves, or through one of their parts."""
    covers = (
        BookingCover.objects.filter(blocked_from__lt=wish.ends_at, blocked_until__gt=wish.starts_at)
        .exclude(booking__state=Booking.State.HELD, booking__hold_until__lte=now)
        .values_list("space_id", "booking__title", "blocked_from", "blocked_until")
        .order_by("blocked_from")
    )
    taken: dict[int, str] = {}
    for space_id, title, start, end in covers:
        for above in wholes_of(space_id=space_id, parents=parents):
            taken.setdefault(above, f"{title}, {period_words(start, end)}")
    return taken


def _closed_spaces(wish: Wish, parents: Parents) -> dict[int, str]:
    """A closure of a whole closes its parts; of a part, the whole as well."""
    closures = Closure.objects.filter(starts_at__lt=wish.ends_at, ends_at__gt=wish.starts_at)
    closed: dict[int, str] = {}
    for space_id, reason in closures.values_list("space_id", "reason"):
        for one in {
            *wholes_of(space_id=space_id, parents=parents),
            *parts_of(space_id=space_id, parents=parents),
        }:
            closed.setdefault(one, reason)
    return closed


def _nearest_times(space: Space, wish: Wish, now: datetime) -> list[datetime]:
    """Starts near the wished one, the nearest first, at which the space is free and its rules allow it."""
    length = wish.ends_at - wish.starts_at
    if length > timedelta(days=7):
        return []
    reach = timedelta(days=SHIFT_DAYS + 1)
    begin, end = wish.starts_at - reach, wish.ends_at + reach
    busy = [
        (one.blocked_from, one.blocked_until)
        for one in conflicts(space=space, starts_at=begin, ends_at=end, now=now)
    ]
    parents = venue_parents(space.venue_id)
    around = {*wholes_of(space_id=space.pk, parents=parents), *parts_of(space_id=space.pk, parents=parents)}
    busy += Closure.objects.filter(space__in=around, starts_at__lt=end, ends_at__gt=begin).values_list(
        "starts_at", "ends_at"
    )
    hours = opening_hours_of(space)
    earliest = now + timedelta(hours=space.venue.minimum_notice_hours, minutes=1)
    return [
        start
        for start in _shifted(wish.starts_at)
        if start >= earliest
        and not any(start < until and start + length > since for since, until in busy)
        and is_open(hours=hours, starts_at=start, ends_at=start + length)
    ]


def _shifted(start: datetime) -> list[datetime]:
    """The same day in half hours, then the days around at the same time on the clock."""
    steps = range(1, SHIFT_LIMIT // SHIFT_STEP + 1)
    starts = [start + sign * step * SHIFT_STEP for step in steps for sign in (1, -1)]
    for day in range(1, SHIFT_DAYS + 1):
        for sign in (1, -1):
            wall = wall_time(start).replace(tzinfo=None) + timedelta(days=sign * day)
            try:
                starts.append(instant(wall, later=False))
            except InvalidInput:
                continue
    return starts


def _alternative(space: Space, wish: Wish, blocked_from: datetime) -> dict:
    blocked_until = blocked_from + (wish.ends_at - wish.starts_at)
    return {
        "space": space.slug,
        "name": str(space),
        "venue": space.venue.name,
        "starts_at": _text(blocked_from + wish.setup),
        "ends_at": _text(blocked_until - wish.clearup),
        "blocked_from": _text(blocked_from),
        "blocked_until": _text(blocked_until),
    }


def period_words(start: datetime, end: datetime) -> str:
    """Tue 1 Dec, 10:00 to 14:00; both days where it goes over midnight."""
    start, end = wall_time(start), wall_time(end)
    if start.date() == end.date():
        return f"{start:%a} {start.day} {start:%b}, {start:%H:%M} to {end:%H:%M}"
    return f"{start:%a} {start.day} {start:%b}, {start:%H:%M} to {end:%a} {end.day} {end:%b}, {end:%H:%M}"


def _text(moment: datetime) -> str:
    return wall_time(moment).isoformat()
