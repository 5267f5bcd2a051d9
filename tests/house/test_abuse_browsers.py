"""Does a link, a form or a session do anything that its owner did not mean? (SE-15, 17, 22, 23)"""

import hashlib

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.domain.sign_in_links import make_link
from tests import factories
from tests.house.access import ROLES, ask, outcome, path_for, table

# What is written down about a look: logs, taken exports, contacts of phones, sessions.
LOOKS = {
    "auditlog.LogEntry",
    "reporting.ReportAccess",
    "sessions.Session",
    "usersessions.UserSession",
    "door.Device",
}

# Taken without a token, by a decision: a mail program that posts for its owner (RFC 8058) has no page
# that could give it one. Whoever posts must know an unguessable secret, and can only end news.
ONE_CLICK = {"/news-off/<secret>/"}


def every_row() -> dict[str, str]:
    return {
        model._meta.label: hashlib.sha256(
            repr(sorted(model.objects.values_list(), key=repr)).encode()
        ).hexdigest()
        for model in apps.get_models(include_auto_created=True)
        if model._meta.label not in LOOKS
    }


@pytest.mark.thorough
def test_looking_changes_nothing(world, db):
    """Every address that may be opened, as everybody who may; the second time, what is made once is there."""

    def crawl():
        for (address, method), row in table().items():
            for role in ("public", "owner", "guardian", "device", "organiser", "board"):
                if method == "GET" and row[role] == "allow":
                    ask(world, role, address, "GET").getvalue()

    crawl()
    before = every_row()
    crawl()

    after = every_row()
    assert {label for label in before if before[label] != after[label]} == set()


def test_no_form_is_taken_without_its_token(world, db):
    """Pages that change something, posted from elsewhere by a browser that is signed in."""
    refused = {}
    for (address, method), row in table().items():
        if method != "POST" or address.startswith("/api/"):
            continue
        role = next(
            (role for role in ("organiser", "owner", "guardian", "public") if row[role] == "allow"), None
        )
        if role is None:
            continue
        stranger = Client(enforce_csrf_checks=True)
        if role == "organiser":
            stranger.force_login(world.users[role], backend="django.contrib.auth.backends.ModelBackend")
        refused[address] = stranger.post(path_for(world, role, address), {"do": "x"}).status_code
    assert len(refused) > 20
    assert {address: code for address, code in refused.items() if code != 403} == dict.fromkeys(
        ONE_CLICK, 200
    )


def test_what_is_taken_without_a_token_needs_its_secret_and_only_ends_news(world, db):
    address = path_for(world, "owner", "/news-off/<secret>/")
    program = Client(enforce_csrf_checks=True)
    before = every_row()

    program.get(address)
    for guess in ("x", "ABC:nonsense", world.secrets["owner"], address.split("/")[2][:-1]):
        assert program.post(f"/news-off/{guess}/", {"List-Unsubscribe": "One-Click"}).status_code == 404
    assert every_row() == before
    assert program.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200

    after = every_row()
    assert {label for label in before if before[label] != after[label]} <= {"tickets.Consent"}


@pytest.mark.parametrize(
    "next_page",
    [
        "//evil.example",
        "https:evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "https://evil.example/desk/",
    ],
)
def test_signing_in_leads_nowhere_else(db, client, next_page):
    user = factories.make_user("organiser")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("account_login"), {"next": next_page})

    assert "evil" not in answer.headers.get("Location", "")
    assert "javascript" not in answer.headers.get("Location", "")


def test_a_session_is_new_at_sign_in_and_dead_at_sign_out(db):
    browser = Client()
    session = browser.session
    session["planted"] = "by somebody else"
    session.save()
    planted = browser.cookies["session"].value
    secret = make_link(user=factories.make_user("organiser"), now=timezone.now())

    browser.post(f"/account/link/{secret}/")
    signed_in = browser.cookies["session"].value
    assert signed_in != planted
    assert browser.get("/desk/").status_code == 200
    browser.post(reverse("account_logout"))

    thief = Client()
    for value in (planted, signed_in):
        thief.cookies["session"] = value
        assert thief.get("/desk/").status_code == 302


def test_a_person_who_lost_their_role_is_shut_out_at_once(db, client):
    user = factories.make_user("organiser")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/desk/events/new/").status_code == 200

    user.groups.clear()
    assert client.get("/desk/events/new/").status_code == 403
    user.is_active = False
    user.save()
    assert client.get("/desk/events/new/").status_code == 302


def test_public_calendars_name_nobody(world, db):
    for address in ("/events.ics", "/e/<slug>/event.ics"):
        for role in ROLES:
            assert outcome(world, role, address, "GET") == "allow"
    shown = Client().get("/events.ics").content + Client().get("/e/open-day/event.ics").content

    assert b"BEGIN:VEVENT" in shown
    for word in (b"Ada", b"Canary", b"example.org/my/", b"ATTENDEE"):
        assert word not in shown
