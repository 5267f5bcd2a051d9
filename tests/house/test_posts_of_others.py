"""Does a form with a valid token change nothing for whoever may not, nor through another's door?

Every address of docs/access.csv is walked. test_access.py holds what each role gets; here the form's token is
asked for and right, and no statement may write.
"""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.domain.bookings import hold_space
from events.domain.feeds import make_feed
from events.models import Space
from tests import factories
from tests.house.access import FORMS, STAFF, World, path_for, table

pytestmark = [pytest.mark.thorough, pytest.mark.database]

TOKEN = "c" * 32
# What is written whoever asks: counts of tries, the session that remembers where somebody wanted to go.
NOT_THE_HOUSES = ("accounts_counteduse", "django_session", "usersessions_usersession")
WRITES = re.compile(r"^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)


def with_a_token(world: World, role: str) -> Client:
    """The same sign-in; forms are asked for their token, and carry it."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if role in world.users:
        client.force_login(world.users[role], backend="django.contrib.auth.backends.ModelBackend")
    client.cookies["csrf"] = TOKEN
    return client


def tried(world: World, role: str, address: str, method: str) -> tuple[int, str, set[str]]:
    """Status, where it led, and the tables that were written."""
    client, path, body = with_a_token(world, role), path_for(world, role, address), FORMS.get(address, "a=b")
    with CaptureQueriesContext(connection) as asked:
        answer = client.generic(
            method,
            path,
            body,
            content_type="application/x-www-form-urlencoded",
            HTTP_X_CSRFTOKEN=TOKEN,
        )
    written = {match[1] for one in asked.captured_queries if (match := WRITES.match(one["sql"]))}
    return answer.status_code, answer.headers.get("Location", ""), written - set(NOT_THE_HOUSES)


@pytest.mark.parametrize("role", STAFF)
def test_who_may_not_changes_nothing(world, db, role):
    refused = [
        (address, method)
        for (address, method), row in table().items()
        if method != "GET" and address.startswith("/desk/") and row[role] != "allow"
    ]

    wrong = {}
    for address, method in refused:
        status, where, written = tried(world, role, address, method)
        if written or (status not in {403, 404} and "/login/" not in where):
            wrong[f"{method} {address}"] = (status, where, written)

    assert wrong == {}
    assert refused or role in {"organiser", "administrator"}


@pytest.fixture
def elsewhere(world, db) -> World:
    """Every object is where it was; only what stands before it is another venue, edition or target."""
    now = timezone.now()
    hall = factories.make_space("other-hall", venue=factories.make_venue("other-works"), capacity=50)
    event = factories.make_event("other-day", starts_at=now + timedelta(days=30))
    other = {
        "/desk/venues/|slug": hall.venue.slug,
        "/desk/reach/schools/|slug": event.slug,
        "/desk/reach/|slug": "showcase-boroughs",
        "slug": event.slug,
    }
    crossed = World(**world.__dict__)
    crossed.arguments = {key: other.get(key, held) for key, held in world.arguments.items()}
    return crossed


@pytest.mark.parametrize("role", ["organiser", "administrator", "venue"])
def test_nothing_is_reached_through_anothers_door(elsewhere, role):
    below = [key for key in table() if re.match(r"/desk/.*<slug>.*<(?!slug)\w+>", key[0])]

    opened = {}
    for address, method in below:
        status, where, written = tried(elsewhere, role, address, method)
        if written or status not in {403, 404}:
            opened[f"{method} {address}"] = (status, where, written)

    assert len(below) > 15
    assert opened == {}


def test_a_venues_person_gets_nothing_of_another_venue(elsewhere):
    """Its booking, feed and closure, asked for at their own addresses."""
    now = timezone.now().replace(second=0, microsecond=0)
    hall, organiser = Space.objects.get(slug="other-hall"), elsewhere.users["organiser"]
    booking = hold_space(
        space=hall,
        layout=hall.layouts.get(),
        title="Rehearsal",
        people=20,
        held_by=organiser,
        starts_at=now + timedelta(days=9),
        ends_at=now + timedelta(days=9, hours=2),
        now=now,
    )
    feed, _ = make_feed(venue=hall.venue, label="Front desk", by=organiser, now=now)
    elsewhere.arguments |= {
        "/desk/venues/<slug>/feeds/|pk": feed.pk,
        "/desk/bookings/|pk": booking.pk,
        "/api/v1/bookings/|pk": booking.pk,
        "/desk/bookings/|slug": hall.slug,
        "space": hall.slug,
        "layout": hall.layouts.get().slug,
    }
    theirs = [key for key in table() if re.match(r"/desk/(venues/<slug>|bookings/<pk>)", key[0])]

    opened = {}
    for address, method in theirs:
        status, where, written = tried(elsewhere, "venue", address, method)
        if written or status not in {403, 404}:
            opened[f"{method} {address}"] = (status, where, written)

    assert len(theirs) > 20
    assert opened == {}
