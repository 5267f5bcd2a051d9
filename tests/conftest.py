"""What every test may ask for: a fixed moment, the cast, and API clients."""

import os
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from accounts.domain import rates
from accounts.throttles import TokenThrottle
from tests import factories
from tests.door.factories import TEN, make_phone, make_ticket
from tests.laid_database import copy_laid_database
from tests.typing_time import forms_sent_at_once

# Playwright's synchronous API runs an event loop in the test's thread.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.fixture
def noon() -> datetime:
    """A moment in the week before the cast's event: Tuesday 24 November 2026, 12:00 in London."""
    return NOON


@pytest.fixture(scope="session")
def django_db_keepdb():
    """On SQLite the database is there before pytest-django looks for it."""
    return settings.ON_SQLITE


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    if settings.ON_SQLITE:
        copy_laid_database(to=Path(settings.DATABASES["default"]["TEST"]["NAME"]))


@pytest.fixture(autouse=True, scope="session")
def quick_hashes():
    """PINs and passwords are hashed slowly for a guesser's sake; no test's result hangs on it."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path):
    """Nobody is erased in the ledger of whoever runs the tests."""
    settings.ERASURE_LEDGER = tmp_path / "erasures.log"
    return settings.ERASURE_LEDGER


@pytest.fixture(autouse=True)
def fresh_counts():
    """The throttles of one test know nothing of another's tries, whose tokens have the same numbers."""
    rates.reset()
    TokenThrottle._counts.clear()


@pytest.fixture
def event(db):
    """A published showcase edition in one week, with 50 places, for ages 11 to 25."""
    return factories.make_event()


@pytest.fixture
def organiser(db):
    return factories.make_user("organiser", name="Olive Organiser")


@pytest.fixture
def desk(client, organiser):
    """The client of a signed-in organiser."""
    client.force_login(organiser)
    return client


@pytest.fixture
def venue_person(db):
    """Speaks for the cast's venue, and for no other."""
    return factories.make_user("venue", name="Vera Venue")


@pytest.fixture
def board_member(db):
    return factories.make_user("board", name="Bea Board")


@pytest.fixture
def assert_statements():
    """Count the statements that read or write rows: what begins or ends a transaction is not counted."""

    @contextmanager
    def expect(number: int):
        with CaptureQueriesContext(connection) as captured:
            yield
        frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
        statements = [q["sql"] for q in captured if not q["sql"].startswith(frame)]
        assert len(statements) == number, "\n".join(statements)

    return expect


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """One of everything in the house, laid once for a module; its tests leave it as it is."""
    from tests.house.access import make_world

    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def pages(django_db_setup, django_db_blocker):
    """Every page of the house in each of its states, as a browser gets it;
    nothing of it stays in the database."""
    from tests.house.pages import make_pages

    with django_db_blocker.unblock(), transaction.atomic():
        gathered = make_pages()
        transaction.set_rollback(True)
    return gathered


@pytest.fixture
def quick_forms():
    """Nobody waits two seconds over a form."""
    with forms_sent_at_once():
        yield


@pytest.fixture
def open_event(db, settings, quick_forms):
    """In nine days of the real clock, as pages ask what time it is.

    Nobody waits two seconds; counts start anew.
    """
    rates.reset()
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    return factories.make_event(starts_at=timezone.now() + timedelta(days=9), capacity=200)


@pytest.fixture
def phone(event):
    """At the main gate of the cast's edition, which holds 600 at a time."""
    event.safe_capacity = 600
    event.save()
    return make_phone(event)


@pytest.fixture
def ada(event):
    return make_ticket(event, "Ada Lovelace")


@pytest.fixture
def supervisor(event):
    """A phone that a supervisor unlocked until noon."""
    return make_phone(event, name="Sue", supervisor_until=TEN + timedelta(hours=2))


@pytest.fixture
def welfare(event):
    return make_phone(event, name="Will", welfare_until=TEN + timedelta(hours=2))


@pytest.fixture
def open_day(db):
    """By the real clock: doors opened an hour ago."""
    return factories.make_event(
        "open-day", starts_at=timezone.now() - timedelta(minutes=30), safe_capacity=600
    )
