"""Does the desk's first page show each role what waits for it, and no more?"""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import Booking, Event
from outbox.models import Message
from tests import factories


@pytest.fixture
def event(db):
    return factories.make_event(starts_at=timezone.now() + timedelta(days=7))


def held(event, *, days=1):
    space = factories.make_space()
    return Booking.objects.create(
        space=space,
        title="Showcase build",
        people=40,
        event=event,
        held_by=factories.make_user("organiser"),
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        blocked_from=event.starts_at,
        blocked_until=event.ends_at,
        hold_until=timezone.now() + timedelta(days=days),
        created_at=timezone.now(),
    )


def test_the_organiser_sees_events_and_what_waits(client, organiser, event):
    factories.sign_up(event, now=timezone.now())
    factories.sign_up(event, "Ben Example", age=14, now=timezone.now())
    held(event)
    Message.objects.create(
        purpose="registered",
        key="x",
        message_id="<x>",
        state="failed",
        due_at=timezone.now(),
        created_at=timezone.now(),
    )
    client.force_login(organiser)

    page = client.get("/desk/").content.decode()

    assert "A hold lapses" in page
    assert "1 mail could not be delivered" in page
    assert "1 guardian has not answered" in page
    assert ">2 <progress" in page


def test_a_venues_person_sees_their_own_holds_alone(client, venue_person, event):
    held(event)
    client.force_login(venue_person)

    before = client.get("/desk/").content.decode()
    factories.make_venue().people.add(venue_person)
    after = client.get("/desk/").content.decode()

    assert "A hold lapses" not in before
    assert event.title not in before
    assert "A hold lapses" in after
    assert event.title in after


@pytest.mark.parametrize("role", ["supervisor", "welfare", "board"])
def test_other_roles_see_no_draft_and_no_mail(client, role, event):
    factories.make_event(
        "secret-draft", title="Secret draft", status=Event.Status.DRAFT, starts_at=event.starts_at
    )
    client.force_login(factories.make_user(role))

    page = client.get("/desk/").content.decode()

    assert event.title in page
    assert "Secret draft" not in page
    assert "delivered" not in page


def test_an_empty_desk_says_what_to_do_next(client, organiser):
    client.force_login(organiser)

    assert b"Plan an edition" in client.get("/desk/").content


def test_strangers_and_wrong_methods_are_refused(client, organiser, event):
    assert client.get("/desk/").status_code == 302
    client.force_login(factories.make_user())
    assert client.get("/desk/").status_code == 403
    client.force_login(organiser)
    assert client.post("/desk/").status_code == 405


@pytest.mark.parametrize("editions", [1, 3])
def test_the_page_costs_the_same_for_one_and_three(
    client, organiser, event, editions, django_assert_num_queries
):
    for number in range(editions - 1):
        factories.make_event(f"more-{number}", starts_at=event.starts_at)
    client.force_login(organiser)

    with django_assert_num_queries(18):
        client.get("/desk/")


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("organiser", {"events", "bookings", "venues", "door", "reach"}),
        ("supervisor", {"events", "door"}),
        ("welfare", {"events", "door"}),
        ("venue", {"events", "bookings", "venues"}),
        ("board", {"events", "reach"}),
    ],
)
def test_the_way_round_the_desk_shows_only_what_opens(client, db, role, shown):
    client.force_login(factories.make_user(role))
    page = client.get("/desk/").content.decode()
    nav = page.split('aria-label="Desk"')[1].split("</nav>")[0]

    there = {name for name in ("events", "bookings", "venues", "door", "reach") if f"/desk/{name}/" in nav}

    assert there == shown
    assert {name for name in there if client.get(f"/desk/{name}/").status_code != 200} == set()
