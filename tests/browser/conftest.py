"""The day that is on while a door phone is tried."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories
from tests.door.factories import make_ticket


@pytest.fixture
def open_day(db):
    starts_at = timezone.now() - timedelta(minutes=30)
    return factories.make_event("open-day", starts_at=starts_at, safe_capacity=600, title="Open Day")


@pytest.fixture
def ada(open_day):
    return make_ticket(open_day, "Ada Lovelace")
