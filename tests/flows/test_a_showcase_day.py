"""One whole day through real pages, from booking the room to the report of who was reached."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.domain.sign_in_links import make_link
from door.models import CheckIn
from events.domain.catalogue import plant_strands, plant_venues
from events.domain.planning import plant_programme
from events.models import Booking, Event
from foundation.wall_time import LONDON
from outbox.domain.mail_delivery import send_due
from people.boroughs import REGION
from reporting.domain.targets import plant_targets
from tests import factories
from tests.door.factories import code_of
from tests.flows.visitor import Visitor
from tickets.models import Registration, Ticket

pytestmark = pytest.mark.database

AUTUMN = datetime(2026, 10, 5, 10, 0, tzinfo=LONDON)
THE_DAY = datetime(2026, 12, 1, 9, 30, tzinfo=LONDON)


class Clock:
    """The time that every page is told."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        self.moment += timedelta(seconds=1)
        return self.moment


@pytest.fixture
def clock(monkeypatch, quick_forms):
    clock = Clock(AUTUMN)
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock


@pytest.fixture
def house(db, clock):
    """The venues and series of the plan, and the people of the desk."""
    plant_venues()
    plant_strands()
    showcase, cornerstone = plant_programme()
    plant_targets(showcase=showcase, cornerstone=cornerstone)


def signed_in(role: str, clock: Clock) -> Visitor:
    """By the link that was handed to them."""
    user = factories.make_user(role, name=f"{role.capitalize()} Example")
    visitor = Visitor()
    visitor.open(f"/account/link/{make_link(user=user, now=clock.now())}/").press("Sign in")
    assert visitor.path == "/desk/"
    return visitor


class Phone:
    """A paired door phone."""

    def __init__(self, token: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    @classmethod
    def paired(cls, code: str, *, name: str) -> "Phone":
        body = {"pairing_code": code, "name": name}
        answer = Client().post("/api/v1/devices/pair/", body, content_type="application/json")
        assert answer.status_code == 201
        return cls(answer.json()["token"])

    def scan(self, what: Ticket | str, clock: Clock) -> str:
        body = {
            "scan_id": str(uuid4()),
            "code": what if isinstance(what, str) else f"HTTPS://EVENTS.EXAMPLE.ORG/T/{code_of(what)}",
            "direction": "entry",
            "scanned_at": clock.now().isoformat(),
        }
        return self.client.post("/api/v1/check-ins/", body, content_type="application/json").json()["verdict"]


def test_a_showcase_day(house, clock):
    organiser = signed_in("organiser", clock)
    event = an_event_is_planned_as_a_draft(organiser)
    a_space_is_held_for_it_and_no_rival_gets_it(organiser, event)

    # They fill it with a session, and publish.
    organiser.open("/desk/events/showcase-1/sessions/new/").press(
        "Save",
        title="Make a level in an hour",
        starts_at="2026-12-01T10:00",
        ends_at="2026-12-01T11:00",
        capacity="24",
        strands="games",
    )
    organiser.open("/desk/events/showcase-1/publish/").press("Publish it")
    event.refresh_from_db()
    assert event.status == Event.Status.PUBLISHED
    assert event.sessions.get().title == "Make a level in an hour"

    ticket = somebody_registers_and_has_the_ticket_at_once()

    # The mail comes by the outbox, with the ticket and the calendar entry.
    send_due(now=clock.now())
    letter = next(one for one in mail.outbox if one.to == ["ada@example.org"])
    assert {name for name, _, _ in letter.attachments} == {"ticket.pdf", "event.ics"}
    assert "Ada" not in letter.subject

    clock.moment = THE_DAY + timedelta(minutes=5)
    supervisor = signed_in("supervisor", clock)
    phone = a_phone_is_paired(supervisor)

    # Ada's QR lets her in; the same again does not; and every scan is a row.
    shown = Visitor().open(f"/T/{code_of(ticket)}")
    assert "Ada" not in shown.text
    assert phone.scan(ticket, clock) == "admitted"
    assert phone.scan(ticket, clock) == "already_admitted"
    assert phone.scan("something else", clock) == "unknown"
    assert list(CheckIn.objects.order_by("pk").values_list("verdict", flat=True)) == [
        "admitted",
        "already_admitted",
        "unknown",
    ]

    supervisor.open("/desk/door/showcase-1/")
    assert "Already inside" in supervisor.text

    clock.moment = THE_DAY + timedelta(hours=8)
    the_figure_stands_on_the_desk(signed_in("organiser", clock))


def an_event_is_planned_as_a_draft(organiser) -> Event:
    """Nobody else sees it."""
    organiser.open("/desk/events/new/").press(
        "Save as a draft",
        series="skills-showcase",
        title="CI Skills Showcase One",
        slug="showcase-1",
        venue="sci-tech-daresbury",
        starts_at="2026-12-01T09:30",
        ends_at="2026-12-01T14:30",
        capacity="120",
        safe_capacity="200",
        min_age="11",
        max_age="25",
    )
    event = Event.objects.get()
    assert Visitor().open("/e/showcase-1/", status=404)
    return event


def a_space_is_held_for_it_and_no_rival_gets_it(organiser, event) -> None:
    """The venues of the plan are there."""
    organiser.open("/desk/venues/")
    for name in (
        "Make North Docks",
        "Make Birkenhead",
        "Make Huyton Village",
        "Sci-Tech Daresbury",
        "Baltic Creative",
    ):
        assert name in organiser.text
    wish = {
        "title": "CI Skills Showcase One",
        "starts_date": "2026-12-01",
        "starts_time": "09:00",
        "ends_time": "14:30",
        "setup_minutes": "60",
        "clearup_minutes": "30",
        "people": "120",
        "layout": "exhibition",
    }
    organiser.open("/desk/bookings/new/daresbury-hall/").press("Hold it", event="showcase-1", **wish)
    booking = Booking.objects.get()
    assert (booking.state, booking.event, booking.space.slug) == ("held", event, "daresbury-hall")

    # Another wish for an hour of it is refused, with what is in the way; the whole campus is taken with its
    # hall.
    later = wish | {"title": "A rival day", "starts_time": "14:00", "ends_time": "18:00"}
    organiser.open("/desk/bookings/new/daresbury-hall/").press("Hold it", status=409, **later)
    assert "CI Skills Showcase One" in organiser.text
    organiser.open("/desk/bookings/new/daresbury-campus/").press("Hold it", status=409, **later)
    assert Booking.objects.count() == 1


def somebody_registers_and_has_the_ticket_at_once() -> Ticket:
    """A young person on a phone without JavaScript."""
    ada = Visitor().open("/e/showcase-1/")
    assert "CI Skills Showcase One" in ada.text
    ada.open("/e/showcase-1/register/").press("Continue", age="19")
    ada.press("Continue", name="Ada Example", email="ada@example.org", borough="wirral")
    assert "Check your answers" in ada.text
    ada.press("Get my ticket")
    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.name, ticket.borough) == ("valid", "Ada Example", "wirral")
    assert "<svg" in ada.text
    mine = ada.path
    assert ada.client.get(f"{mine}ticket.pdf").content.startswith(b"%PDF")
    assert b"BEGIN:VTIMEZONE" in ada.client.get(f"{mine}ticket.ics").content
    assert Registration.objects.get().lead_email == "ada@example.org"
    return ticket


def a_phone_is_paired(supervisor) -> Phone:
    """With the gate, by a code that works once."""
    supervisor.open("/desk/door/showcase-1/team/").press("Add this gate", name="Main gate")
    supervisor.open("/desk/door/showcase-1/phones/").press("Show a pairing code", gate="main-gate")
    code = re.search(r'class="secret">([A-Z0-9-]+)<', supervisor.text)[1]
    return Phone.paired(code, name="Sam")


def the_figure_stands_on_the_desk(organiser) -> None:
    """With its definition, its goal and the six boroughs."""
    organiser.open("/desk/reach/")
    organiser.open("/desk/reach/showcase-reach/")
    assert "counted once over the whole series" in organiser.text
    assert all(borough.label in organiser.text for borough in REGION)
    assert "<svg" in organiser.text
    figures = organiser.client.get("/desk/reach/showcase-reach/report.json").json()
    assert (figures["value"], figures["goal"], figures["by_borough"]["wirral"]) == (1, 500, 1)
    report = organiser.client.get("/desk/reach/showcase-reach/report.pdf")
    assert report["Content-Type"] == "application/pdf"
    assert report.content.startswith(b"%PDF")
    engaged = organiser.client.get("/desk/reach/cornerstone-engaged/report.json").json()
    assert (engaged["value"], engaged["goal"]) == (0, 1000)
