"""Do the pages that copy, move, cancel and close say whom they touch before they do it?"""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import Event
from tests import factories
from tests.desk.test_event_changes import event, full, hall, now  # noqa: F401  the same people
from tests.page_text import page_text


def wall(moment):
    return f"{timezone.localtime(moment):%Y-%m-%dT%H:%M}"


def base(of):
    return f"/desk/events/{of.slug}"


def test_cancelling_asks_first_and_names_who_is_touched(desk, full, hall):  # noqa: F811
    asked = page_text(desk.get(f"{base(full)}/cancel/"))
    empty = desk.post(f"{base(full)}/cancel/", {"reason": ""})
    done = desk.post(f"{base(full)}/cancel/", {"reason": "The roof leaks."}, follow=True).content.decode()

    assert "3 tickets of 3 registrations" in asked
    assert "1 guardian" in asked
    assert "1 party" in asked
    assert "Example hall" in asked
    assert empty.status_code == 422
    assert "Everybody is being told" in done
    assert "The roof leaks." in done


def test_moving_shows_what_it_touches_and_moves_only_when_sure(desk, full, hall):  # noqa: F811
    there = {
        "starts_at": wall(full.starts_at + timedelta(days=1)),
        "ends_at": wall(full.ends_at + timedelta(days=1)),
        "venue": "example-works",
    }
    desk.get(f"{base(full)}/move/")
    asked = desk.post(f"{base(full)}/move/", there).content.decode()
    unmoved = Event.objects.get(pk=full.pk).starts_at
    desk.post(f"{base(full)}/move/", there | {"sure": "yes"})

    assert "3 registrations" in asked
    assert "moves to" in asked
    assert unmoved == full.starts_at
    assert Event.objects.get(pk=full.pk).starts_at == full.starts_at + timedelta(days=1)


def test_a_move_to_nonsense_is_refused_in_words(desk, full):  # noqa: F811
    page = desk.post(
        f"{base(full)}/move/",
        {"starts_at": "x", "ends_at": wall(full.ends_at), "venue": "nowhere", "sure": "yes"},
    )

    assert page.status_code == 422
    assert b"Choose one of the list" in page.content


def test_a_session_moves_on_a_page_of_its_own(desk, full):  # noqa: F811
    url = f"{base(full)}/sessions/games-workshop"
    there = {
        "starts_at": wall(full.starts_at + timedelta(hours=2)),
        "ends_at": wall(full.starts_at + timedelta(hours=3)),
    }

    told = desk.get(f"{url}/edit/").content.decode()
    asked = desk.get(f"{url}/move/").content.decode()
    nonsense = desk.post(f"{url}/move/", {"starts_at": "x", "ends_at": ""})
    desk.post(f"{url}/move/", there)

    assert "so that they are told" in told
    assert "1 person chose it" in asked
    assert nonsense.status_code == 422
    assert full.sessions.get().starts_at == full.starts_at + timedelta(hours=2)


def test_copying_makes_a_draft(desk, full):  # noqa: F811
    taken = desk.post(
        f"{base(full)}/copy/",
        {"title": "Next", "slug": full.slug, "starts_at": wall(full.starts_at + timedelta(days=364))},
    )
    done = desk.post(
        f"{base(full)}/copy/",
        {"title": "Next", "slug": "next", "starts_at": wall(full.starts_at + timedelta(days=364))},
    )

    assert taken.status_code == 422
    assert done["Location"] == "/desk/events/next/"


def test_closing_waits_for_the_day_and_then_closes(desk, full):  # noqa: F811
    early = desk.post(f"{base(full)}/close/", {})
    Event.objects.update(
        starts_at=timezone.now() - timedelta(hours=9),
        ends_at=timezone.now() - timedelta(hours=4),
        doors_open_at=timezone.now() - timedelta(hours=10),
    )
    desk.post(f"{base(full)}/close/", {})

    full.refresh_from_db()
    assert early.status_code == 422
    assert full.status == "closed"


@pytest.mark.parametrize(
    "page", ["copy", "move", "cancel", "close", "places", "sessions/games-workshop/move"]
)
@pytest.mark.parametrize("role", ["", "supervisor", "welfare", "venue", "board"])
def test_only_an_organiser_may(client, full, page, role):  # noqa: F811
    url = f"{base(full)}/{page}/"

    assert client.get(url).status_code == 302
    client.force_login(factories.make_user(role))
    assert client.get(url).status_code == 403
    assert client.post(url, {"reason": "Because", "sure": "yes"}).status_code == 403
    full.refresh_from_db()
    assert full.status == "published"


def test_the_wrong_method_is_refused(desk, full):  # noqa: F811
    for page in ("copy", "move", "cancel", "close", "places"):
        assert desk.put(f"{base(full)}/{page}/").status_code == 405
