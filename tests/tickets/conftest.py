"""What the tests of this floor may ask for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import cast


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
