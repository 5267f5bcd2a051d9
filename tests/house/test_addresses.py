"""Does what a route says of itself hold wherever it is answered? Every route is walked. (PR-16, SE-25)"""

import re
from uuid import UUID

import pytest
from django.test import Client

from config.logs import masked
from foundation.addresses import every_route

ROUTES = list(every_route())
SECRET = "kjx7ajt2ycq6hgp4mfz3wne5rb"


def address(pattern: str) -> str:
    """The route filled in: a secret where one stands, else something of the kind."""
    filled = re.sub(r"<secret:\w+>|\(\?P<key>[^)]*\)", SECRET, pattern)
    filled = re.sub(r"<uuid:\w+>", str(UUID(int=1)), filled)
    return re.sub(r"<(?:\w+:)?\w+>|\(\?P<\w+>[^)]*\)", "1", filled).rstrip("$")


def test_a_parameter_that_may_be_anything_says_whether_it_is_a_secret():
    """Below /desk/ and /api/v1/ somebody is asked who they are."""
    free = [
        route.pattern
        for route in ROUTES
        if "<str:" in route.pattern and not route.pattern.startswith(("/desk/", "/api/v1/"))
    ]

    assert free == []


def test_nothing_with_a_secret_is_called_open():
    assert [route.pattern for route in ROUTES if route.has_secret and route.is_open] == []
    assert len([route for route in ROUTES if route.has_secret]) > 20


def test_what_is_open_to_all_is_this():
    assert {route.pattern for route in ROUTES if route.is_open} == {
        "/",
        "/.well-known/security.txt",
        "/accessibility/",
        "/api/docs/",
        "/api/schema/",
        "/e/<slug:slug>/",
        "/e/<slug:slug>/about-you/",
        "/e/<slug:slug>/event.ics",
        "/e/<slug:slug>/group/",
        "/e/<slug:slug>/register/",
        "/e/<slug:slug>/waiting-list/",
        "/events.ics",
        "/find/",
        "/help/",
        "/privacy/",
        "/privacy/deleted/",
        "/robots.txt",
        "/sitemap.xml",
    }


def test_a_log_line_masks_the_secret_of_every_route():
    shown = {
        route.pattern: masked(f"Forbidden: {address(route.pattern)}") for route in ROUTES if route.has_secret
    }

    assert {pattern: line for pattern, line in shown.items() if SECRET in line or "…" not in line} == {}


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_every_private_answer_is_kept_and_found_by_nobody(method):
    """Also what is refused for want of a form's token, and what is not there."""
    stranger = Client(enforce_csrf_checks=True)
    wrong = {}

    for route in ROUTES:
        if route.is_open or ("(?" in route.pattern and not route.has_secret):
            continue
        headers = getattr(stranger, method)(address(route.pattern)).headers
        kept = not {"no-store", "no-cache", "private"} & set(re.split(r"[,\s]+", headers["Cache-Control"]))
        found = headers.get("X-Robots-Tag") != "noindex, nofollow"
        told = route.has_secret and headers["Referrer-Policy"] != "strict-origin"
        if kept or found or told:
            wrong[route.pattern] = dict(headers)

    assert wrong == {}


@pytest.mark.django_db
def test_a_secret_address_mistyped_is_private_too(client):
    for path in (f"/my/{SECRET}", f"/My/{SECRET}/", f"/nowhere/{SECRET}/"):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store", path
        assert headers["Referrer-Policy"] == "strict-origin", path


@pytest.mark.django_db
def test_open_pages_are_found(client, event):
    for path in ("/", "/e/showcase/", "/help/"):
        assert "X-Robots-Tag" not in client.get(path).headers, path


@pytest.mark.django_db
def test_crawlers_are_kept_from_all_that_is_private(client):
    told = re.findall(r"^Disallow: (.+)$", client.get("/robots.txt").content.decode(), re.MULTILINE)

    open_to_crawlers = [
        route.pattern
        for route in ROUTES
        if not route.is_open and not route.pattern.startswith(tuple(told)) and route.pattern.count("/") > 1
    ]
    kept_out = [route.pattern for route in ROUTES if route.is_open and route.pattern.startswith(tuple(told))]

    assert (open_to_crawlers, kept_out) == ([], [])
