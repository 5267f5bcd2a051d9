"""Can an organiser plan, publish and fill an edition, and nobody else?"""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import Event, Exhibitor, Session
from tests import factories
from tests.page_text import page_text


@pytest.fixture
def event(db):
    return factories.make_event(
        starts_at=timezone.now().replace(hour=10, minute=0, second=0, microsecond=0) + timedelta(days=7)
    )


@pytest.fixture
def draft(event):
    event.status = Event.Status.DRAFT
    event.save()
    return event


def answers(**more):
    factories.make_series()
    factories.make_venue()
    return {
        "series": "skills-showcase",
        "title": "Showcase 2027",
        "slug": "",
        "venue": "example-works",
        "starts_at": "2027-06-01T09:30",
        "ends_at": "2027-06-01T14:30",
        "doors_open_at": "",
        "capacity": "120",
        "guardian_rule": "confirm",
        "min_age": "11",
        "max_age": "25",
    } | more


def session_answers(event, **more):
    at = timezone.localtime(event.starts_at)
    return {
        "title": "Games workshop",
        "starts_at": f"{at:%Y-%m-%dT%H:%M}",
        "ends_at": f"{at + timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "capacity": "12",
    } | more


def test_a_time_that_happens_twice_asks_which_and_keeps_the_answer(desk):
    night = answers(starts_at="2027-10-31T01:30", ends_at="2027-10-31T05:00")

    asked = desk.post("/desk/events/new/", night)
    desk.post("/desk/events/new/", night | {"starts_at_which": "second"})

    event = Event.objects.get()
    assert asked.status_code == 422
    assert "01:30 happens twice on 31 October 2027" in asked.content.decode()
    assert asked.content.count(b'name="starts_at_which"') == 2
    assert b'name="ends_at_which"' not in asked.content
    assert event.starts_at.isoformat() == "2027-10-31T01:30:00+00:00"
    again = page_text(desk.get(f"/desk/events/{event.slug}/plan/"))
    assert 'value="second" id="id_starts_at_second" checked' in again


def test_an_event_is_planned_as_a_draft(desk):
    done = desk.post("/desk/events/new/", answers())

    event = Event.objects.get()
    assert done["Location"] == "/desk/events/showcase-2027/"
    assert (event.status, event.capacity, event.doors_open_at) == (
        "draft",
        120,
        event.starts_at - timedelta(minutes=30),
    )
    assert timezone.localtime(event.starts_at).hour == 9
    assert b"Publish" in desk.get(done["Location"]).content


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ({"title": ""}, b"Enter title"),
        ({"title": "a\x00b"}, b"cannot be shown"),
        ({"title": "a\x07b"}, b"cannot be shown"),
        ({"ends_at": "2027-06-01T08:00"}, b"after the start"),
        ({"starts_at": "2027-03-28T01:30"}, b"does not exist"),
        ({"starts_at": "2027-10-31T01:30"}, b"happens twice"),
        ({"starts_at": "nonsense"}, b"like 01/12/2027"),
        ({"capacity": "99999999999999999999"}, b"whole number"),
        ({"capacity": "-1"}, b"whole number"),
        ({"slug": "new"}, b"Another event has this address"),
        ({"slug": "not ok!"}, b"letters, digits and hyphens"),
        ({"min_age": "30"}, b"must not be below"),
        ({"series": "nowhere"}, b"Choose one of the list"),
        ({"venue": "x' OR 1=1"}, b"Choose one of the list"),
        ({"strands": "nowhere"}, b"Choose from the list"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_written(desk, fault, words):
    page = desk.post("/desk/events/new/", answers(**fault))

    assert page.status_code == 422
    assert words in page.content
    assert b"Error: " in page.content
    assert not Event.objects.exists()


def test_a_draft_changes_as_one_likes_but_promises_stand(desk, event):
    url = f"/desk/events/{event.slug}/plan/"

    desk.post(url, answers(title="Another title", starts_at="2027-01-01T09:00", capacity="7"))

    before = event.starts_at
    event.refresh_from_db()
    assert (event.title, event.starts_at, event.capacity) == ("Another title", before, 50)
    assert b"people count on them" in desk.get(url).content


def test_publishing_warns_and_then_opens(desk, draft):
    asked = desk.get(f"/desk/events/{draft.slug}/publish/")
    done = desk.post(f"/desk/events/{draft.slug}/publish/", follow=True)

    draft.refresh_from_db()
    assert b"No space is booked" in asked.content
    assert b"public" in done.content
    assert draft.status == Event.Status.PUBLISHED


def test_publishing_without_places_is_refused_in_words(desk, draft):
    Event.objects.update(capacity=0)

    done = desk.post(f"/desk/events/{draft.slug}/publish/", follow=True)

    draft.refresh_from_db()
    assert b"Say how many places there are" in done.content
    assert draft.status == Event.Status.DRAFT


def test_a_session_is_planned_changed_and_removed(desk, event):
    base = f"/desk/events/{event.slug}"
    desk.post(f"{base}/sessions/new/", session_answers(event))
    desk.post(f"{base}/sessions/new/", session_answers(event))
    desk.post(
        f"{base}/sessions/games-workshop/edit/", session_answers(event, title="Level design", capacity="20")
    )

    assert sorted(Session.objects.values_list("slug", "title", "capacity")) == [
        ("games-workshop", "Level design", 20),
        ("games-workshop-2", "Games workshop", 12),
    ]
    desk.post(f"{base}/sessions/games-workshop/remove/")
    assert Session.objects.count() == 1


def test_a_session_outside_the_day_is_refused(desk, event):
    page = desk.post(
        f"/desk/events/{event.slug}/sessions/new/", session_answers(event, starts_at="2027-01-01T09:00")
    )

    assert page.status_code == 422
    assert not Session.objects.exists()


def test_a_chosen_session_keeps_its_time_its_places_and_its_people(desk, event):
    session = factories.make_session(event, after_minutes=0, capacity=5)
    factories.sign_up(event, now=timezone.now(), sessions=[session.slug])
    url = f"/desk/events/{event.slug}/sessions/{session.slug}"
    later = timezone.localtime(event.starts_at + timedelta(minutes=30))

    moved = desk.post(f"{url}/edit/", session_answers(event, starts_at=f"{later:%Y-%m-%dT%H:%M}"))
    removed = desk.post(f"{url}/remove/", follow=True)

    before = (session.starts_at, session.ends_at)
    session.refresh_from_db()
    assert moved.status_code == 422
    assert b"have chosen this session" in moved.content
    assert b"cannot be taken away" in removed.content
    assert (session.starts_at, session.ends_at) == before


def test_exhibitors_come_and_go(desk, event):
    base = f"/desk/events/{event.slug}"
    desk.post(f"{base}/exhibitors/new/", {"name": "Example Studios", "roles_shown": "runner"})
    double = desk.post(f"{base}/exhibitors/new/", {"name": "Example Studios"})
    desk.post(f"{base}/exhibitors/example-studios/edit/", {"name": "Example Studios North"})

    assert double.status_code == 422
    assert list(Exhibitor.objects.values_list("slug", "name")) == [
        ("example-studios", "Example Studios North")
    ]
    desk.post(f"{base}/exhibitors/example-studios/remove/")
    assert not Exhibitor.objects.exists()


def test_another_events_session_is_not_found(desk, event):
    other = factories.make_session(factories.make_event("other"))

    assert desk.get(f"/desk/events/{event.slug}/sessions/{other.slug}/edit/").status_code == 404


PAGES = [
    "new/",
    "{}/plan/",
    "{}/publish/",
    "{}/programme/",
    "{}/sessions/new/",
    "{}/sessions/{}/edit/",
    "{}/sessions/{}/remove/",
    "{}/exhibitors/new/",
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", ["", "supervisor", "welfare", "venue", "board"])
def test_only_an_organiser_plans(client, event, page, role):
    session = factories.make_session(event)
    url = "/desk/events/" + page.format(event.slug, session.slug)

    assert client.get(url).status_code == 302
    client.force_login(factories.make_user(role))
    assert client.get(url).status_code == 403
    assert client.post(url, answers()).status_code in {403, 405}


def test_the_wrong_method_is_refused(desk, event):
    for url in ("", f"{event.slug}/", f"{event.slug}/programme/"):
        assert desk.post(f"/desk/events/{url}").status_code == 405
    assert desk.delete("/desk/events/new/").status_code == 405


@pytest.mark.parametrize("editions", [1, 3])
def test_the_list_costs_the_same(desk, event, editions, django_assert_num_queries):
    for number in range(editions - 1):
        factories.make_event(f"more-{number}")

    with django_assert_num_queries(5):
        page = desk.get("/desk/events/")

    assert page.content.count(b'<th scope="row">') == editions


@pytest.mark.parametrize("sessions", [1, 3])
def test_the_event_page_costs_the_same(desk, event, sessions, django_assert_num_queries):
    for number in range(sessions):
        factories.make_session(event, f"session-{number}")

    with django_assert_num_queries(20):
        desk.get(f"/desk/events/{event.slug}/")
