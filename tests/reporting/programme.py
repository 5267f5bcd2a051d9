"""A programme for the tests of this floor: two editions, tickets that attended, all through plain rows."""

import random
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from door.models import Admission, CheckIn, DoorList
from events.models import Event
from people.boroughs import Borough
from people.domain.age_bands import age_band
from reporting.models import Target
from tests import factories
from tickets.domain import codes
from tickets.models import Registration, Ticket


def make_target(slug: str = "showcase-reach", **fields) -> Target:
    fields = {
        "title": "Young people reached through the CI Skills Showcase",
        "rung": Target.Rung.REACHED,
        "goal": 500,
        "min_age": 11,
        "max_age": 25,
        "starts_on": datetime(2025, 9, 1).date(),
        "due_date": datetime(2027, 12, 31).date(),
    } | fields
    if not fields.get("series") and not fields.get("event"):
        fields["series"] = factories.make_series()
    return Target.objects.create(slug=slug, **fields)


def make_ticket(
    event: Event,
    name: str,
    *,
    contact: str = "",
    age: int | None = 15,
    borough: str = Borough.LIVERPOOL,
    registration: Registration | None = None,
    state: str = Ticket.State.VALID,
    issued_at: datetime | None = None,
    **fields,
) -> Ticket:
    """A ticket by rows alone, with its registration and person; name empty: a guest without a person."""
    issued_at = issued_at or event.starts_at - timedelta(days=20)
    contact = contact or f"{name.split(' ')[0].lower() or 'guest'}@example.org"
    if registration is None:
        registration = make_registration(event, lead_name=name, lead_email=contact, at=issued_at)
    person = None
    if name:
        person = factories.make_person(name, contact, at=issued_at)
    Event.objects.filter(pk=event.pk).update(serials_issued=event.serials_issued + 1)
    event.serials_issued += 1
    serial = event.serials_issued
    code = codes.ticket_code(event.pk, serial, 1)
    return Ticket.objects.create(
        registration=registration,
        event=event,
        serial=serial,
        person=person,
        name=name,
        age=age,
        age_band="" if age is None else age_band(age),
        borough=borough,
        state=state,
        issued_at=issued_at,
        changed_at=issued_at,
        fingerprint=codes.fingerprint(code),
        short_fingerprint=codes.short_fingerprint(code),
        **fields,
    )


def make_registration(
    event: Event, *, lead_name: str = "Ada Example", lead_email: str = "ada@example.org", at=None, **fields
) -> Registration:
    number = Registration.objects.count() + 1
    return Registration.objects.create(
        event=event,
        reference=f"T{number:08d}",
        lead_name=lead_name,
        lead_email=lead_email,
        owner_fingerprint=number.to_bytes(16, "big"),
        created_at=at or event.starts_at - timedelta(days=20),
        **fields,
    )


def entrance(event: Event) -> DoorList:
    return DoorList.objects.get_or_create(event=event, session=None)[0]


def attend(
    ticket: Ticket,
    *,
    at: datetime | None = None,
    recorded_at: datetime | None = None,
    door_list: DoorList | None = None,
) -> Admission:
    """A scan and the admission that it made."""
    event = ticket.event
    at = at or event.doors_open_at + timedelta(minutes=10)
    recorded_at = recorded_at or at
    door_list = door_list or entrance(event)
    check_in = CheckIn.objects.create(
        scan_id=UUID(int=CheckIn.objects.count() + 1),
        event=event,
        door_list=door_list,
        ticket=ticket,
        verdict="admitted",
        scanned_at=at,
        happened_at=at,
        recorded_at=recorded_at,
    )
    return Admission.objects.create(
        ticket=ticket,
        door_list=door_list,
        check_in=check_in,
        admitted_at=at,
        last_at=at,
        recorded_at=recorded_at,
        changed_at=recorded_at,
    )


def make_programme(*, people: int = 120, seed: int = 1, no_show: float = 0.2) -> tuple[Target, list[Event]]:
    """Two past editions with a series target; some people come to both, some give no name."""
    chance = random.Random(seed)
    now = timezone.now()
    events = [
        factories.make_event("showcase-1", title="Skills Showcase One", starts_at=now - timedelta(days=200)),
        factories.make_event("showcase-2", title="Skills Showcase Two", starts_at=now - timedelta(days=20)),
    ]
    boroughs = [one.value for one in Borough]
    for number in range(people):
        name, borough = f"Person {number} Example", chance.choice(boroughs)
        age = chance.choice([9, 11, 12, 13, 14, 15, 16, 17, 18, 20, 24, 30])
        for event in chance.choice([events[:1], events[1:], events]):
            ticket = make_ticket(event, name, contact=f"p{number}@example.org", age=age, borough=borough)
            if chance.random() > no_show:
                attend(ticket, at=event.doors_open_at + timedelta(minutes=chance.randrange(120)))
    return make_target(), events
