"""The same day told by programs: tokens in, JSON out, and every no as problem+json."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from accounts.domain.tokens import issue_token
from door.domain.devices import make_gate, make_pairing_code
from events.domain.planning import create_event, plant_programme, publish_event
from reporting.domain.targets import plant_targets
from tests import factories

pytestmark = pytest.mark.database


class Caller:
    """A program with one bearer token, or with none."""

    def __init__(self, token: str = "") -> None:
        self.client = Client(raise_request_exception=True)
        self.token = token

    def get(self, path: str, **query):
        return self.client.get(f"/api/v1/{path}", query, **self._headers())

    def post(self, path: str, body: dict | None = None, **headers):
        return self.client.post(
            f"/api/v1/{path}", body or {}, content_type="application/json", **self._headers(), **headers
        )

    def _headers(self) -> dict:
        return {"HTTP_AUTHORIZATION": f"Bearer {self.token}"} if self.token else {}


@pytest.fixture
def now():
    return timezone.now().replace(second=0, microsecond=0)


@pytest.fixture
def hall(db):
    return factories.make_space("example-hall", capacity=300)


@pytest.fixture
def showcase(hall, now):
    """On now: doors opened an hour ago."""
    showcase, cornerstone = plant_programme()
    plant_targets(showcase=showcase, cornerstone=cornerstone)
    event = create_event(
        series=showcase,
        slug="open-day",
        title="Open Day",
        starts_at=now - timedelta(minutes=50),
        ends_at=now + timedelta(hours=4),
        doors_open_at=now - timedelta(hours=1),
        venue=hall.venue,
        capacity=2,
        safe_capacity=60,
        min_age=11,
        max_age=25,
        by=None,
    )
    return publish_event(event=event, now=now - timedelta(days=30))


def caller(role: str, **fields) -> Caller:
    user = factories.make_user(role, **fields)
    return Caller(issue_token(user=user, now=timezone.now()))


def person(name: str, age: int = 19, **more) -> dict:
    body = {"lead": {"name": name, "email": f"{name.split()[0].lower()}@example.org"}}
    return body | {"attendees": [{"name": name, "age": age, "borough": "wirral"} | more]}


def scan(code: str, **more) -> dict:
    return {
        "scan_id": str(uuid4()),
        "code": code,
        "direction": "entry",
        "scanned_at": timezone.now().isoformat(),
    } | more


def problem(answer) -> tuple[int, str]:
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    return answer.status_code, answer.json()["type"]


def test_a_day_over_the_api(hall, showcase, now):
    organiser, public, board = caller("organiser"), Caller(), caller("board")
    venue_person = factories.make_user("venue")
    hall.venue.people.add(venue_person)
    venue = Caller(issue_token(user=venue_person, now=now))

    a_space_is_held_and_confirmed(organiser, venue, board, now)

    # Everybody sees what is on.
    shown = public.get("events/open-day/").json()
    assert (shown["status"], shown["places_left"], shown["registration"]["open"]) == ("published", 2, True)
    assert [one["slug"] for one in public.get("events/").json()["results"]] == ["open-day"]

    ada, cy = two_are_registered_and_all_places_are_taken(organiser, public)
    phone = a_phone_is_paired_and_takes_the_list(public, showcase, now)
    the_door_answers_each_scan(phone, ada["tickets"][0], cy["tickets"][0])

    # A phone is no person: it reads no figures; the board reads what is published, the organiser what is
    # live.
    assert phone.get("reach/showcase-reach/").status_code in {401, 403}
    live = organiser.get("reach/showcase-reach/").json()
    assert (live["value"], live["goal"], live["by_borough"]["wirral"]) == (1, 500, 1)
    preview = organiser.get("reach/showcase-reach/", public=1).json()
    assert (preview["value"], preview["by_borough"]["wirral"]) == ("*", "*")
    assert problem(board.get("reach/showcase-reach/")) == (404, "not-found")

    # One cannot come after all; again changes nothing; the place is free.
    reference = cy["reference"]
    for _ in range(2):
        assert organiser.post(f"registrations/{reference}/cancel/").status_code == 200
    assert public.get("events/open-day/").json()["places_left"] == 1


def a_space_is_held_and_confirmed(organiser, venue, board, now) -> None:
    """An organiser looks for a space, holds it, and nobody else can."""
    starts_at = (now + timedelta(days=30)).isoformat()
    ends_at = (now + timedelta(days=30, hours=5)).isoformat()
    found = organiser.get("spaces/", starts_at=starts_at, ends_at=ends_at, people=200).json()["results"]
    assert [(one["slug"], one["free"]) for one in found] == [("example-hall", True)]
    wish = {
        "space": "example-hall",
        "layout": "theatre",
        "title": "Skills Showcase Two",
        "people": 200,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "setup_minutes": 60,
        "clearup_minutes": 30,
    }
    held = organiser.post("bookings/", wish)
    assert (held.status_code, held.json()["state"], held.json()["rank"]) == (201, "held", 1)
    clash = organiser.post("bookings/", wish | {"title": "Another day"})
    assert problem(clash) == (409, "space-unavailable")
    assert [one["id"] for one in clash.json()["clashes"]] == [held.json()["id"]]
    assert clash.json()["alternatives"]
    option = organiser.post("bookings/", wish | {"title": "Another day", "as_option": True})
    assert (option.status_code, option.json()["rank"]) == (201, 2)

    # The venue's person confirms; the board may not.
    assert problem(board.post(f"bookings/{held.json()['id']}/confirm/")) == (403, "not-allowed")
    confirmed = venue.post(f"bookings/{held.json()['id']}/confirm/")
    assert (confirmed.status_code, confirmed.json()["state"]) == (200, "confirmed")


def two_are_registered_and_all_places_are_taken(organiser, public) -> tuple[dict, dict]:
    """The first twice by the same key. Returns the answers for Ada, and for Cy whose guardian is asked."""
    path, key = "events/open-day/registrations/", "a-school-office-1"
    assert problem(public.post(path, person("Ada Example"), HTTP_IDEMPOTENCY_KEY=key)) == (
        401,
        "not-signed-in",
    )
    assert problem(organiser.post(path, person("Ada Example")))[0] == 400
    first = organiser.post(path, person("Ada Example"), HTTP_IDEMPOTENCY_KEY=key)
    again = organiser.post(path, person("Ada Example"), HTTP_IDEMPOTENCY_KEY=key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    other = organiser.post(path, person("Bo Example"), HTTP_IDEMPOTENCY_KEY=key)
    assert problem(other) == (422, "idempotency-key-reused")
    young = organiser.post(path, person("Cy Example", age=14), HTTP_IDEMPOTENCY_KEY="2")
    assert problem(young)[0] == 422
    assert "guardian" in str(young.json()["errors"])
    guardian = {"name": "Gail Guardian", "email": "gail@example.org", "phone": "01632 960010"}
    held_ticket = organiser.post(
        path, person("Cy Example", age=14, guardian=guardian), HTTP_IDEMPOTENCY_KEY="3"
    )
    assert (held_ticket.status_code, held_ticket.json()["state"]) == (201, "on-hold")
    full = organiser.post(path, person("Bo Example"), HTTP_IDEMPOTENCY_KEY="4")
    assert problem(full) == (409, "event-full")
    assert full.json()["places_left"] == 0
    return first.json(), held_ticket.json()


def a_phone_is_paired_and_takes_the_list(public, showcase, now) -> Caller:
    """By a code that works once; the list for offline comes with an ETag."""
    code = make_pairing_code(gate=make_gate(event=showcase, slug="main", name="Main gate"), now=now, by=None)
    paired = public.post("devices/pair/", {"pairing_code": code, "name": "Sam"})
    assert (paired.status_code, paired.json()["event"], paired.json()["gate"]) == (201, "open-day", "main")
    assert problem(public.post("devices/pair/", {"pairing_code": code, "name": "Jo"}))[0] == 410
    phone = Caller(paired.json()["token"])

    roster = phone.get("roster/")
    assert roster.status_code == 200
    unchanged = phone.client.get("/api/v1/roster/", **phone._headers(), HTTP_IF_NONE_MATCH=roster["ETag"])
    assert unchanged.status_code == 304
    return phone


def the_door_answers_each_scan(phone, ticket, on_hold) -> None:
    entry = scan(ticket["code_url"])
    let_in = phone.post("check-ins/", entry)
    assert (let_in.status_code, let_in.json()["verdict"]) == (201, "admitted")
    assert (let_in.json()["ticket"]["first_name"], let_in.json()["ticket"]["initial"]) == ("Ada", "E")
    replay = phone.post("check-ins/", entry)
    assert (replay.status_code, replay.json()["verdict"]) == (200, "admitted")
    second = phone.post("check-ins/", scan(ticket["code"]))
    assert (second.status_code, second.json()["verdict"]) == (201, "already_admitted")
    waiting = phone.post("check-ins/", scan(on_hold["code"]))
    assert waiting.json()["verdict"] == "on_hold"
    batch = phone.post(
        "check-ins/batch/",
        {"device_now": timezone.now().isoformat(), "scans": [scan("nonsense"), {"scan_id": 7}]},
    )
    assert [one["verdict"] for one in batch.json()["results"]] == ["unknown", "malformed"]
    inside = phone.get("occupancy/").json()
    assert (inside["inside"], inside["admitted"], inside["by_gate"]) == (1, 1, {"main": 1})

    # A mistake is taken back by a new row, and made good.
    undone = phone.post(f"check-ins/{entry['scan_id']}/undo/", {"reason": "Wrong person"})
    assert undone.status_code == 201
    assert phone.get("occupancy/").json()["inside"] == 0
    assert phone.post("check-ins/", scan(ticket["code"])).json()["verdict"] == "admitted"
