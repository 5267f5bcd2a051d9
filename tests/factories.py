"""The named cast of the tests: one venue with its spaces, one edition, a few people. All fictional."""

from datetime import UTC, datetime, timedelta

from django.contrib.auth.models import Group

from accounts.models import User
from events.models import Event, Layout, Series, Session, Space, Venue
from people.boroughs import Borough
from people.domain.keys import person_digest
from people.models import Person, PersonKey

DAY = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)


def make_user(role: str = "", *, name: str = "", email: str = "") -> User:
    email = email or f"{role or 'nobody'}@example.org"
    user, _ = User.objects.get_or_create(email=email, defaults={"name": name})
    if role:
        user.groups.add(Group.objects.get_or_create(name=role)[0])
    return user


def make_venue(slug: str = "example-works", *, borough: str = Borough.LIVERPOOL, **fields) -> Venue:
    fields = {"name": "Example Works", "run_by": "Example CIC", "address": "1 Sample Street"} | fields
    return Venue.objects.get_or_create(slug=slug, defaults={"borough": borough, **fields})[0]


def make_space(
    slug: str = "example-hall",
    *,
    venue: Venue | None = None,
    capacity: int = 60,
    parent: Space | None = None,
    **fields,
) -> Space:
    """A space with one confirmed layout, theatre."""
    venue = venue or make_venue()
    fields = {"name": slug.replace("-", " ").capitalize(), "safe_capacity": capacity} | fields
    space, made = Space.objects.get_or_create(
        slug=slug, defaults={"venue": venue, "parent": parent, **fields}
    )
    if made:
        Layout.objects.create(
            space=space,
            slug="theatre",
            name="Theatre",
            capacity=capacity,
            confirmed_by="Vera Venue",
            confirmed_at=DAY - timedelta(days=90),
        )
    return space


def make_series(slug: str = "skills-showcase", name: str = "CI Skills Showcase") -> Series:
    return Series.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def make_event(slug: str = "showcase", **fields) -> Event:
    """A published edition on Tuesday 1 December 2026, 09:30 to 14:30 in London, doors at 09:00."""
    series = fields.pop("series", None) or make_series()
    starts_at = fields.pop("starts_at", DAY)
    fields = {
        "title": "Skills Showcase One",
        "venue": fields.pop("venue", None) or make_venue(),
        "ends_at": starts_at + timedelta(hours=5),
        "doors_open_at": starts_at - timedelta(minutes=30),
        "status": Event.Status.PUBLISHED,
        "published_at": starts_at - timedelta(days=60),
        "min_age": 11,
        "max_age": 25,
        "capacity": 50,
        "safe_capacity": 60,
    } | fields
    return Event.objects.create(series=series, slug=slug, starts_at=starts_at, **fields)


def make_session(
    event: Event, slug: str = "games-workshop", *, after_minutes: int = 60, minutes: int = 45, **fields
):
    starts_at = event.starts_at + timedelta(minutes=after_minutes)
    fields = {"title": slug.replace("-", " ").capitalize()} | fields
    return Session.objects.create(
        event=event, slug=slug, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), **fields
    )


def make_person(name: str, email: str, *, at: datetime | None = None) -> Person:
    """The one who is known by this name and address, by rows alone."""
    digest = person_digest(name, email)
    known = Person.objects.filter(keys__digest=digest).first()
    if known is None:
        known = Person.objects.create(created_at=at or DAY)
        PersonKey.objects.create(person=known, kind=PersonKey.Kind.EMAIL, digest=digest)
    return known


def sign_up(event: Event, name: str = "Ada Example", *, age: int = 19, now: datetime | None = None, **fields):
    """Register one person through the real rule; returns the ticket."""
    from tickets.domain.registration import Attendee, Contact, register

    email = fields.pop("email", f"{name.split(' ')[0].lower()}@example.org")
    lead = Contact(name=fields.pop("lead_name", name), email=email)
    guardian = Contact(name="Gail Guardian", email="gail@example.org", phone="01632 960 010")
    person = {"borough": Borough.LIVERPOOL} | {
        key: fields.pop(key)
        for key in ("borough", "access_needs", "guardian", "emergency_contact")
        if key in fields
    }
    if age < 16:
        person.setdefault("guardian", guardian)
    elif age < 18:
        person.setdefault("emergency_contact", guardian)
    attendee = Attendee(name=name, age=age, **person)
    fields.setdefault("vouched_by", "registrar")
    registered = register(
        event=event, lead=lead, attendees=[attendee], now=now or DAY - timedelta(days=7), **fields
    )
    return registered.tickets[0]
