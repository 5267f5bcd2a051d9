"""Who comes in without having registered, and what is asked of them?"""

from uuid import uuid4

import pytest

from door.domain import name_search, pins, walk_ins
from door.models import Admission, CheckIn
from foundation.refusals import InvalidInput
from outbox.models import Message
from tests.door.factories import TEN
from tickets.domain import changes
from tickets.domain.places import EventFull
from tickets.domain.registration import AlreadyRegistered
from tickets.models import AccessNeed, Consent, Guardian, Ticket

pytestmark = pytest.mark.django_db


def walk_in(device, *, scan_id=None, now=TEN, override_reason="", **fields):
    person = {"name": "Wanda Walker", "age": 19, "borough": "liverpool"} | fields
    return walk_ins.walk_in(
        device=device,
        scan_id=scan_id or uuid4(),
        person=walk_ins.WalkIn(**person),
        scanned_at=now,
        now=now,
        override_reason=override_reason,
    )


def test_walk_in_gets_a_ticket_and_is_let_in_at_once(event, supervisor):
    decision = walk_in(supervisor, email="wanda@example.org", photo=True, access_needs="A quiet place")

    ticket = Ticket.objects.get()
    event.refresh_from_db()
    assert (decision.verdict, decision.ticket.first_name) == ("admitted", "Wanda")
    assert (ticket.registration.source, ticket.person is not None, ticket.no_photos) == (
        "walk-in",
        True,
        False,
    )
    assert (event.places_taken, event.serials_issued) == (1, 1)
    assert AccessNeed.objects.get().text == "A quiet place"
    assert [consent.kind for consent in Consent.objects.all()] == ["photo"]


def test_walk_in_told_twice_is_one(event, supervisor):
    scan_id = uuid4()

    first = walk_in(supervisor, scan_id=scan_id)
    second = walk_in(supervisor, scan_id=scan_id)

    assert (first.verdict, second.verdict, second.is_replay) == ("admitted", "admitted", True)
    assert (Ticket.objects.count(), Admission.objects.count()) == (1, 1)


def test_walk_in_without_an_address_is_a_person_by_whom_no_key_leads(supervisor):
    walk_in(supervisor)

    assert Ticket.objects.get().person.keys.count() == 0


def test_walk_in_who_has_a_ticket_is_sent_to_the_search(event, supervisor):
    walk_in(supervisor, email="wanda@example.org")

    with pytest.raises(AlreadyRegistered):
        walk_in(supervisor, email="Wanda@Example.org")
    event.refresh_from_db()
    assert (event.places_taken, Ticket.objects.count()) == (1, 1)


def test_walk_in_below_sixteen_needs_a_guardian_here_or_their_number(supervisor):
    with pytest.raises(InvalidInput) as refused:
        walk_in(supervisor, age=14)
    assert set(refused.value.fields) == {"adult_name", "adult_phone"}
    with pytest.raises(InvalidInput) as refused:
        walk_in(supervisor, age=14, adult_name="Gail Guardian")
    assert set(refused.value.fields) == {"adult_phone"}

    walk_in(supervisor, age=14, adult_name="Gail Guardian", adult_is_here=True)

    guardian = Guardian.objects.get()
    assert (guardian.name, guardian.answer, guardian.ticket.state) == ("Gail Guardian", "confirmed", "valid")
    assert guardian.answered_how == "here"


@pytest.mark.parametrize("adult_is_here", [True, False])
@pytest.mark.parametrize("age", [16, 17])
def test_walk_in_of_sixteen_and_seventeen_says_whom_to_call_whoever_stands_there(
    supervisor, age, adult_is_here
):
    with pytest.raises(InvalidInput) as refused:
        walk_in(supervisor, age=age, adult_name="Gail", adult_is_here=adult_is_here)
    assert set(refused.value.fields) == {"adult_phone"}

    walk_in(supervisor, age=age, adult_name="Gail", adult_is_here=adult_is_here, adult_phone="01632 960 010")

    ticket = Ticket.objects.get()
    assert (ticket.state, ticket.emergency_contact.phone) == ("valid", "01632 960 010")


def test_walk_in_of_eighteen_is_asked_for_nobody(supervisor):
    walk_in(supervisor, age=18)

    assert Ticket.objects.get().state == "valid"


def test_walk_in_below_sixteen_comes_in_when_the_guardian_says_yes_by_telephone(supervisor):
    decision = walk_in(
        supervisor, age=14, adult_name="Gail", adult_phone="01632 960 010", adult_agreed_by_phone=True
    )

    guardian, row = Guardian.objects.get(), CheckIn.objects.get()
    assert (decision.verdict, row.device, row.override_reason) == ("admitted", supervisor, "")
    assert (guardian.name, guardian.answer, guardian.answered_how) == ("Gail", "confirmed", "telephone")


def test_walk_in_whose_guardian_does_not_answer_is_held_and_their_link_is_sent(event, supervisor):
    decision = walk_in(
        supervisor,
        age=14,
        adult_name="Gail",
        adult_phone="01632 960 010",
        email="gail@example.org",
        photo=True,
    )

    ticket, guardian = Ticket.objects.get(), Guardian.objects.get()
    event.refresh_from_db()
    assert (decision.verdict, ticket.state, ticket.no_photos) == ("on_hold", "on-hold", True)
    assert (guardian.answer, guardian.answered_how, guardian.answered_at) == ("asked", "", None)
    assert (ticket.registration.state, ticket.registration.hold_until) == ("on-hold", event.ends_at)
    assert event.places_taken == 1
    assert not Admission.objects.exists()
    # Nobody is reminded after the day.
    assert sorted(Message.objects.values_list("purpose", flat=True)) == ["guardian", "registered"]


def test_walk_in_without_an_answer_comes_in_by_a_reason_that_is_kept(event, supervisor):
    decision = walk_in(
        supervisor,
        age=14,
        adult_name="Gail",
        adult_phone="01632 960 010",
        photo=True,
        override_reason="Their teacher vouches",
    )
    lapsed = changes.lapse_unconfirmed(now=event.ends_at)

    ticket, row = Ticket.objects.get(), CheckIn.objects.get()
    assert (decision.verdict, row.overridden_verdict, row.override_reason) == (
        "admitted",
        "on_hold",
        "Their teacher vouches",
    )
    assert (lapsed, ticket.state, ticket.no_photos, ticket.guardian.answer) == (0, "on-hold", True, "asked")


def test_a_reason_marks_nobody_whose_guardian_said_yes(supervisor):
    walk_in(supervisor, age=14, adult_name="Gail", adult_is_here=True, override_reason="Left over")

    row = CheckIn.objects.get()
    assert (row.verdict, row.overridden_verdict, row.override_reason) == ("admitted", "", "")


def test_walk_in_finds_no_place_where_all_have_tickets(supervisor):
    supervisor.event.capacity = 1
    supervisor.event.save()
    walk_in(supervisor)

    with pytest.raises(EventFull):
        walk_in(supervisor, name="Will Walker")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": " "}, "name"),
        ({"age": 9}, "age"),
        ({"age": 26}, "age"),
        ({"age": 10**9}, "age"),
        ({"borough": "atlantis"}, "borough"),
        ({"email": "no address"}, "email"),
        ({"news": True}, "email"),
        ({"age": 17}, "adult_name"),
        ({"access_needs": "x" * 501}, "access_needs"),
        (
            {"age": 14, "adult_name": "Gail", "adult_phone": "01632 960 010", "adult_photo": True},
            "adult_photo",
        ),
        ({"override_reason": "x" * 201}, "override_reason"),
        ({"override_reason": "A\0"}, "override_reason"),
        ({"name": "A\0da"}, "name"),
    ],
)
def test_walk_in_with_bad_input_writes_nothing(event, supervisor, fields, wrong):
    with pytest.raises(InvalidInput) as refused:
        walk_in(supervisor, **fields)

    event.refresh_from_db()
    assert wrong in refused.value.fields
    assert (event.places_taken, Ticket.objects.count(), CheckIn.objects.count()) == (0, 0, 0)


def test_only_a_supervisor_may_search_or_walk_in(event, phone, welfare):
    for device in (phone, welfare):
        with pytest.raises(pins.NotGranted):
            name_search.find_by_name(device=device, words="ada", now=TEN)
        with pytest.raises(pins.NotGranted):
            walk_in(device)
    assert not Ticket.objects.exists()
