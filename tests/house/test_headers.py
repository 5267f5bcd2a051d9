"""What does every answer carry, and what does a forged header move? (SE-09, SE-14, SE-20, SE-21, SE-25)"""

from pathlib import Path

import pytest
from django.test import Client

from config import settings as ours
from tests import factories
from tickets.domain import codes

pytestmark = pytest.mark.django_db
PUBLIC = [
    "/",
    "/e/showcase/",
    "/find/",
    "/privacy/",
    "/accessibility/",
    "/help/",
    "/e/showcase/register/",
    "/nowhere/",
]


@pytest.fixture
def pages(event):
    ticket = factories.sign_up(event)
    secret = codes.owner_secret(ticket.registration)
    code = codes.ticket_code(event.pk, ticket.serial, 1)
    return [
        *PUBLIC,
        f"/my/{secret}/",
        f"/my/{secret}/data/",
        f"/T/{code}",
        "/door/",
        "/account/login/",
        "/api/v1/events/",
    ]


def test_every_answer_carries_the_strict_headers(client, pages):
    for page in pages:
        headers = client.get(page).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy.replace("wasm-unsafe-eval", ""), page
        assert "wasm-unsafe-eval" not in policy or page == "/door/", page
        for directive in (
            "default-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ):
            assert directive in policy, page
        assert headers["X-Content-Type-Options"] == "nosniff", page
        assert headers["X-Frame-Options"] == "DENY", page
        assert headers["Referrer-Policy"] in {"same-origin", "strict-origin", "no-referrer"}, page
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", page


def test_the_camera_is_the_doors_alone(client, pages):
    allowed = {page for page in pages if "camera=(self)" in client.get(page).headers["Permissions-Policy"]}

    assert allowed == {"/door/"}


def test_a_form_on_a_secret_page_may_be_sent(event):
    """With no-referrer a browser sends Origin: null, which is refused; our policy lets it send its origin."""
    browser = Client(enforce_csrf_checks=True)
    secret = codes.owner_secret(factories.sign_up(event).registration)
    page = browser.get(f"/my/{secret}/cancel/")
    token = page.content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]

    answer = browser.post(
        f"/my/{secret}/cancel/", {"csrfmiddlewaretoken": token}, headers={"Origin": "http://testserver"}
    )

    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert answer.status_code == 302


def test_a_form_without_its_token_is_refused(event):
    browser = Client(enforce_csrf_checks=True)
    secret = codes.owner_secret(factories.sign_up(event).registration)

    assert browser.post(f"/my/{secret}/cancel/").status_code == 403


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Host": "testserver:80@evil.example"}, {"Host": "testserver,evil.example"}],
)
def test_a_strange_host_is_refused(client, headers):
    assert client.get("/find/", headers=headers).status_code == 400


def test_a_forwarded_host_is_not_believed(client, event):
    secret = codes.owner_secret(factories.sign_up(event).registration)

    page = client.get(
        f"/my/{secret}/ticket.ics",
        headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
    )

    assert b"evil.example" not in page.content


@pytest.mark.parametrize(
    "target", ["//evil.example", "https:evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(client, organiser, target):
    client.force_login(organiser)

    answer = client.get("/account/login/", {"next": target})

    assert answer.status_code == 302
    assert answer.url == "/desk/"


def test_cookies_in_production_are_bound_to_the_host():
    """Read from the source: the settings of the tests are those of development."""
    source = Path(ours.__file__).read_text()

    for line in (
        'SESSION_COOKIE_NAME = "__Host-session" if HTTPS',
        'CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS',
        "SESSION_COOKIE_SECURE = HTTPS",
        "SESSION_COOKIE_HTTPONLY = True",
        'SESSION_COOKIE_SAMESITE = "Lax"',
    ):
        assert line in source


def test_admin_has_no_sign_in_of_its_own(client):
    answer = client.get("/control/login/", {"next": "/control/"})

    assert answer.status_code == 302
    assert answer.url.startswith("/account/login/")
