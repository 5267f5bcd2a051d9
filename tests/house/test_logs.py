"""Is a log line useful to whoever runs the house, and useless to whoever steals it? (PR-16, SE-24)"""

import json
import logging
import sys

import pytest

from config.logs import JsonFormatter, TextFormatter, masked
from tests import factories
from tickets.domain import codes

SECRET = "kjx7ajt2ycq6hgp4mfz3wne5rb"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"Not Found: /my/{SECRET}/data/", "Not Found: /my/…/data/"),
        (f"/guardian/{SECRET}/ and /T/{SECRET.upper()}", "/guardian/…/ and /T/…"),
        ("mail to ada@example.org failed", "mail to …@… failed"),
        ("DETAIL:  Key (name)=(Ada Example) already exists.", "DETAIL: …"),
        (f"Bearer door_{SECRET}", "Bearer door_…"),
        ("/e/showcase/register/", "/e/showcase/register/"),
    ],
)
def test_what_opens_something_is_masked(text, shown):
    assert masked(text) == shown


def record(message: str, **extra) -> logging.LogRecord:
    try:
        raise ValueError("for ada@example.org")
    except ValueError:
        fault = sys.exc_info()
    made = logging.LogRecord("requests", logging.INFO, __file__, 1, message, (), fault)
    made.__dict__.update(extra)
    return made


def test_a_json_line_has_its_fields_and_no_address():
    line = json.loads(
        JsonFormatter().format(record("hello", route="/my/<secret:secret>/", status=200, ms=1.5))
    )

    assert (line["message"], line["route"], line["status"], line["ms"]) == (
        "hello",
        "/my/<secret:secret>/",
        200,
        1.5,
    )
    assert "ada@" not in line["exception"]
    assert "ValueError" in line["exception"]


def test_a_text_line_has_no_address():
    assert "ada@" not in TextFormatter("{message}", style="{").format(record("hello"))


@pytest.mark.django_db
def test_a_request_is_logged_by_its_route(client, event, caplog):
    secret = codes.owner_secret(
        factories.sign_up(event, "Ada Canary", email="ada.canary@example.org").registration
    )

    with caplog.at_level(logging.INFO):
        client.get(f"/my/{secret}/")
        client.get(f"/my/{'b' * 26}/")
        client.post(f"/my/{secret}/cancel/")

    text = "\n".join(f"{one.getMessage()} {one.__dict__}" for one in caplog.records if one.name == "requests")
    assert "GET /my/<secret:secret>/ 200" in text
    assert "GET /my/<secret:secret>/ 404" in text
    assert "POST /my/<secret:secret>/cancel/ 302" in text
    for word in (secret, "b" * 26, "canary", "Canary"):
        assert word not in text


@pytest.mark.django_db
def test_a_fault_is_logged_and_shows_nothing(client, event, monkeypatch, caplog):
    client.raise_request_exception = False
    monkeypatch.setattr("tickets.views.public.with_places_open", lambda **_: 1 / 0)

    answer = client.get("/e/showcase/")

    assert answer.status_code == 500
    for word in ("Traceback", "ZeroDivision", "SELECT", ".py", "Django"):
        assert word not in answer.content.decode()
    assert any(one.exc_info for one in caplog.records if one.name == "django.request")
