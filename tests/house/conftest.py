"""The demo, planted once for each module that asks for it and gone after it."""

import pytest
from django.db import transaction
from django.utils import timezone

from config.demo.seed import plant_demo


@pytest.fixture(scope="module")
def demo_at(django_db_setup, django_db_blocker):
    """The moment at which the demo was planted; tests of the module share it and leave it alone."""
    now = timezone.now()
    with django_db_blocker.unblock(), transaction.atomic():
        plant_demo(now=now)
        yield now
        transaction.set_rollback(True)


@pytest.fixture
def demo(demo_at, db):
    return demo_at
