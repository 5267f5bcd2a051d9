"""A venue at the desk: a whole with two halls, one of them booked, and who may see it."""

from datetime import timedelta

from django.test import Client

from events.domain.bookings import hold_space
from tests import factories

TEN = factories.DAY.replace(hour=10, minute=0)


def sign_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def hold(space, user, now, **fields):
    fields = {
        "title": "Showcase One",
        "starts_at": TEN,
        "ends_at": TEN + timedelta(hours=4),
        "people": 40,
        "layout": space.layouts.get(slug="theatre"),
    } | fields
    return hold_space(space=space, held_by=user, now=now, **fields)


def answers(**fields) -> dict:
    """What the hold form is sent: 1 December 2026, 10:00 to 14:00."""
    return {
        "title": "Showcase One",
        "starts_date": "2026-12-01",
        "starts_time": "10:00",
        "ends_time": "14:00",
        "people": "40",
        "layout": "theatre",
    } | fields
