"""Is whoever waits the longest served first, never beyond what is free, and before the public form?"""

from datetime import timedelta

import pytest
from django.utils import timezone

from events.models import Event
from foundation.refusals import InvalidInput
from outbox.models import Message
from tests import factories
from tests.page_text import page_text
from tickets.domain.changes import cancel_ticket
from tickets.domain.places import EventFull, SessionFull, free_places, with_places_open
from tickets.domain.registration import Attendee, Contact, register
from tickets.domain.session_choices import choose_sessions, session_choices
from tickets.domain.waiting_list import (
    OFFER_TIME,
    SHORT_OFFER_TIME,
    OfferOver,
    entry_of,
    join,
    join_session,
    leave,
    make_offers,
    offer_to_school,
    position,
    register_offered,
    take_session,
)
from tickets.models import SessionPlace, WaitingListEntry

pytestmark = pytest.mark.database

WIL = Contact(name="Wil Example", email="wil@example.org")


def person(name="Wil Example"):
    return Attendee(name=name, age=19, borough="wirral")


@pytest.fixture
def long_before(event):
    """Nine days before the doors: offers last a day."""
    return event.starts_at - timedelta(days=9)


@pytest.fixture
def full(db):
    event = factories.make_event("full", capacity=2)
    early = event.starts_at - timedelta(days=9)
    tickets = [factories.sign_up(event, name, now=early) for name in ("Ada Example", "Bo Example")]
    event.refresh_from_db()
    return event, tickets, early


def wait(event, size=1, *, now, email="wil@example.org", key=""):
    return join(event=event, email=email, party_size=size, now=now, key=key)[0]


def test_a_place_that_comes_free_is_offered_to_the_first_and_held(full):
    event, tickets, now = full
    first, second = wait(event, now=now), wait(event, now=now)
    assert (position(entry=first), position(entry=second)) == (1, 2)

    cancel_ticket(ticket=tickets[0], now=now)
    make_offers(now=now)

    for one in (first, second, event):
        one.refresh_from_db()
    assert (first.state, second.state, event.places_taken) == ("offered", "waiting", 2)
    assert first.offer_until == now + OFFER_TIME
    assert position(entry=second) == 1
    assert Message.objects.filter(purpose="offer").count() == 1


def test_near_the_day_an_offer_is_short(full):
    event, tickets, now = full
    near = event.doors_open_at - timedelta(hours=20)
    entry = wait(event, now=now)
    cancel_ticket(ticket=tickets[0], now=near)

    make_offers(now=near)

    entry.refresh_from_db()
    assert entry.offer_until == near + SHORT_OFFER_TIME


def test_a_free_place_belongs_to_the_queue_and_not_to_the_public_form(full):
    event, tickets, now = full
    wait(event, now=now)
    cancel_ticket(ticket=tickets[0], now=now)

    with pytest.raises(EventFull) as refused:
        register(event=event, lead=WIL, vouched_by="registrar", attendees=[person()], now=now)

    assert refused.value.details == {"places_left": 0}


def test_a_raised_capacity_serves_the_queue_first(full):
    event, _, now = full
    entry = wait(event, now=now)
    event.capacity = 3
    event.save()

    with pytest.raises(EventFull):
        register(event=event, lead=WIL, vouched_by="registrar", attendees=[person()], now=now)
    make_offers(now=now)

    entry.refresh_from_db()
    assert entry.state == "offered"


def test_a_party_is_neither_split_nor_overtaken(full):
    event, tickets, now = full
    pair, single = wait(event, 2, now=now), wait(event, now=now)
    cancel_ticket(ticket=tickets[0], now=now)

    make_offers(now=now)
    pair.refresh_from_db()
    single.refresh_from_db()
    assert (pair.state, single.state) == ("waiting", "waiting")
    cancel_ticket(ticket=tickets[1], now=now)
    make_offers(now=now)

    pair.refresh_from_db()
    assert pair.state == "offered"


def test_an_offer_is_taken_one_by_one_and_numbers_its_tickets_then(full):
    event, tickets, now = full
    entry = wait(event, 2, now=now)
    for ticket in tickets:
        cancel_ticket(ticket=ticket, now=now)
    make_offers(now=now)

    first = register_offered(entry=entry, lead=WIL, vouched_by="network", attendees=[person()], now=now)
    second = register_offered(
        entry=entry, lead=WIL, vouched_by="network", attendees=[person("Xu Example")], now=now
    )

    entry.refresh_from_db()
    event.refresh_from_db()
    assert [one.tickets[0].serial for one in (first, second)] == [3, 4]
    assert (entry.state, entry.places_used, event.places_taken) == ("taken", 2, 2)
    with pytest.raises(OfferOver):
        register_offered(
            entry=entry, lead=WIL, vouched_by="network", attendees=[person("Yu Example")], now=now
        )


def test_an_offer_that_was_used_in_part_gives_back_only_the_rest(full):
    event, tickets, now = full
    entry = wait(event, 2, now=now)
    for ticket in tickets:
        cancel_ticket(ticket=ticket, now=now)
    make_offers(now=now)
    register_offered(entry=entry, lead=WIL, vouched_by="network", attendees=[person()], now=now)

    make_offers(now=now + OFFER_TIME)

    event.refresh_from_db()
    entry.refresh_from_db()
    assert (entry.state, event.places_taken) == ("expired", 1)


def test_an_offer_taken_in_the_second_in_which_it_ends_is_over(full):
    event, tickets, now = full
    entry, other = wait(event, now=now), wait(event, now=now)
    cancel_ticket(ticket=tickets[0], now=now)
    make_offers(now=now)
    entry.refresh_from_db()

    with pytest.raises(OfferOver):
        register_offered(
            entry=entry, lead=WIL, vouched_by="network", attendees=[person()], now=entry.offer_until
        )
    make_offers(now=entry.offer_until)

    for one in (entry, other, event):
        one.refresh_from_db()
    assert (entry.state, other.state, event.places_taken) == ("expired", "offered", 2)


def test_leaving_gives_the_offered_place_to_the_next(full):
    event, tickets, now = full
    entry, other = wait(event, now=now), wait(event, now=now)
    cancel_ticket(ticket=tickets[0], now=now)
    make_offers(now=now)

    leave(entry=entry, now=now)
    leave(entry=entry, now=now)
    make_offers(now=now)

    other.refresh_from_db()
    event.refresh_from_db()
    assert (other.state, event.places_taken) == ("offered", 2)


def test_the_same_form_joins_once(full):
    event, _, now = full

    assert wait(event, now=now, key="k1") == wait(event, now=now, key="k1")
    assert wait(event, now=now, key="k2") != wait(event, now=now, key="k1")


def test_a_school_with_priority_has_its_places_kept(event, long_before):
    entry, secret = offer_to_school(
        event=event,
        organisation="Example Academy",
        email="t@example.org",
        places=30,
        until=long_before + timedelta(days=3),
        now=long_before,
    )
    event.refresh_from_db()

    assert (entry_of(secret=secret), entry.state, event.places_taken) == (entry, "offered", 30)
    with pytest.raises(InvalidInput):
        offer_to_school(
            event=event,
            organisation="Other",
            email="o@example.org",
            places=21,
            until=long_before + timedelta(days=3),
            now=long_before,
        )
    make_offers(now=long_before + timedelta(days=3))
    event.refresh_from_db()
    assert event.places_taken == 0


def test_a_full_session_has_a_queue_of_its_own(event, long_before):
    session = factories.make_session(event, "games", capacity=1)
    ada = factories.sign_up(event, "Ada Example", now=long_before, sessions=["games"])
    bo = factories.sign_up(event, "Bo Example", now=long_before)
    entry = join_session(ticket=bo, session=session, now=long_before)
    assert join_session(ticket=bo, session=session, now=long_before) == entry
    make_offers(now=long_before)

    choose_sessions(ticket=ada, slugs=[], now=long_before)
    cy = factories.sign_up(event, "Cy Example", now=long_before)
    with pytest.raises(SessionFull):
        choose_sessions(ticket=cy, slugs=["games"], now=long_before)
    make_offers(now=long_before)
    entry.refresh_from_db()
    take_session(entry=entry, now=long_before)

    session.refresh_from_db()
    assert list(SessionPlace.objects.values_list("ticket", "session")) == [(bo.pk, session.pk)]
    assert (session.places_taken, entry.state) == (1, "taken")


def test_a_cancelled_ticket_waits_for_no_session(event, long_before):
    session = factories.make_session(event, "games", capacity=1)
    ada = factories.sign_up(event, "Ada Example", now=long_before, sessions=["games"])
    bo = factories.sign_up(event, "Bo Example", now=long_before)
    entry = join_session(ticket=bo, session=session, now=long_before)
    choose_sessions(ticket=ada, slugs=[], now=long_before)
    make_offers(now=long_before)

    cancel_ticket(ticket=bo, now=long_before)

    entry.refresh_from_db()
    session.refresh_from_db()
    assert (entry.state, session.places_taken) == ("left", 0)


def test_an_offered_session_that_overlaps_is_not_taken_beside_another(event, long_before):
    games = factories.make_session(event, "games", capacity=1)
    factories.make_session(event, "music", capacity=5, after_minutes=80)
    ada = factories.sign_up(event, "Ada Example", now=long_before, sessions=["games"])
    bo = factories.sign_up(event, "Bo Example", now=long_before, sessions=["music"])
    entry = join_session(ticket=bo, session=games, now=long_before)
    choose_sessions(ticket=ada, slugs=[], now=long_before)
    make_offers(now=long_before)

    with pytest.raises(InvalidInput):
        take_session(entry=entry_of_pk(entry), now=long_before)

    choices = {one.session.slug: one for one in session_choices(ticket=bo, now=long_before)}
    assert (choices["music"].is_mine, choices["games"].entry.state) == (True, "offered")


def test_changing_sessions_gives_back_what_is_left_out(event, long_before):
    games = factories.make_session(event, "games", capacity=1)
    music = factories.make_session(event, "music", capacity=1, after_minutes=200)
    ada = factories.sign_up(event, "Ada Example", now=long_before, sessions=["games"])

    choose_sessions(ticket=ada, slugs=["music"], now=long_before)

    games.refresh_from_db()
    music.refresh_from_db()
    assert (games.places_taken, music.places_taken) == (0, 1)


def test_places_are_never_given_back_twice(full):
    from django.db import IntegrityError, transaction

    event, tickets, now = full
    for ticket in (*tickets, *tickets):
        cancel_ticket(ticket=ticket, now=now)

    event.refresh_from_db()
    assert event.places_taken == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        free_places(event_id=event.pk, places=1)


def entry_of_pk(entry):
    entry.refresh_from_db()
    return entry


@pytest.fixture
def full_now(db):
    """Full by the real clock, for pages."""
    now = timezone.now()
    event = factories.make_event("full", capacity=2, starts_at=now + timedelta(days=9))
    tickets = [factories.sign_up(event, name, now=now) for name in ("Ada Example", "Bo Example")]
    event.refresh_from_db()
    return event, tickets, now


def test_a_place_that_somebody_waits_for_looks_free_nowhere(full_now, client):
    event, tickets, now = full_now
    wait(event, 2, now=now)
    cancel_ticket(ticket=tickets[0], now=now)
    free = factories.make_event("free", capacity=1, starts_at=event.starts_at)

    shown = {one.slug: one.places_open for one in with_places_open(events=Event.objects.all(), now=now)}
    api = client.get("/api/v1/events/full/").json()
    page = client.get("/e/full/").content.decode()

    event.refresh_from_db()
    assert (event.places_left, shown) == (1, {"full": 0, free.slug: 1})
    assert (api["places_left"], api["waiting_list_open"]) == (0, True)
    assert ("Get a free ticket" in page, "Join the waiting list" in page) == (False, True)
    assert "schema.org/SoldOut" in page
    assert "join the waiting list" in client.get("/").content.decode()
    assert client.get("/e/full/register/").status_code == 409


def test_a_session_place_that_somebody_waits_for_looks_free_nowhere(full_now, client):
    event, (ada, bo), now = full_now
    session = factories.make_session(event, capacity=1)
    choose_sessions(ticket=ada, slugs=[session.slug], now=now)
    join_session(ticket=bo, session=session, now=now)
    choose_sessions(ticket=ada, slugs=[], now=now)

    api = client.get("/api/v1/events/full/").json()
    page = page_text(client.get("/e/full/"))

    session.refresh_from_db()
    assert session.places_left == 1
    assert [one["places_left"] for one in api["sessions"]] == [0]
    assert ". Full</span></p>" in page


def test_nobody_waits_while_anybody_may_register(full_now, client):
    event, tickets, now = full_now
    cancel_ticket(ticket=tickets[0], now=now)

    with pytest.raises(InvalidInput, match="There are free places"):
        wait(event, 10, now=now)

    assert client.get("/e/full/waiting-list/")["Location"] == "/e/full/register/"


def test_there_is_no_form_to_wait_where_nobody_can(full_now, client):
    _, _, now = full_now
    address = "/e/full/waiting-list/"
    assert client.get(address).status_code == 200
    Event.objects.update(waiting_list=False)
    assert "All places are taken" in client.get(address).content.decode()
    Event.objects.update(registration_closes_at=now)

    answer = client.get(address)

    assert answer.status_code == 409
    assert "Registration is closed" in answer.content.decode()


def test_nobody_waits_for_a_session_of_another_event(full):
    _, [ada, _], early = full
    elsewhere = factories.make_session(factories.make_event("elsewhere"), "games", capacity=1)

    with pytest.raises(InvalidInput, match="a session of this event"):
        join_session(ticket=ada, session=elsewhere, now=early)

    assert not WaitingListEntry.objects.exists()


@pytest.mark.parametrize("hours", [0, 9 * 24 + 5])
def test_places_are_kept_for_a_school_only_until_a_time_before_the_end(event, long_before, hours):
    with pytest.raises(InvalidInput) as refused:
        offer_to_school(
            event=event,
            organisation="Example School",
            email="tina@example.org",
            places=3,
            until=long_before + timedelta(hours=hours),
            now=long_before,
        )

    event.refresh_from_db()
    assert (set(refused.value.fields), event.places_taken) == ({"until"}, 0)
