"""Can a young person finish on a phone without JavaScript, and once?"""

import re

import pytest
from django.core import mail
from django.utils import timezone

from outbox.domain.mail_delivery import send_due
from outbox.models import Message
from tests import factories
from tests.page_text import page_text
from tickets.domain import codes
from tickets.models import Guardian, Registration, Ticket


@pytest.fixture(autouse=True)
def no_waiting(settings, db, quick_forms):
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def event(db):
    """In one week of the real clock: pages ask what time it is."""
    from datetime import timedelta

    return factories.make_event(starts_at=timezone.now() + timedelta(days=7))


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())[1]


def answers(**more):
    return {"name": "Ada Example", "email": "ada@example.org", "borough": "liverpool"} | more


def walk(client, event, age, **details):
    """The whole way: age, details, check, ticket."""
    url = f"/e/{event.slug}/register/"
    stamp = hidden(client.get(url), "stamp")
    steps = {"stamp": stamp, "age": age}
    client.post(url, steps | {"step": "age"})
    check = client.post(url, steps | {"step": "check"} | details)
    return check, client.post(url, steps | {"step": "confirm"} | details)


def test_an_adult_has_a_ticket_after_four_pages(client, event):
    check, done = walk(client, event, "19", **answers())
    ticket_page = client.get(done["Location"])

    ticket = Ticket.objects.get()
    assert b"Check your answers" in check.content
    assert done.status_code == 302
    assert b"You are in." in ticket_page.content
    assert b"<svg" in ticket_page.content
    assert codes.ticket_code(event.pk, ticket.serial, 1)[:5].encode() in ticket_page.content


def test_a_double_tap_makes_one_registration(client, event):
    url = f"/e/{event.slug}/register/"
    sent = {"stamp": hidden(client.get(url), "stamp"), "age": "19", "step": "confirm"} | answers()

    first, second = client.post(url, sent), client.post(url, sent)

    assert first["Location"] == second["Location"]
    assert Registration.objects.count() == 1


@pytest.mark.parametrize("age", ["", "15.5", "-1", "abc", "9999", "12 and a half"])
def test_an_age_that_is_none_is_asked_again(client, event, age):
    url = f"/e/{event.slug}/register/"

    page = client.post(url, {"stamp": hidden(client.get(url), "stamp"), "age": age, "step": "age"})

    assert page.status_code == 422
    assert b"<title>Error: " in page.content
    assert b"There is a problem" in page.content


@pytest.mark.parametrize(
    ("age", "asked", "not_asked"),
    [
        ("11", ["guardian_name"], ["id_email", "emergency_contact"]),
        ("14", ["guardian_name", "id_email"], ["emergency_contact"]),
        ("16", ["emergency_contact_name", "id_email"], ["guardian_name"]),
        ("sixteen", ["emergency_contact_name"], ["guardian_name"]),
        ("٢٠", ["id_email"], ["guardian_name", "emergency_contact"]),
        ("18 ", ["id_email"], ["guardian_name", "emergency_contact"]),
    ],
)
def test_each_age_sees_its_questions_and_no_others(client, event, age, asked, not_asked):
    url = f"/e/{event.slug}/register/"

    page = client.post(
        url, {"stamp": hidden(client.get(url), "stamp"), "age": age, "step": "age"}
    ).content.decode()

    assert [name for name in asked if name not in page] == []
    assert [name for name in not_asked if name in page] == []


@pytest.mark.parametrize("age", ["10", "26"])
def test_too_young_or_too_old_sees_a_kind_page(client, event, age):
    url = f"/e/{event.slug}/register/"

    page = client.post(url, {"stamp": hidden(client.get(url), "stamp"), "age": age, "step": "age"})

    assert (page.status_code, b"Who this day is for" in page.content) == (200, True)


def test_a_guardian_says_yes_once(client, event):
    _, done = walk(client, event, "14", **answers(guardian_name="Gail", guardian_email="gail@example.org"))
    assert b"Nearly done" in done.content
    ticket = Ticket.objects.get()
    held = client.get(f"/my/{codes.owner_secret(ticket.registration)}/")
    assert b"We hold your place" in held.content
    link = f"/guardian/{codes.guardian_secret(event_id=event.pk, serial=ticket.serial, generation=1)}/"

    assert b"May <bdi>Ada Example</bdi> come?" in client.get(link).content
    client.post(link, {"answer": "yes"})
    again = client.post(link, {"answer": "yes"}, follow=True)

    assert b"Thank you for saying yes" in again.content
    assert Guardian.objects.get().answer == "confirmed"
    assert Message.objects.filter(purpose="confirmed").count() == 1


def test_missing_answers_come_back_with_what_was_typed(client, event):
    check, _ = walk(client, event, "19", name="<b>Ada</b>", email="not an address")

    page = check.content.decode()
    assert check.status_code == 422
    assert "&lt;b&gt;Ada&lt;/b&gt;" in page
    assert "Choose where you live" in page
    assert "in the right form" in page
    assert not Registration.objects.exists()


def test_a_machine_that_fills_the_trap_gets_no_place(client, event):
    _, done = walk(client, event, "19", **answers(website="x"))

    assert done.status_code == 429
    assert not Registration.objects.exists()


def test_a_full_event_offers_the_waiting_list_and_keeps_the_queue(client, event):
    event.capacity = 1
    event.save()
    factories.sign_up(event, now=event.starts_at.replace(year=2025))

    full = client.get(f"/e/{event.slug}/register/")
    url = f"/e/{event.slug}/waiting-list/"
    sent = {"stamp": hidden(client.get(url), "stamp"), "email": "w@example.org", "party_size": "1"}
    joined = client.post(url, sent, follow=True)

    assert full.status_code == 409
    assert b"You are number 1" in joined.content


def test_a_group_gets_all_its_tickets(client, event):
    event.capacity = 140
    event.save()
    url = f"/e/{event.slug}/group/"
    sent = {
        "stamp": hidden(client.get(url), "stamp"),
        "organisation": "Example Academy",
        "name": "Tara Teacher",
        "email": "tara@example.org",
        "phone": "01632 960 020",
        "heads_11_13": "8",
        "heads_14_15": "4",
        "heads_16_17": "0",
        "adults": "2",
        "borough": "sefton",
        "declared": "on",
    }

    page = client.post(url, sent, follow=True)

    assert Ticket.objects.count() == 14
    assert page.content.count(b'class="ticket"') == 1
    assert b"All 14 tickets" in page.content
    assert "12 young people and 2 adults. That is one adult for every 6." in page_text(page)


def test_the_qr_address_shows_nothing_personal(client, event):
    factories.sign_up(event, "Secret Name")
    code = codes.ticket_code(event.pk, 1, 1)

    upper, lower = client.get(f"/T/{code}"), client.get(f"/t/{code.lower()}")

    assert upper.status_code == lower.status_code == 200
    assert b"Secret" not in upper.content
    assert b"Show this at the door" in upper.content
    assert client.get("/T/nonsense").status_code == 404


def test_the_code_opens_no_owner_page_and_the_owner_link_is_no_ticket(client, event):
    ticket = factories.sign_up(event)
    code = codes.ticket_code(event.pk, 1, 1)
    secret = codes.owner_secret(ticket.registration)

    assert client.get(f"/my/{code.lower()}/").status_code == 404
    assert client.get(f"/T/{secret.upper()}").status_code == 404
    assert client.get(f"/guardian/{secret}/").status_code == 404


def test_the_owner_saves_cancels_and_finds_nothing_left(client, event):
    ticket = factories.sign_up(event)
    base = f"/my/{codes.owner_secret(ticket.registration)}/"

    pdf, ics = client.get(f"{base}ticket.pdf"), client.get(f"{base}ticket.ics")
    data = client.get(f"{base}data/?format=json")
    assert client.get(f"{base}cancel/").status_code == 200
    event.refresh_from_db()
    assert event.places_taken == 1
    client.post(f"{base}cancel/")

    event.refresh_from_db()
    assert event.places_taken == 0
    assert pdf.content.startswith(b"%PDF")
    assert b"BEGIN:VTIMEZONE" in ics.content
    assert data.json()["tickets"][0]["name"] == "Ada Example"
    assert client.get(f"{base}ticket.pdf").status_code == 404


def test_find_my_ticket_answers_everybody_alike(client, event):
    factories.sign_up(event, email="known@example.org")
    Message.objects.all().delete()

    known = client.post("/find/", {"email": "KNOWN@example.org"})
    unknown = client.post("/find/", {"email": "unknown@example.org"})

    assert re.sub(rb'value="[^"]+"', b"", known.content) == re.sub(rb'value="[^"]+"', b"", unknown.content)
    assert list(Message.objects.order_by("pk").values_list("purpose", flat=True)) == ["find-ticket"] * 2
    send_due(now=timezone.now())
    assert [message.to for message in mail.outbox] == [["known@example.org"]]


@pytest.mark.parametrize(
    "path", ["/", "/privacy/", "/accessibility/", "/help/", "/find/", "/events.ics", "/sitemap.xml"]
)
def test_public_pages_answer(client, event, path):
    assert client.get(path).status_code == 200


def test_a_draft_is_nobodys_business(client, event):
    event.status = "draft"
    event.save()

    assert client.get(f"/e/{event.slug}/").status_code == 404
    assert event.title.encode() not in client.get("/").content
