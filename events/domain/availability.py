"""Which spaces are free, and if one is not, why not and what else is near?"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from events.domain.wall_time import day_bounds, wall_time
from events.models import Booking, BookingCover, Closure, Layout, OpeningHours, Space, ThreeValued

SHIFT_STEP = timedelta(minutes=30)
SHIFT_LIMIT = timedelta(hours=8)
ALTERNATIVES = 5


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody looks for. The period includes set-up and clear-up."""

    starts_at: datetime
    ends_at: datetime
    people: int = 1
    layout: str = ""
    step_free: bool = False
    venue: str = ""


@dataclass(frozen=True)
class Found:
    """A space and why it does not do; no reasons: it is free and fits."""

    space: Space
    layouts: list[Layout]
    free: bool
    reasons: list[str] = field(default_factory=list)


def conflicts(
    *, space: Space, starts_at: datetime, ends_at: datetime, now: datetime, ignoring: int | None = None
) -> list[Booking]:
    """First-rank bookings of the space, of its whole or of its parts that share an instant of the period.

    A hold whose time is up is no conflict. ignoring: a booking's own id. One query.
    """
    mine = BookingCover.objects.filter(blocked_from__lt=ends_at, blocked_until__gt=starts_at)
    family = [space.pk, *descendants(space_id=space.pk)]
    bookings = (
        Booking.objects.filter(pk__in=mine.filter(space__in=family).values("booking"))
        .exclude(state=Booking.State.HELD, hold_until__lte=now)
        .select_related("space", "event")
        .order_by("starts_at")
    )
    return [booking for booking in bookings if booking.pk != ignoring]


def descendants(*, space_id: int) -> list[int]:
    """The ids of all parts of a space, parts of parts included. One query over the venue's spaces."""
    parts: dict[int | None, list[int]] = defaultdict(list)
    for pk, parent in Space.objects.filter(venue__spaces=space_id).values_list("pk", "parent_id"):
        parts[parent].append(pk)
    found, ahead = [], list(parts[space_id])
    while ahead:
        current = ahead.pop()
        found.append(current)
        ahead += parts[current]
    return found


def find_spaces(*, wish: Wish, now: datetime, spaces: Iterable[Space] | None = None) -> list[Found]:
    """All spaces, those that are free and fit first, then near misses with their reasons.

    Five queries, however many spaces and bookings there are.
    """
    if spaces is None:
        spaces = Space.objects.select_related("venue").prefetch_related("layouts", "opening_hours")
        if wish.venue:
            spaces = spaces.filter(venue__slug=wish.venue)
    spaces = list(spaces)
    taken = _taken_spaces(wish, now)
    closed = _closed_spaces(wish)
    found = [_judge(space, wish, now, taken, closed) for space in spaces]
    return sorted(
        found,
        key=lambda one: (
            len(one.reasons),
            min((layout.capacity for layout in one.layouts), default=0),
            one.space.name,
        ),
    )


def reasons_against(*, space: Space, wish: Wish, now: datetime) -> list[str]:
    """Why the rules of the space do not allow the wish, other bookings apart."""
    return _judge(space, wish, now, {}, _closed_spaces(wish)).reasons


def alternatives(*, space: Space, wish: Wish, now: datetime, limit: int = ALTERNATIVES) -> list[dict]:
    """The nearest free times in the same space, then other spaces that fit: plain values for pages and API."""
    near = _nearest_times(space, wish, now)[: max(1, limit - 2)]
    others = [one.space for one in find_spaces(wish=wish, now=now) if one.free and one.space.pk != space.pk]
    length = wish.ends_at - wish.starts_at
    return [
        {
            "space": space.slug,
            "name": str(space),
            "blocked_from": _text(start),
            "blocked_until": _text(start + length),
        }
        for start in near
    ] + [
        {
            "space": other.slug,
            "name": str(other),
            "blocked_from": _text(wish.starts_at),
            "blocked_until": _text(wish.ends_at),
        }
        for other in others[: limit - len(near)]
    ]


def is_open(*, hours: Sequence[OpeningHours], starts_at: datetime, ends_at: datetime) -> bool:
    """True where the opening hours cover the whole period. No hours at all: not known, so no limit."""
    if not hours:
        return True
    day, reached = wall_time(starts_at).date() - timedelta(days=1), starts_at
    while reached < ends_at and day <= wall_time(ends_at).date():
        for opens, closes in sorted(_open_periods(hours, day)):
            if opens <= reached < closes:
                reached = closes
        day += timedelta(days=1)
    return reached >= ends_at


def _judge(space: Space, wish: Wish, now, taken: dict, closed: dict) -> Found:
    layouts = [one for one in space.layouts.all() if not wish.layout or one.slug == wish.layout]
    reasons = []
    if space.pk in taken:
        reasons.append(f"Booked: {taken[space.pk]}")
    if space.pk in closed:
        reasons.append(f"Closed: {closed[space.pk]}")
    if wish.starts_at < now + timedelta(hours=space.venue.minimum_notice_hours):
        reasons.append(f"{space.venue.name} asks for {space.venue.minimum_notice_hours} hours of notice")
    if not is_open(hours=list(space.opening_hours.all()), starts_at=wish.starts_at, ends_at=wish.ends_at):
        reasons.append("Outside opening hours")
    if not layouts:
        reasons.append(f"No {wish.layout} layout" if wish.layout else "No layout is known")
    elif max(one.capacity for one in layouts) < wish.people:
        reasons.append(f"Holds {max(one.capacity for one in layouts)} people at most")
    if space.safe_capacity is not None and space.safe_capacity < wish.people:
        reasons.append(f"Safe for {space.safe_capacity} people at one time")
    if wish.step_free and space.step_free != ThreeValued.YES:
        known = (
            "is not step-free" if space.step_free == ThreeValued.NO else "has not confirmed step-free access"
        )
        reasons.append(f"It {known}")
    fitting = [one for one in layouts if one.capacity >= wish.people] or layouts
    return Found(space=space, layouts=fitting, free=not reasons, reasons=reasons)


def _taken_spaces(wish: Wish, now: datetime) -> dict[int, str]:
    """Spaces that cannot be booked for the period: covered themselves, or through one of their parts."""
    covers = (
        BookingCover.objects.filter(blocked_from__lt=wish.ends_at, blocked_until__gt=wish.starts_at)
        .exclude(booking__state=Booking.State.HELD, booking__hold_until__lte=now)
        .values_list("space_id", "booking__title", "blocked_from", "blocked_until")
    )
    parents = dict(Space.objects.values_list("pk", "parent_id"))
    taken: dict[int, str] = {}
    for space_id, title, start, end in covers:
        words = f"{title}, {wall_time(start):%H:%M} to {wall_time(end):%H:%M}"
        current: int | None = space_id
        while current is not None:
            taken.setdefault(current, words)
            current = parents.get(current)
    return taken


def _closed_spaces(wish: Wish) -> dict[int, str]:
    """A closure of a whole closes its parts; of a part, the whole as well."""
    closures = Closure.objects.filter(starts_at__lt=wish.ends_at, ends_at__gt=wish.starts_at)
    rows = list(closures.values_list("space_id", "reason"))
    if not rows:
        return {}
    parents = dict(Space.objects.values_list("pk", "parent_id"))
    closed: dict[int, str] = {}
    for space_id, reason in rows:
        above: int | None = space_id
        while above is not None:
            closed.setdefault(above, reason)
            above = parents.get(above)
        for other in parents:
            current: int | None = other
            while current is not None and current != space_id:
                current = parents.get(current)
            if current == space_id:
                closed.setdefault(other, reason)
    return closed


def _nearest_times(space: Space, wish: Wish, now: datetime) -> list[datetime]:
    """Starts near the wished one, the nearest first, at which the space is free and its rules allow it."""
    length = wish.ends_at - wish.starts_at
    if length > timedelta(days=7):
        return []
    busy = [
        (one.blocked_from, one.blocked_until)
        for one in conflicts(
            space=space, starts_at=wish.starts_at - SHIFT_LIMIT, ends_at=wish.ends_at + SHIFT_LIMIT, now=now
        )
    ]
    hours = list(space.opening_hours.all())
    steps = range(1, SHIFT_LIMIT // SHIFT_STEP + 1)
    earliest = now + timedelta(hours=space.venue.minimum_notice_hours)
    starts = [wish.starts_at + sign * step * SHIFT_STEP for step in steps for sign in (1, -1)]
    closures = list(space.closures.all())
    return [
        start
        for start in starts
        if start >= earliest
        and not any(start < until and start + length > begin for begin, until in busy)
        and not any(start < one.ends_at and start + length > one.starts_at for one in closures)
        and is_open(hours=hours, starts_at=start, ends_at=start + length)
    ]


def _open_periods(hours: Sequence[OpeningHours], day: date) -> list[tuple[datetime, datetime]]:
    midnight, _ = day_bounds(day)
    periods = []
    for one in hours:
        if one.weekday != day.weekday():
            continue
        opens = datetime.combine(day, one.opens_at, midnight.tzinfo)
        closing_day = day if one.closes_at > one.opens_at else day + timedelta(days=1)
        periods.append((opens, datetime.combine(closing_day, one.closes_at, midnight.tzinfo)))
    return periods


def _text(moment: datetime) -> str:
    return wall_time(moment).isoformat()
