"""Which pages does the house show, and in which states? Gathers each once, as the browser would get it.

A new page needs no line here: every address of docs/access.csv that answers GET with HTML is opened by the
first role that may, and every form is also sent empty, so that its errors are seen. A state that needs more
than that is a function below with @state.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from tests import factories
from tests.house import states_of_people, states_of_the_desk
from tests.house.access import ROLES, STAFF, World, make_world, path_for, table
from tests.typing_time import forms_sent_at_once
from tickets.domain import codes
from tickets.domain.changes import cancel_registration

PREFERRED = (
    "public",
    "owner",
    "guardian",
    "group lead",
    "organiser",
    "welfare",
    "board",
    "venue",
    "supervisor",
)
ERRORS = ("400", "403", "403_csrf", "404", "413", "429", "500", "503", "503_printing")
TOOLS = ("/api/", "/control/")  # another's pages


@dataclass(frozen=True)
class Shown:
    """One page in one state."""

    name: str
    path: str
    status: int
    html: str
    templates: frozenset[str] = frozenset()

    @property
    def is_public(self) -> bool:
        return not self.path.startswith(("/desk/", "/door/", "/account/"))

    @property
    def is_error(self) -> bool:
        return self.name.startswith("error ")


_states: list[Callable[[World], Iterator[tuple[str, object]]]] = []


def state(make):
    """Register a generator of (name, response) pairs; it is given the world and is rolled back."""
    _states.append(make)
    return make


def every_page(world: World) -> list[Shown]:
    found = {page.name: page for page in _gather(world)}
    return list(found.values())


def make_pages() -> list[Shown]:
    """The pages of a fresh world; to be called inside a transaction that is rolled back."""
    with forms_sent_at_once():
        return every_page(make_world())


def _gather(world: World) -> Iterator[Shown]:
    clients = {role: _client(world, role) for role in ROLES}
    for (address, method), row in table().items():
        if address.startswith(TOOLS) or method not in {"GET", "POST"}:
            continue
        roles = [role for role in PREFERRED if row[role] == "allow"]
        for role in roles if address == "/desk/" else roles[:1]:
            path = path_for(world, role, address)
            with transaction.atomic():
                response = clients[role].get(path) if method == "GET" else clients[role].post(path, {})
                transaction.set_rollback(True)
            yield from _shown(f"{method} {address} as {role}", path, response)
    for name in sorted(_allauth_paths()):
        for role in ("public", "organiser"):
            yield from _shown(f"GET {name} as {role}", name, clients[role].get(name))
    for make in (*_states, *states_of_people.STATES, *states_of_the_desk.STATES):
        with transaction.atomic():
            for name, response in make(world):
                yield from _shown(name, response.wsgi_request.path, response)
            transaction.set_rollback(True)
    for code in ERRORS:
        yield Shown(
            f"error {code}", f"/error-{code}/", int(code[:3]), render_to_string(f"errors/{code}.html")
        )


def _shown(name: str, path: str, response) -> Iterator[Shown]:
    if response.headers.get("Content-Type", "").startswith("text/html") and response.status_code not in {
        301,
        302,
    }:
        used = frozenset(template.name for template in response.templates if template.name)
        yield Shown(name, path, response.status_code, response.content.decode(), used)


def _client(world: World, role: str) -> Client:
    client = Client(raise_request_exception=False)
    if role in STAFF:
        client.force_login(world.users[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def _allauth_paths() -> Iterator[str]:
    for name, (ways, *_) in get_resolver().reverse_dict.items():
        if (
            isinstance(name, str)
            and name.startswith(("account_", "mfa_", "usersessions_"))
            and not ways[0][1]
        ):
            yield "/" + ways[0][0]


# States that need more than opening a page


def hidden(response, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]*)"', response.content.decode())[1]


ADA = {"name": "Ada Example", "email": "ada2@example.org", "borough": "liverpool"}


def registration_steps(event, client: Client, age: str, answers: dict) -> Iterator[tuple[str, object]]:
    """The pages of the journey up to the ticket, as a browser walks them."""
    path = f"/e/{event.slug}/register/"
    first = client.get(path)
    yield "age", first
    carried = {"stamp": hidden(first, "stamp"), "age": age}
    yield "details", client.post(path, carried | {"step": "age"})
    yield "check", client.post(path, carried | {"step": "check"} | answers)
    yield "ticket", client.post(path, carried | {"step": "confirm"} | answers, follow=True)


@state
def the_way_to_a_ticket(world):
    event = factories.make_event("pages-day", starts_at=timezone.now() + timedelta(days=7))
    for session in ("first-cut", "games-workshop"):
        factories.make_session(event, session, capacity=10)
    for age in ("19", "16", "14", "12"):
        for step, response in registration_steps(event, Client(), age, ADA):
            yield f"register at {age}: {step}", response


@state
def the_way_that_is_refused(world):
    event = factories.make_event("pages-day", starts_at=timezone.now() + timedelta(days=7))
    path = f"/e/{event.slug}/register/"
    carried = {"stamp": hidden(Client().get(path), "stamp")}
    for word, age in (("nothing", ""), ("words", "soon"), ("too young", "3"), ("too old", "80")):
        yield f"register, age: {word}", Client().post(path, carried | {"step": "age", "age": age})
    for age in ("19", "14"):
        yield (
            f"register at {age}, nothing filled in",
            Client().post(path, carried | {"step": "check", "age": age}),
        )
    yield "group, nothing filled in", Client().post(f"/e/{event.slug}/group/", carried)


@state
def what_is_not_open(world):
    now = timezone.now()
    full = factories.make_event("pages-full", capacity=1, starts_at=now + timedelta(days=7))
    factories.sign_up(full, "Bo Example", now=now)
    closed = factories.make_event(
        "pages-closed", starts_at=now + timedelta(days=7), registration_closes_at=now
    )
    for event in (full, closed):
        for page in ("", "register/", "group/", "waiting-list/"):
            yield f"{event.slug} {page}", Client().get(f"/e/{event.slug}/{page}")


@state
def tickets_of_each_kind(world):
    now = timezone.now()
    event = factories.make_event("pages-day", starts_at=now + timedelta(days=7))
    held = factories.sign_up(event, "Cy Example", age=14, now=now)
    yield "ticket on hold", Client().get(f"/my/{codes.owner_secret(held.registration)}/")
    over = factories.sign_up(event, "Di Example", now=now)
    cancel_registration(registration=over.registration, now=now)
    for page in ("", "cancel/", "data/", "ticket.pdf"):
        path = f"/my/{codes.owner_secret(over.registration)}/{page}"
        yield f"cancelled registration {page}", Client().get(path)
    yield "no such ticket", Client().get("/my/nothing/")
    yield "no such code", Client().get("/T/NOTHING")
    guardian = f"/guardian/{world.secrets['guardian']}/"
    for answer in ("yes", "no"):
        with transaction.atomic():
            yield f"guardian says {answer}", Client().post(guardian, {"answer": answer}, follow=True)
            transaction.set_rollback(True)


@state
def finding_a_ticket(world):
    yield "find, nothing filled in", Client().post("/find/", {"email": ""})
    yield "find, sent", Client().post("/find/", {"email": "ada@example.org"})


@state
def signing_in(world):
    yield "sign in, nothing filled in", Client().post("/account/login/", {"login": ""})
    client = Client()
    yield (
        "sign in, code asked",
        client.post("/account/login/", {"login": "organiser@example.org"}, follow=True),
    )
    yield "sign in, wrong code", client.post("/account/login/code/confirm/", {"code": "WRONG1"})
    yield "one-time link", Client().get("/account/link/nothing/")
    yield "one-time link used up", Client().post("/account/link/nothing/")


@state
def planning_at_a_time_that_happens_twice(world):
    night = {"title": "Night", "starts_at": "2027-10-31T01:30", "ends_at": "2027-10-31T05:00"}
    yield "plan, a time that happens twice", _client(world, "organiser").post("/desk/events/new/", night)


@state
def the_booking_desk(world):
    """A week and a month with something in them, a clash, a repeat, a closure over bookings,
    what was released."""
    from events.models import Booking

    desk = _client(world, "organiser")
    booking = Booking.objects.select_related("space__venue").get(pk=world.arguments["/desk/bookings/|pk"])
    space, day = booking.space, timezone.localtime(booking.starts_at)
    home, new = f"/desk/venues/{space.venue.slug}/", f"/desk/bookings/new/{space.slug}/"
    answers = {
        "title": "Rehearsal",
        "starts_date": f"{day:%Y-%m-%d}",
        "starts_time": f"{day:%H:%M}",
        "people": "10",
        "ends_date": f"{timezone.localtime(booking.ends_at):%Y-%m-%d}",
        "layout": "theatre",
        "ends_time": f"{timezone.localtime(booking.ends_at):%H:%M}",
    }
    for view in ("week", "month"):
        yield f"calendar with bookings, {view}", desk.get(home, {"view": view, "day": f"{day:%Y-%m-%d}"})
    yield "search with results", desk.get("/desk/bookings/search/", answers)
    yield "a clash", desk.post(new, answers)
    until = f"{day + timedelta(days=28):%Y-%m-%d}"
    yield "a repeat", desk.post(new, answers | {"repeat_every": "7", "repeat_until": until})
    twice = answers | {"starts_date": "2027-10-31", "starts_time": "01:30", "ends_date": "2027-10-31"}
    yield "a time that happens twice", desk.post(new, twice | {"ends_time": "05:00"})
    closing = {name: answers[name] for name in answers if name.startswith(("starts", "ends"))}
    yield (
        "closing over bookings",
        desk.post(f"{home}spaces/{space.slug}/close/", closing | {"reason": "Repairs"}),
    )
    yield "a feed that was made", desk.post(f"{home}feeds/", {"label": "Front desk"})
    desk.post(f"/desk/bookings/{booking.pk}/confirm/")
    yield "a confirmed booking", desk.get(f"/desk/bookings/{booking.pk}/")
    desk.post(f"/desk/bookings/{booking.pk}/release/", {"reason": "Moved elsewhere"})
    yield "a released booking", desk.get(f"/desk/bookings/{booking.pk}/")
