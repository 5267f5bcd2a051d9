"""How is an edition planned, published and closed, and for how many?"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from accounts.models import User
from events.domain.capacity import capacity_ceiling
from events.models import Event, Series, Session, Venue
from foundation.refusals import InvalidInput, Refusal

STANDARD_PEAK = 200  # people at one time: Terrorism (Protection of Premises) Act 2025, not before April 2027
ENHANCED_PEAK = 800
RESERVED_SLUGS = {"new"}  # an address of the desk itself
PROMISED = {"starts_at", "ends_at", "doors_open_at", "venue", "capacity"}  # what people count on


class CannotPublish(Refusal):
    slug = "cannot-publish"
    title = "This edition cannot be published yet"


class BelowRegistered(Refusal):
    slug = "below-registered"
    title = "More people are registered than that"


def create_event(
    *,
    series: Series,
    slug: str,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    by: User | None,
    **fields: Any,
) -> Event:
    """Plan an edition as a draft. fields are those of Event; doors open 30 minutes before unless said.

    :raises InvalidInput: the period or the ages cannot be, or the address (slug) is taken
    """
    strands = fields.pop("strands", ())
    fields["doors_open_at"] = fields.get("doors_open_at") or starts_at - timedelta(minutes=30)
    _refuse_bad_input(slug=slug, title=title, starts_at=starts_at, ends_at=ends_at, **fields)
    if slug in RESERVED_SLUGS or Event.objects.filter(slug=slug).exists():
        raise InvalidInput("Choose another address.", fields={"slug": ["Another event has this address"]})
    with transaction.atomic():
        event = Event.objects.create(
            series=series,
            slug=slug,
            title=title.strip(),
            starts_at=starts_at,
            ends_at=ends_at,
            created_by=by,
            **fields,
        )
        event.strands.set(strands)
    return event


def change_event(*, event: Event, now: datetime, **fields: Any) -> Event:
    """Change what was planned; fields are those of Event, and strands.

    Times, venue and places of an edition that is open to the public are not changed here: people count
    on them (desk/domain/event_changes.py, capacity_release.py).

    :raises InvalidInput: the period or the ages cannot be, a session would lie outside, or it is settled
    """
    with transaction.atomic():
        event = Event.objects.lock(event.pk)
        if event.status in {Event.Status.CLOSED, Event.Status.CANCELLED}:
            raise InvalidInput("This edition is closed or cancelled. Nothing about it changes any more.")
        if event.status != Event.Status.DRAFT and PROMISED & fields.keys():
            raise InvalidInput("People count on this edition. Move it, so that everybody is told.")
        strands = fields.pop("strands", None)
        for name, value in fields.items():
            setattr(event, name, value)
        _refuse_bad_input(
            slug=event.slug,
            title=event.title,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            doors_open_at=event.doors_open_at,
            min_age=event.min_age,
            max_age=event.max_age,
        )
        refuse_sessions_outside(event=event)
        event.title, event.sequence = event.title.strip(), event.sequence + 1
        event.save(update_fields=[*fields, "title", "sequence", "changed_at"])
        if strands is not None:
            event.strands.set(strands)
    return event


def refuse_sessions_outside(*, event: Event) -> None:
    """:raises InvalidInput: a session lies outside the event's time; names them"""
    outside = [
        one.title
        for one in event.sessions.all()
        if one.starts_at < event.starts_at or one.ends_at > event.ends_at
    ]
    if outside:
        words = f"These sessions would lie outside: {', '.join(outside)}. Move them first."
        raise InvalidInput(words, fields={"starts_at": [words]})


def add_session(
    *, event: Event, slug: str, title: str, starts_at: datetime, ends_at: datetime, **fields: Any
) -> Session:
    """Add a timed item inside the event.

    :raises InvalidInput: outside the event's time, or its address (slug) is taken within the event
    """
    faults: dict[str, list[str]] = {}
    if ends_at <= starts_at:
        faults["ends_at"] = ["The end must be after the start"]
    if starts_at < event.starts_at or ends_at > event.ends_at:
        faults["starts_at"] = ["A session lies inside its event's time"]
    if event.sessions.filter(slug=slug).exists():
        faults["slug"] = ["Another session of this event has this address"]
    if not title.strip():
        faults["title"] = ["Enter a title"]
    if faults:
        raise InvalidInput("Check the session.", fields=faults)
    return Session.objects.create(
        event=event, slug=slug, title=title.strip(), starts_at=starts_at, ends_at=ends_at, **fields
    )


def publish_event(*, event: Event, now: datetime) -> Event:
    """Open an edition to the public. Unconfirmed capacities warn (capacity_ceiling), they do not refuse.

    :raises CannotPublish: it is over, cancelled, without places, or has more places than its spaces hold
    """
    with transaction.atomic():
        event = Event.objects.lock(event.pk)
        if event.status == Event.Status.PUBLISHED:
            return event
        if event.status == Event.Status.CANCELLED or event.ends_at <= now:
            raise CannotPublish("This edition is over or cancelled.")
        if event.capacity < 1:
            raise CannotPublish(
                "Say how many places there are.", fields={"capacity": ["Enter a number of places"]}
            )
        ceiling = capacity_ceiling(event=event).people
        if ceiling is not None and event.capacity > ceiling:
            raise CannotPublish(f"The booked spaces hold {ceiling} people at most.")
        event.status, event.published_at = Event.Status.PUBLISHED, event.published_at or now
        event.save(update_fields=["status", "published_at", "changed_at"])
    return event


def close_event(*, event: Event, now: datetime) -> Event:
    """Close the books after the day. Repeating it changes nothing.

    :raises InvalidInput: it is not over yet, or was never published
    """
    if event.status == Event.Status.CLOSED:
        return event
    if event.status != Event.Status.PUBLISHED or event.ends_at > now:
        raise InvalidInput("An edition is closed once it is over.")
    event.status, event.closed_at = Event.Status.CLOSED, now
    event.save(update_fields=["status", "closed_at", "changed_at"])
    return event


def peak_note(*, people: int | None) -> str:
    """What the law will ask at a peak of that many people at one time, or nothing."""
    if people is None or people < STANDARD_PEAK:
        return ""
    tier = "enhanced" if people >= ENHANCED_PEAK else "standard"
    return (
        f"{people} people at one time: the Terrorism (Protection of Premises) Act 2025 sets {tier}-tier "
        "duties "
        "from April 2027 at the earliest. Talk to the venue about them."
    )


def plant_programme(*, venue: Venue | None = None) -> tuple[Series, Series]:
    """The two series that the action plan promises. Idempotent."""
    showcase, _ = Series.objects.get_or_create(
        slug="skills-showcase",
        defaults={
            "name": "CI Skills Showcase",
            "about": "See what people really do in music, film and TV, games and more, and try it yourself.",
        },
    )
    cornerstone, _ = Series.objects.get_or_create(
        slug="cornerstone",
        defaults={
            "name": "Cornerstone event",
            "about": "Where music, film & TV and games meet, for everybody in the city region.",
        },
    )
    return showcase, cornerstone


def _refuse_bad_input(
    *,
    slug: Any,
    title: Any,
    starts_at: datetime,
    ends_at: datetime,
    doors_open_at: Any,
    min_age: Any = None,
    max_age: Any = None,
    **_: Any,
) -> None:
    faults: dict[str, list[str]] = {}
    if not title.strip():
        faults["title"] = ["Enter a title"]
    if not slug:
        faults["slug"] = ["Enter an address"]
    if ends_at <= starts_at:
        faults["ends_at"] = ["The end must be after the start"]
    if doors_open_at > starts_at:
        faults["doors_open_at"] = ["Doors open before the start"]
    if min_age is not None and max_age is not None and min_age > max_age:
        faults["max_age"] = ["The oldest age must not be below the youngest"]
    if faults:
        raise InvalidInput("Check the edition.", fields=faults)
