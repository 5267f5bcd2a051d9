"""What the tests of this floor may ask for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import cast
from tests.tickets.door_cast import TEN, make_phone, make_ticket


@pytest.fixture
def open_edition(db, settings):
    """In nine days of the real clock, as pages ask what time it is. Nobody waits two seconds; counts start anew."""
    from accounts.domain.rates import reset

    reset()
    settings.GUARD_FORMS = False
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    return cast.make_edition(starts_at=timezone.now() + timedelta(days=9), capacity=200)


@pytest.fixture
def phone(edition):
    """At the main gate of the cast's edition, which holds 600 at a time."""
    edition.safe_capacity = 600
    edition.save()
    return make_phone(edition)


@pytest.fixture
def ada(edition):
    return make_ticket(edition, "Ada Lovelace")


@pytest.fixture
def supervisor(edition):
    """A phone that a supervisor unlocked until noon."""
    return make_phone(edition, name="Sue", supervisor_until=TEN + timedelta(hours=2))


@pytest.fixture
def welfare(edition):
    return make_phone(edition, name="Will", welfare_until=TEN + timedelta(hours=2))


@pytest.fixture
def open_day(db):
    """By the real clock: doors opened an hour ago."""
    return cast.make_edition("open-day", starts_at=timezone.now() - timedelta(minutes=30), safe_capacity=600)
