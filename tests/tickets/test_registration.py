"""Does everybody get exactly one place, and nobody one that is not there?"""

from datetime import timedelta

import pytest
from django.db import connection

from events.models import Event
from foundation.refusals import InvalidInput
from outbox.models import Message
from people.models import Person
from tests import factories
from tickets.domain import codes
from tickets.domain.issuance import Idempotency
from tickets.domain.places import EventFull, RegistrationClosed, SessionFull, claim_places, closed_words
from tickets.domain.registration import (
    AlreadyRegistered,
    Attendee,
    Contact,
    IdempotencyKeyReused,
    register,
)
from tickets.models import Guardian, Registration, Ticket

pytestmark = pytest.mark.database

ADA = Contact(name="Ada Example", email="ada@example.org")


def adult(name="Ada Example", **fields):
    return Attendee(name=name, age=19, borough="liverpool", **fields)


ASKS_FOR_A_LOCK = connection.vendor == "postgresql"  # on each key; SQLite writes one at a time


def test_an_adult_gets_a_valid_ticket_in_eight_queries(event, noon, assert_statements):
    with assert_statements(8 + ASKS_FOR_A_LOCK):
        registered = register(event=event, lead=ADA, vouched_by="registrar", attendees=[adult()], now=noon)

    event.refresh_from_db()
    ticket = Ticket.objects.get()
    assert (event.places_taken, ticket.serial, ticket.state, ticket.age_band) == (1, 1, "valid", "19-24")
    assert registered.registration.state == Registration.State.CONFIRMED
    assert bytes(ticket.fingerprint) == codes.fingerprint(codes.ticket_code(event.pk, 1, 1))
    assert list(Message.objects.values_list("purpose", flat=True)) == ["registered"]


def test_under_16_waits_for_the_guardian(event, noon):
    ticket = factories.sign_up(event, "Cleo Child", age=14, now=noon)

    assert ticket.state == Ticket.State.ON_HOLD
    assert ticket.registration.hold_until == noon + timedelta(hours=48)
    assert Guardian.objects.get().answer == Guardian.Answer.ASKED
    assert set(Message.objects.values_list("purpose", flat=True)) == {
        "registered",
        "guardian",
        "guardian-reminder",
    }


@pytest.mark.parametrize(
    ("age", "field"),
    [
        (10, "age"),
        (12, "guardian"),
        (15, "guardian"),
        (16, "emergency_contact"),
        (17, "emergency_contact"),
        (26, "age"),
        (-1, "age"),
        (500, "age"),
    ],
)
def test_each_age_is_asked_for_what_it_needs(event, noon, age, field):
    with pytest.raises(InvalidInput) as refused:
        register(
            event=event,
            lead=ADA,
            vouched_by="registrar",
            attendees=[Attendee(name="A", age=age, borough="wirral")],
            now=noon,
        )

    assert list(refused.value.fields) == [f"attendees[0].{field}"]
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "name", ["", "   ", "\u200b", "A\r\nBcc: x@example.org", "nul\0", "x" * 201, "\ud800"]
)
def test_a_name_that_cannot_be_is_refused_kindly(event, noon, name):
    with pytest.raises(InvalidInput) as refused:
        register(event=event, lead=ADA, vouched_by="registrar", attendees=[adult(name)], now=noon)

    assert "attendees[0].name" in refused.value.fields


@pytest.mark.parametrize(
    "name",
    ["O'Brien", "Siân", "李小龍", "محمد", "Ng", "👩🏽‍🎨", "<b>x</b>", "=1+1", "{{7*7}}", "null", "x" * 200],
)
def test_any_other_name_is_kept_as_typed(event, noon, name):
    register(event=event, lead=ADA, vouched_by="registrar", attendees=[adult(name)], now=noon)

    assert Ticket.objects.get().name == name


def test_the_same_key_is_the_same_registration(event, noon):
    key = Idempotency(scope="form", key="k1")
    first = register(
        event=event, lead=ADA, vouched_by="registrar", attendees=[adult()], now=noon, idempotency=key
    )

    again = register(
        event=event, lead=ADA, vouched_by="registrar", attendees=[adult()], now=noon, idempotency=key
    )

    assert (again.replayed, again.registration) == (True, first.registration)
    assert [ticket.serial for ticket in again.tickets] == [1]
    event.refresh_from_db()
    assert event.places_taken == 1


def test_the_same_key_is_answered_even_when_full(db, noon):
    event = factories.make_event(capacity=1)
    key = Idempotency(scope="form", key="k1")
    first = register(
        event=event, lead=ADA, vouched_by="registrar", attendees=[adult()], now=noon, idempotency=key
    )

    again = register(
        event=event, lead=ADA, vouched_by="registrar", attendees=[adult()], now=noon, idempotency=key
    )

    assert again.registration == first.registration


def test_the_same_key_for_another_request_is_refused(event, noon):
    key = Idempotency(scope="form", key="k1")
    register(event=event, lead=ADA, vouched_by="registrar", attendees=[adult()], now=noon, idempotency=key)

    with pytest.raises(IdempotencyKeyReused):
        register(
            event=event,
            lead=ADA,
            vouched_by="registrar",
            attendees=[adult("Bob Example")],
            now=noon,
            idempotency=key,
        )

    assert Registration.objects.count() == 1


def test_a_person_registers_once_and_a_family_shares_an_address(event, noon):
    register(event=event, lead=ADA, vouched_by="registrar", attendees=[adult("Ada"), adult("Bob")], now=noon)

    with pytest.raises(AlreadyRegistered):
        register(event=event, lead=ADA, vouched_by="registrar", attendees=[adult("ADA ")], now=noon)
    register(event=event, lead=ADA, vouched_by="registrar", attendees=[adult("Cal")], now=noon)

    event.refresh_from_db()
    assert (Person.objects.count(), Ticket.objects.count(), event.places_taken) == (3, 3, 3)


def test_a_party_larger_than_the_places_left_gets_none(db, noon):
    event = factories.make_event(capacity=1)

    with pytest.raises(EventFull) as refused:
        register(
            event=event, lead=ADA, vouched_by="registrar", attendees=[adult("Ada"), adult("Bob")], now=noon
        )

    assert refused.value.details == {"places_left": 1}
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "draft"},
        {"status": "cancelled"},
        {"registration_opens_at": factories.DAY},
        {"registration_closes_at": factories.DAY - timedelta(days=30)},
    ],
)
def test_outside_its_window_nobody_registers(noon, db, fields):
    event = factories.make_event(**fields)

    with pytest.raises(RegistrationClosed):
        register(event=event, lead=ADA, vouched_by="registrar", attendees=[adult()], now=noon)

    event.refresh_from_db()
    assert (event.places_taken, event.serials_issued) == (0, 0)


@pytest.mark.parametrize("field", ["ends_at", "registration_closes_at"])
def test_the_place_itself_is_refused_from_the_closing_instant_on(db, field):
    """The rule inside the statement that claims: what holds when the clock passes between page and place."""
    closes_at = factories.DAY + timedelta(hours=5 if field == "ends_at" else 1)
    event = factories.make_event(**{field: closes_at})

    assert claim_places(event=event, places=1, now=closes_at - timedelta(seconds=1)) == 1
    with pytest.raises(RegistrationClosed):
        claim_places(event=event, places=1, now=closes_at)

    event.refresh_from_db()
    assert (event.places_taken, event.serials_issued) == (1, 1)


def test_a_full_session_takes_nothing(event, noon):
    factories.make_session(event, "games", capacity=1)
    register(event=event, lead=ADA, vouched_by="registrar", attendees=[adult()], now=noon, sessions=["games"])

    with pytest.raises(SessionFull):
        register(
            event=event,
            lead=ADA,
            vouched_by="registrar",
            attendees=[adult("Bob")],
            now=noon,
            sessions=["games"],
        )

    event.refresh_from_db()
    assert (event.places_taken, event.sessions.get().places_taken) == (1, 1)


def test_two_sessions_at_one_time_cannot_be_chosen(event, noon):
    factories.make_session(event, "games", capacity=5)
    factories.make_session(event, "music", capacity=5, after_minutes=90)

    with pytest.raises(InvalidInput) as refused:
        register(
            event=event,
            lead=ADA,
            vouched_by="registrar",
            attendees=[adult()],
            now=noon,
            sessions=["games", "music"],
        )

    assert "same time" in refused.value.message


def test_the_database_itself_refuses_one_place_too_many(event):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("UPDATE events_event SET places_taken = capacity + 1")


@pytest.mark.parametrize("status", Event.Status.values)
@pytest.mark.parametrize("ends", [-1, 0, 1])
@pytest.mark.parametrize("opens", [None, -1, 0, 1])
@pytest.mark.parametrize("closes", [None, -1, 0, 1])
def test_whoever_is_told_that_it_is_open_may_register(event, noon, status, ends, opens, closes):
    hours = {one: None if one is None else noon + timedelta(hours=one) for one in (None, -1, 0, 1)}
    Event.objects.filter(pk=event.pk).update(
        status=status,
        doors_open_at=noon - timedelta(hours=4),
        starts_at=noon - timedelta(hours=3),
        ends_at=hours[ends],
        registration_opens_at=hours[opens],
        registration_closes_at=hours[closes],
    )
    this = Event.objects.filter(pk=event.pk)

    assert this.open_for_registration(noon).exists() == (closed_words(event=event, now=noon) == "")
    assert this.going_ahead(noon).exists() == (closed_words(event=event, now=noon, is_offered=True) == "")
