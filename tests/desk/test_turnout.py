"""Does the expected turn-out follow past editions, and do more places go to the queue first?"""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from desk.domain.capacity_release import BeyondSeats, set_places
from desk.domain.turnout import expected_turnout, wilson
from door.domain.admission import admit
from events.domain.bookings import hold_space
from events.domain.planning import BelowRegistered
from foundation.refusals import InvalidInput
from outbox.models import Message
from tests import factories
from tests.door.factories import make_phone, make_scan
from tickets.domain import waiting_list
from tickets.models import WaitingListEntry


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def event(db, now):
    return factories.make_event(starts_at=now + timedelta(days=7), capacity=2, safe_capacity=70)


@pytest.fixture
def past(db, now):
    """Ten valid tickets, six came."""
    event = factories.make_event("past", starts_at=now - timedelta(hours=6), ends_at=now - timedelta(hours=1))
    tickets = [
        factories.sign_up(event, f"Person{number} Example", now=now - timedelta(days=2))
        for number in range(10)
    ]
    phone = make_phone(event)
    for ticket in tickets[:6]:
        admit(scan=make_scan(ticket, event.starts_at), device=phone, now=event.starts_at)
    return event


def test_without_a_past_event_nothing_is_promised(event, now):
    assert expected_turnout(event=event, now=now) is None


def test_the_share_and_its_range_come_from_past_events(event, past, now):
    factories.sign_up(event, "Ada Example", now=now)

    turnout = expected_turnout(event=event, now=now)

    assert (turnout.share, [(one.tickets, one.came) for one in turnout.past]) == (0.6, [(10, 6)])
    assert turnout.low < 0.6 < turnout.high
    assert (turnout.expected, turnout.at_least, turnout.at_most) == (1, 0, 1)
    assert (turnout.of(100).expected, turnout.of(100).at_least, turnout.of(100).at_most) == (60, 31, 84)


@pytest.mark.parametrize(
    ("hits", "tries", "low", "high"), [(0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (50, 100, 0.404, 0.596)]
)
def test_the_interval_is_wilsons(hits, tries, low, high):
    assert wilson(hits, tries) == (pytest.approx(low, abs=0.001), pytest.approx(high, abs=0.001))


def test_more_places_go_to_the_queue_first(event, organiser, now):
    for name in ("Ada Example", "Ben Example"):
        factories.sign_up(event, name, now=now)
    waiting_list.join(event=event, email="wim@example.org", party_size=2, now=now)

    set_places(event=event, capacity=5, by=organiser, now=now)

    event.refresh_from_db()
    assert WaitingListEntry.objects.get().state == "offered"
    assert (event.capacity, event.places_taken, event.places_left) == (5, 4, 1)


def test_nobody_loses_a_place_silently(event, organiser, now):
    factories.sign_up(event, now=now)

    with pytest.raises(BelowRegistered):
        set_places(event=event, capacity=0, by=organiser, now=now)

    event.refresh_from_db()
    assert event.capacity == 2


def test_more_than_the_seats_is_a_choice_and_more_than_is_safe_is_none(event, organiser, now):
    space = factories.make_space(capacity=40, safe_capacity=90)
    start = event.starts_at.replace(minute=0, second=0, microsecond=0)
    hold_space(
        space=space,
        layout=space.layouts.get(),
        title="Hall",
        people=40,
        event=event,
        held_by=organiser,
        starts_at=start,
        ends_at=start + timedelta(hours=5),
        now=now,
    )

    with pytest.raises(BeyondSeats):
        set_places(event=event, capacity=60, by=organiser, now=now)
    with pytest.raises(InvalidInput, match="inside at one time"):
        set_places(event=event, capacity=71, by=organiser, now=now, beyond_seats=True)
    set_places(event=event, capacity=60, by=organiser, now=now, beyond_seats=True)

    event.refresh_from_db()
    assert event.capacity == 60
    assert LogEntry.objects.filter(additional_data__did__startswith="gave out 60 places").exists()


def test_the_page_asks_whether_it_is_meant(client, event, past, organiser, now):
    client.force_login(organiser)
    url = f"/desk/events/{event.slug}/places/"

    page = client.get(url).content.decode()
    unsafe = client.post(url, {"capacity": "71"})
    done = client.post(url, {"capacity": "50"})

    assert "60 %" in page
    assert unsafe.status_code == 422
    assert done.status_code == 302


def keep(client, **changes):
    asked = {"organisation": "Example High School", "email": "head@example.org", "places": "10", "days": "7"}
    fields = {f"keep-{name}": value for name, value in (asked | changes).items()}
    return client.post("/desk/events/showcase/places/", fields | {"keep": "yes"})


def test_places_are_kept_for_a_school_which_is_told(client, event, organiser):
    before = event.places_taken
    client.force_login(organiser)

    answer = keep(client, places="2")

    entry = WaitingListEntry.objects.get()
    event.refresh_from_db()
    assert answer.status_code == 302
    assert (entry.organisation, entry.party_size) == ("Example High School", 2)
    assert entry.state == WaitingListEntry.State.OFFERED
    assert event.places_taken == before + 2
    assert Message.objects.filter(purpose="offer", key=f"waiting:{entry.pk}").count() == 1


@pytest.mark.parametrize("changes", [{"places": "51"}, {"places": "0"}, {"email": "nobody"}, {"days": "x"}])
def test_keeping_what_cannot_be_kept_is_refused_in_words(client, event, organiser, changes):
    client.force_login(organiser)

    answer = keep(client, **changes)

    assert answer.status_code == 422
    assert WaitingListEntry.objects.count() == 0
