"""Does the API find, hold, confirm and release spaces, and refuse in words what cannot be?"""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from accounts.domain.tokens import issue_token
from events.domain.audit_log import history_of
from events.models import Booking, Closure, OpeningHours
from tests import factories
from tests.events.factories import TEN, hold

pytestmark = pytest.mark.database
WISH = {
    "space": "hall",
    "layout": "theatre",
    "title": "Showcase One",
    "people": 40,
    "setup_minutes": 60,
    "starts_at": "2026-12-01T10:00:00+00:00",
    "ends_at": "2026-12-01T14:00:00+00:00",
    "clearup_minutes": 30,
}


@pytest.fixture(autouse=True)
def today(noon, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)


@pytest.fixture
def hall(db):
    return factories.make_space("hall", capacity=60)


def client_of(user, now) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(user=user, now=now)}")
    return client


@pytest.fixture
def api(hall, organiser, noon):
    return client_of(organiser, noon)


@pytest.fixture
def venue_api(hall, venue_person, noon):
    hall.venue.people.add(venue_person)
    return client_of(venue_person, noon)


def test_a_space_is_held_confirmed_and_released(api, organiser):
    held = api.post("/api/v1/bookings/", WISH, format="json")
    booking = Booking.objects.get()
    url = f"/api/v1/bookings/{booking.pk}/"

    assert held.status_code == 201
    assert {name: held.data[name] for name in ("id", "state", "rank", "space", "layout", "people")} == {
        "id": booking.pk,
        "state": "held",
        "rank": 1,
        "space": "hall",
        "layout": "theatre",
        "people": 40,
    }
    assert held.json()["blocked_from"] == "2026-12-01T09:00:00Z"
    for _ in range(2):
        assert api.post(f"{url}confirm/").json()["state"] == "confirmed"
    for _ in range(2):
        assert api.post(f"{url}release/", {"reason": "No need"}, format="json").json()["state"] == "released"
    assert api.post(f"{url}confirm/").status_code == 409
    assert {line.actor for line in history_of(booking=booking)} == {organiser.name}


def test_a_clash_answers_what_clashes_and_what_is_free(api, organiser, hall, noon):
    factories.make_space("studio", capacity=80)
    first = api.post("/api/v1/bookings/", WISH, format="json").data["id"]
    inside_clear_up = WISH | {
        "starts_at": "2026-12-01T14:20:00+00:00",
        "ends_at": "2026-12-01T15:00:00+00:00",
        "setup_minutes": 0,
    }

    refused = api.post("/api/v1/bookings/", inside_clear_up, format="json")
    option = api.post("/api/v1/bookings/", inside_clear_up | {"as_option": True}, format="json")

    problem = refused.json()
    assert (refused.status_code, problem["type"]) == (409, "space-unavailable")
    assert [clash["id"] for clash in problem["clashes"]] == [first]
    near = problem["alternatives"][0]
    assert {one["space"] for one in problem["alternatives"]} == {"hall", "studio"}
    taken = api.post(
        "/api/v1/bookings/",
        inside_clear_up | {name: near[name] for name in ("space", "starts_at", "ends_at")},
        format="json",
    )
    assert (option.status_code, option.data["rank"]) == (201, 2)
    assert taken.status_code == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_at": "2026-12-01T09:00:00+00:00"}, "ends_at"),
        ({"ends_at": "2026-12-01T10:00:00+00:00"}, "ends_at"),
        ({"ends_at": "2126-12-01T10:00:00+00:00"}, "ends_at"),
        ({"starts_at": "2026-11-01T10:00:00+00:00"}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59:59-14:00"}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at"),
        ({"starts_at": "2026-12-01T10:00:00"}, "starts_at"),
        ({"starts_at": "2027-03-28T01:30:00"}, "starts_at"),
        ({"starts_at": "2026-12-01T10:00:30+00:00"}, "starts_at"),
        ({"starts_at": "soon"}, "starts_at"),
        ({"people": 61}, "people"),
        ({"people": 0}, "people"),
        ({"people": 10**30}, "people"),
        ({"people": True}, "people"),
        ({"people": "40"}, "people"),
        ({"setup_minutes": -1}, "setup_minutes"),
        ({"clearup_minutes": 100_000}, "clearup_minutes"),
        ({"title": ""}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"title": "nul\x00"}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"layout": "no-such"}, "layout"),
        ({"space": "no-such"}, "space"),
        ({"space": "a b"}, "space"),
        ({"event": "no-such"}, "event"),
        ({"hold_until": "2026-11-23T10:00:00+00:00"}, "hold_until"),
        ({"hold_until": "2226-11-23T10:00:00+00:00"}, "hold_until"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(api, changes, field):
    response = api.post("/api/v1/bookings/", WISH | changes, format="json")

    assert response.status_code == 422
    assert response["Content-Type"] == "application/problem+json"
    assert field in response.json()["errors"]
    assert not Booking.objects.exists()


@pytest.mark.parametrize("body", [[], "text", None, 7, [WISH]])
def test_a_body_of_another_shape_is_refused(api, body):
    assert api.post("/api/v1/bookings/", body, format="json").status_code in (400, 422)


def test_hours_closures_and_notice_hold_for_the_api_too(api, hall):
    OpeningHours.objects.create(space=hall, weekday=TEN.weekday(), opens_at="09:30", closes_at="18:00")
    early = api.post("/api/v1/bookings/", WISH, format="json")
    Closure.objects.create(space=hall, starts_at=TEN, ends_at=TEN + timedelta(hours=1), reason="Repairs")
    closed = api.post("/api/v1/bookings/", WISH | {"setup_minutes": 0}, format="json")
    hall.venue.minimum_notice_hours = 24 * 30
    hall.venue.save()
    soon = api.post("/api/v1/bookings/", WISH | {"setup_minutes": 0}, format="json")

    assert "opening hours" in early.json()["detail"]
    assert "Repairs" in closed.json()["detail"]
    assert "hours of notice" in soon.json()["detail"]
    assert {early.status_code, closed.status_code, soon.status_code} == {422}


def test_an_unconfirmed_capacity_is_held_and_not_confirmed(api, hall):
    hall.layouts.create(slug="standing", name="Standing", capacity=50)
    held = api.post("/api/v1/bookings/", WISH | {"layout": "standing"}, format="json").data["id"]

    refused = api.post(f"/api/v1/bookings/{held}/confirm/")

    assert (refused.status_code, refused.json()["type"]) == (409, "capacity-not-confirmed")
    assert "Ask Example Works" in refused.json()["detail"]


def test_a_search_says_what_is_free_and_why_not(api, hall, organiser, noon):
    hold(hall, organiser, noon)
    factories.make_space("studio", capacity=80)

    found = api.get(
        "/api/v1/spaces/",
        {"starts_at": "2026-12-01T10:00:00Z", "ends_at": "2026-12-01T12:00:00Z", "people": 70},
    ).json()["results"]

    assert [(one["slug"], one["free"]) for one in found] == [("studio", True), ("hall", False)]
    assert found[1]["reasons"][0].startswith("Booked: Showcase One")
    assert found[0]["layouts"] == [{"slug": "theatre", "capacity": 80, "confirmed": True}]


@pytest.mark.parametrize(
    "asked",
    [
        {"ends_at": "2026-12-01T09:00:00Z"},
        {"starts_at": "0001-01-01T00:00:00Z"},
        {"ends_at": "2926-12-01T09:00:00Z"},
        {"people": "-1"},
        {"people": "9" * 40},
        {"starts_at": "2026-12-01T10:00:00"},
        {"layout": "a b"},
    ],
)
def test_a_search_that_cannot_be_is_refused(api, asked):
    period = {"starts_at": "2026-12-01T10:00:00Z", "ends_at": "2026-12-01T12:00:00Z"}

    assert api.get("/api/v1/spaces/", period | asked).status_code == 422


def test_a_venues_person_has_only_their_venue(venue_api, organiser, noon):
    other = factories.make_space("elsewhere", venue=factories.make_venue("other-works", name="Other Works"))
    theirs = hold(other, organiser, noon)

    found = venue_api.get(
        "/api/v1/spaces/", {"starts_at": "2026-12-01T10:00:00Z", "ends_at": "2026-12-01T12:00:00Z"}
    ).json()["results"]

    assert [one["slug"] for one in found] == ["hall"]
    booked = venue_api.post("/api/v1/bookings/", WISH | {"space": "elsewhere"}, format="json")
    assert booked.status_code == 422
    assert "that you may book" in booked.json()["errors"]["space"][0]
    assert venue_api.post("/api/v1/bookings/", WISH, format="json").status_code == 201
    for verb in ("confirm", "release"):
        assert venue_api.post(f"/api/v1/bookings/{theirs.pk}/{verb}/").status_code == 404


def test_strangers_and_others_are_refused(hall, board_member, noon):
    board = client_of(board_member, noon)

    for client, status in ((APIClient(), 401), (board, 403)):
        assert client.get("/api/v1/spaces/").status_code == status
        assert client.post("/api/v1/bookings/", WISH, format="json").status_code == status
        assert client.post("/api/v1/bookings/1/confirm/").status_code == status
    assert board.get("/api/v1/bookings/1/confirm/").status_code == 405


def test_a_number_beyond_all_bookings_is_not_found(api):
    assert api.post(f"/api/v1/bookings/{2**80}/confirm/").status_code == 404
