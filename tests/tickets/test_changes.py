"""Are places freed once, and only once, whoever ends what?"""

from datetime import timedelta

import pytest

from outbox.models import Message
from tests import factories
from tickets.domain.changes import (
    LinkOver,
    cancel_registration,
    cancel_ticket,
    confirm_by_guardian,
    correct_name,
    lapse_unconfirmed,
    refuse_by_guardian,
    reissue_code,
)
from tickets.domain.registration import AlreadyRegistered
from tickets.models import Registration, Ticket

pytestmark = pytest.mark.database


def taken(event):
    event.refresh_from_db()
    return event.places_taken


def test_cancel_frees_places_once(event, noon):
    session = factories.make_session(event, "games", capacity=3)
    ticket = factories.sign_up(event, now=noon, sessions=["games"])

    cancel_registration(registration=ticket.registration, now=noon)
    cancel_registration(registration=ticket.registration, now=noon)

    session.refresh_from_db()
    assert (taken(event), session.places_taken) == (0, 0)
    assert Registration.objects.get().state == Registration.State.CANCELLED


def test_after_cancelling_the_same_person_may_register_again(event, noon):
    cancel_ticket(ticket=factories.sign_up(event, now=noon), now=noon)

    factories.sign_up(event, now=noon)

    assert taken(event) == 1


def test_the_guardian_makes_the_ticket_valid(event, noon):
    ticket = factories.sign_up(event, "Cleo", age=14, now=noon)

    confirm_by_guardian(guardian=ticket.guardian, now=noon, may_leave_alone=True)
    confirm_by_guardian(guardian=ticket.guardian, now=noon)

    ticket.refresh_from_db()
    assert (ticket.state, ticket.may_leave_alone) == (Ticket.State.VALID, True)
    assert Registration.objects.get().state == Registration.State.CONFIRMED
    assert Message.objects.get(purpose="guardian-reminder").state == Message.State.DROPPED
    assert Message.objects.filter(purpose="confirmed").count() == 1


def test_the_guardian_refuses_and_the_place_is_free(event, noon):
    ticket = factories.sign_up(event, "Cleo", age=14, now=noon)

    refuse_by_guardian(guardian=ticket.guardian, now=noon)

    assert taken(event) == 0
    assert Registration.objects.get().state == Registration.State.CANCELLED


def test_an_unanswered_hold_lapses_after_48_hours_and_not_before(event, noon):
    ticket = factories.sign_up(event, "Cleo", age=14, now=noon)

    early = lapse_unconfirmed(now=noon + timedelta(hours=47))
    late = lapse_unconfirmed(now=noon + timedelta(hours=48))

    assert (early, late, taken(event)) == (0, 1, 0)
    with pytest.raises(LinkOver):
        confirm_by_guardian(guardian=ticket.guardian, now=noon + timedelta(hours=49))


def test_a_reissued_code_replaces_the_old_one(event, noon):
    ticket = factories.sign_up(event, now=noon)
    old = bytes(ticket.fingerprint)

    reissue_code(ticket=ticket, now=noon)

    ticket.refresh_from_db()
    assert ticket.generation == 2
    assert bytes(ticket.fingerprint) != old
    assert bytes(ticket.replaced_codes.get().fingerprint) == old


def test_a_corrected_name_cannot_become_another_attendee(event, noon):
    factories.sign_up(event, "Ada Example", email="shared@example.org", now=noon)
    other = factories.sign_up(event, "Bob Example", email="shared@example.org", now=noon)

    with pytest.raises(AlreadyRegistered):
        correct_name(ticket=other, name="ada example", now=noon)
    corrected = correct_name(ticket=other, name="Bobby Example", now=noon)

    assert corrected.name == "Bobby Example"
    assert Ticket.objects.count() == 2
