"""How do tests walk the public way: the pages of the form, one after the other?"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import cast


@pytest.fixture(autouse=True)
def no_waiting(settings, db):
    """Nobody waits two seconds, and every count starts anew."""
    from accounts.domain.rates import reset

    reset()
    settings.GUARD_FORMS = False
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture
def open_edition(db):
    """In nine days of the real clock: pages ask what time it is."""
    return cast.make_edition(starts_at=timezone.now() + timedelta(days=9), capacity=200)


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())[1]


def WAY(client, event, age, *, step, **answers):  # noqa: N802  stands for the whole way to one step
    """The page that answers one step of a fresh form."""
    url = f"/e/{event.slug}/register/"
    return client.post(url, {"stamp": hidden(client.get(url), "stamp"), "age": age, "step": step} | answers)


def walk(client, event, age, *, stamp="", **answers):
    """Age, details, check, ticket: the page to check, and the answer to "Get my ticket"."""
    url = f"/e/{event.slug}/register/"
    steps = {"stamp": stamp or hidden(client.get(url), "stamp"), "age": age}
    client.post(url, steps | {"step": "age"})
    check = client.post(url, steps | {"step": "check"} | answers)
    return check, client.post(url, steps | {"step": "confirm"} | answers)


def answers_for(age: int, **more):
    """What somebody of this age fills in, without anything optional."""
    answers = {"name": "Ada Example", "borough": "liverpool"}
    if age >= 13:
        answers["email"] = "ada@example.org"
    if age < 16:
        answers |= {"guardian_name": "Gail Guardian", "guardian_email": "gail@example.org"}
    elif age < 18:
        answers |= {"emergency_contact_name": "Ed Example", "emergency_contact_phone": "01632 960 001"}
    return answers | more
