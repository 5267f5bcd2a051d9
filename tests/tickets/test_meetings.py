"""Does a young person keep whom they met, on their own ticket and with nobody learning who they are?"""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import Exhibitor
from tests import factories
from tickets.domain import codes
from tickets.domain.meetings import holder_token, points_of
from tickets.models import Encounter

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return factories.make_event(
        "today", title="Showcase Today", starts_at=timezone.now() - timedelta(hours=1)
    )


@pytest.fixture
def stand(today):
    Exhibitor.objects.create(
        event=today, slug="studio", name="Example Studio One", roles_shown="runner, editor"
    )
    return f"/met/{points_of(event=today, now=timezone.now())[0].address}/"


@pytest.fixture
def ticket(today):
    return factories.sign_up(today, now=timezone.now() - timedelta(days=1))


def typed(ticket) -> str:
    return codes.ticket_code(ticket.event_id, ticket.serial, ticket.generation)[:10].lower()


def test_opening_the_code_keeps_nothing_until_the_button(client, stand, ticket):
    page = client.get(stand).content.decode()

    assert "Example Studio One" in page
    assert "runner, editor" in page
    assert not Encounter.objects.exists()


def test_the_code_under_the_qr_is_asked_once(client, stand, ticket):
    wrong = client.post(stand, {"code": "AAAAA AAAAA"})
    empty = client.post(stand, {})
    kept = client.post(stand, {"code": typed(ticket)})
    again = client.post(stand, {})

    assert (wrong.status_code, empty.status_code) == (422, 422)
    assert "It is on your ticket now" in kept.content.decode()
    assert "It was on your ticket already" in again.content.decode()
    assert [one.ticket for one in Encounter.objects.all()] == [ticket]
    cookie = client.cookies["meets-for"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/met/", True, "Lax")
    assert "Ada" not in cookie.value


def test_the_ticket_page_lets_this_phone_keep_meetings(client, stand, ticket):
    secret = codes.owner_secret(ticket.registration)

    client.post(f"/my/{secret}/met/", {"serial": ticket.serial})
    client.post(stand)
    page = client.get(f"/my/{secret}/met/").content.decode()

    assert "Example Studio One" in page
    assert client.post(f"/my/{secret}/met/", {"serial": "9"}).status_code == 200
    assert client.get("/my/" + "a" * 26 + "/met/").status_code == 404
    assert "meetings_kept" in client.get(f"/my/{secret}/data/?format=json").json()


def test_strangers_learn_nothing(client, stand, ticket):
    assert client.get("/met/" + "b" * 26 + "/").status_code == 404
    client.cookies["meets-for"] = "1.1:forged"
    page = client.post(stand, {}).content.decode()

    assert "Ada" not in page
    assert not Encounter.objects.exists()


def test_a_new_code_of_the_ticket_ends_what_a_phone_keeps(client, stand, ticket):
    client.cookies["meets-for"] = holder_token(ticket=ticket)
    ticket.generation = 2
    ticket.save()

    assert client.post(stand, {}).status_code == 422


def test_codes_work_while_the_event_is_on(client, ticket, today, stand):
    other = factories.make_event("other", starts_at=timezone.now() + timedelta(days=3))
    Exhibitor.objects.create(event=other, slug="x", name="Example Two")
    early = f"/met/{points_of(event=other, now=timezone.now())[0].address}/"
    coming = factories.sign_up(other, "Ben Example")
    client.post(stand, {"code": typed(ticket)})

    too_soon = client.post(early, {"code": typed(coming)})
    elsewhere = client.post(early, {"code": typed(ticket)})

    assert too_soon.status_code == 409
    assert "while the event is on" in too_soon.content.decode()
    assert elsewhere.status_code == 409 or elsewhere.status_code == 422
    assert Encounter.objects.count() == 1
