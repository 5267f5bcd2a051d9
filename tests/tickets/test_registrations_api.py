"""Does the API register others and cancel exactly as the contract says?"""

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.domain.tokens import issue_token
from tests import factories
from tickets.models import Consent, Registration, Ticket

pytestmark = pytest.mark.database

LEAD = {"name": "Tara Teacher", "email": "tara@example.org"}
ADULT = {"name": "Ada Example", "age": 19, "borough": "liverpool"}
CHILD = {
    "name": "Cleo Child",
    "age": 14,
    "borough": "wirral",
    "guardian": {"name": "Gail Guardian", "email": "gail@example.org"},
}


@pytest.fixture
def caller(organiser):
    return _client(organiser)


@pytest.fixture
def address(open_event):
    return f"/api/v1/events/{open_event.slug}/registrations/"


def _client(user) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue_token(user=user, now=timezone.now())}")
    return client


def ask(client, address, *attendees, key="k1", **more):
    body = {"lead": LEAD, "attendees": list(attendees) or [ADULT]} | more
    headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    return client.post(address, body, format="json", **headers)


def test_a_registration_answers_with_its_tickets(caller, address, settings):
    answer = ask(caller, address, ADULT, CHILD)

    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"reference", "state", "manage_url", "tickets"}
    assert body["state"] == "on-hold"
    assert [(one["serial"], one["name"], one["state"]) for one in body["tickets"]] == [
        (1, "Ada Example", "valid"),
        (2, "Cleo Child", "on-hold"),
    ]
    assert all(set(one) == {"serial", "name", "state", "code", "code_url"} for one in body["tickets"])
    code = body["tickets"][0]["code"]
    assert body["tickets"][0]["code_url"] == f"{settings.SITE_URL}/T/{code}".upper()
    assert len(code) == 26
    assert caller.get(body["manage_url"].removeprefix(settings.SITE_URL)).status_code == 200


def test_the_same_key_again_is_the_same_answer(caller, address):
    first, again = ask(caller, address), ask(caller, address)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Registration.objects.count() == 1


def test_the_key_is_of_one_token_and_of_one_request(caller, address, db):
    ask(caller, address)

    other = ask(caller, address, ADULT | {"name": "Bo Example"})
    someone_else = ask(
        _client(factories.make_user("organiser", email="second@example.org")),
        address,
        ADULT | {"name": "Cy Example"},
    )

    assert (other.status_code, other.json()["type"].rpartition("/")[2]) == (422, "idempotency-key-reused")
    assert someone_else.status_code == 201


def test_no_key_is_no_request(caller, address):
    for key in ("", "x" * 201):
        assert ask(caller, address, key=key).status_code == 400
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    ("fields", "slug"),
    [({"capacity": 0}, "event-full"), ({"registration_closes_at": timezone.now()}, "registration-closed")],
)
def test_what_cannot_be_is_a_conflict_by_name(caller, address, open_event, fields, slug):
    for name, value in fields.items():
        setattr(open_event, name, value)
    open_event.save()

    answer = ask(caller, address)

    assert (answer.status_code, answer["Content-Type"]) == (409, "application/problem+json")
    assert answer.json()["type"].rpartition("/")[2] == slug
    if slug == "event-full":
        assert answer.json()["places_left"] == 0


def test_the_same_person_again_is_a_conflict(caller, address):
    ask(caller, address)

    answer = ask(caller, address, key="k2")

    assert (answer.status_code, answer.json()["type"].rpartition("/")[2]) == (409, "already-registered")


@pytest.mark.parametrize(
    "attendee",
    [
        ADULT | {"age": 14},
        ADULT | {"age": 16},
        ADULT | {"age": 10},
        ADULT | {"age": 26},
        ADULT | {"age": "19"},
        ADULT | {"age": 10**40},
        ADULT | {"borough": "Atlantis"},
        ADULT | {"name": ""},
        ADULT | {"name": "A\u0000"},
        ADULT | {"name": "x" * 201},
        ADULT | {"state": "valid"},
        {"name": "Ada Example"},
        "Ada Example",
    ],
)
def test_a_field_that_cannot_be_is_named_and_nothing_is_written(caller, address, attendee):
    answer = ask(caller, address, attendee)

    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert not Ticket.objects.exists()


def test_consents_name_the_caller_and_sessions_are_claimed(caller, address, open_event, organiser):
    session = factories.make_session(open_event, "games", capacity=1)

    ask(caller, address, sessions=["games"], consents={"photo": True, "news": False})
    full = ask(caller, address, ADULT | {"name": "Bo Example"}, key="k2", sessions=["games"])

    session.refresh_from_db()
    assert (session.places_taken, full.status_code) == (1, 409)
    assert list(Consent.objects.values_list("kind", "given_by")) == [("photo", organiser.pk)]


def test_cancelling_is_done_once_and_answered_always(caller, address, open_event):
    reference = ask(caller, address).json()["reference"]

    answers = [caller.post(f"/api/v1/registrations/{reference}/cancel/") for _ in range(2)]

    open_event.refresh_from_db()
    assert [one.status_code for one in answers] == [200, 200]
    assert open_event.places_taken == 0
    assert caller.post("/api/v1/registrations/UNKNOWN99/cancel/").status_code == 404


def test_strangers_and_those_without_the_right_are_refused(address, db, board_member):
    assert ask(APIClient(), address).status_code == 401
    assert ask(_client(board_member), address).status_code == 403
    assert not Registration.objects.exists()


def test_the_guards_against_bots_bind_the_form_and_not_the_token(caller, address, open_event):
    # More than the form takes from one address, fewer than a token may send in one second.
    for number in range(170):
        answer = ask(caller, address, ADULT | {"name": f"Person {number}"}, key=f"k{number}")
        assert answer.status_code == 201

    assert Ticket.objects.valid().count() == 170
