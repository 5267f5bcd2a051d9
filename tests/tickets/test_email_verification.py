"""Can machines eat the places? No; and sixty phones behind one school's address register all the same."""

from datetime import timedelta

import pytest
from django.utils import timezone

from outbox.models import Message
from tests import factories
from tests.tickets.public import answers_for, hidden, walk
from tests.typing_time import forms_typed_by_people
from tickets.domain import codes
from tickets.domain.changes import confirm_by_guardian, lapse_unconfirmed
from tickets.domain.email_verification import MOST_HELD_FROM, PROOF_TIME, TooManyUnproven, prove
from tickets.domain.registration import Attendee, Contact, register
from tickets.messages import _registered
from tickets.models import Guardian, Registration, Ticket
from tickets.views import request_guards


def sign_up_in_a_rush(event, name, *, age=19, now):
    guardian = Contact(name="Gail Guardian", email="gail@example.org") if age < 16 else None
    return register(
        event=event,
        lead=Contact(name=name, email=f"{name.replace(' ', '.')}@example.org"),
        now=now,
        vouched_by="nobody",
        attendees=[Attendee(name=name, age=age, borough="wirral", guardian=guardian)],
    ).registration


@pytest.mark.thorough
def test_sixty_phones_behind_one_address_all_get_a_valid_ticket(client, open_event):
    for number in range(60):
        _, done = walk(
            client,
            open_event,
            "19",
            **answers_for(19, name=f"Pupil {number}", email=f"p{number}@example.org"),
        )
        assert done.status_code == 302

    assert Ticket.objects.valid().count() == 60


def test_above_a_school_the_address_has_to_prove_itself_and_holds_few(client, open_event, monkeypatch):
    monkeypatch.setattr(request_guards, "PROVE_ABOVE", 2)
    monkeypatch.setattr(request_guards, "UNPROVEN_PER_ADDRESS", 3)
    answers = []

    for number in range(7):
        answers.append(walk(client, open_event, "19", **answers_for(19, name=f"Bot {number}"))[1])

    assert [one.status_code for one in answers] == [302] * 5 + [429] * 2
    assert answers[-1]["Retry-After"] == "60"
    assert (
        list(Ticket.objects.order_by("pk").values_list("state", flat=True)) == ["valid"] * 2 + ["on-hold"] * 3
    )
    other = walk(client, open_event, "19", **answers_for(19, name="Honest Example"))[1]
    assert other.status_code == 429
    client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    _, honest = walk(client, open_event, "19", **answers_for(19, name="Honest Example"))
    assert honest.status_code == 302


def test_a_forged_header_is_no_other_address(client, open_event, monkeypatch):
    monkeypatch.setattr(request_guards, "PROVE_ABOVE", 1)

    for number in range(3):
        client.defaults["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{number}"
        walk(client, open_event, "19", **answers_for(19, name=f"Bot {number}"))

    assert Registration.objects.filter(needs_proof=True).count() == 2


def test_a_rush_from_many_addresses_is_noticed(event, noon, monkeypatch):
    monkeypatch.setattr("tickets.domain.email_verification.RUSH_FROM", 3)
    monkeypatch.setattr("tickets.domain.email_verification.RUSH_SHARE", 0.06)

    made = []
    for number in range(5):
        event.refresh_from_db()
        lead = Contact(name=f"N {number}", email=f"n{number}@example.org")
        attendee = Attendee(name=lead.name, age=20, borough="halton")
        registered = register(event=event, lead=lead, attendees=[attendee], now=noon, vouched_by="network")
        made.append(registered.registration.needs_proof)

    assert made == [False, False, False, True, True]


def test_unproven_addresses_hold_a_share_and_no_more(event, noon):
    for number in range(MOST_HELD_FROM):
        sign_up_in_a_rush(event, f"Bot {number}", now=noon)

    with pytest.raises(TooManyUnproven):
        sign_up_in_a_rush(event, "One more", now=noon)

    event.refresh_from_db()
    assert event.places_taken == MOST_HELD_FROM
    lapse_unconfirmed(now=noon + PROOF_TIME)
    event.refresh_from_db()
    assert event.places_taken == 0
    assert set(Registration.objects.values_list("state", flat=True)) == {"lapsed"}


def test_the_link_in_the_mail_keeps_the_place(client, open_event):
    now = timezone.now()
    registration = sign_up_in_a_rush(open_event, "Ada Example", now=now)
    page = f"/my/{codes.owner_secret(registration)}/"
    link = f"{page}confirm/{codes.proof_secret(registration)}/"

    assert link in _registered({"registration": registration.pk}).text
    assert b"Tap the link in that email" in client.get(page).content
    assert client.get(f"{page}confirm/{'a' * 26}/").status_code == 404
    assert client.get(f"{page}confirm/é/").status_code == 404
    client.get(link)
    assert Ticket.objects.get().state == "on-hold"
    for _ in range(2):
        assert client.post(link)["Location"] == page

    registration.refresh_from_db()
    assert (registration.state, registration.hold_until) == ("confirmed", None)
    assert Ticket.objects.get().state == "valid"
    assert Message.objects.filter(purpose="confirmed").count() == 1


def test_a_proof_leaves_the_guardian_to_answer(event, noon):
    registration = sign_up_in_a_rush(event, "Cleo Child", age=14, now=noon)
    assert registration.hold_until == noon + PROOF_TIME

    prove(registration=registration, now=noon)

    assert registration.hold_until == noon + timedelta(hours=48)
    assert Ticket.objects.get().state == "on-hold"


def test_a_guardian_who_answers_has_proved_an_address_too(event, noon):
    registration = sign_up_in_a_rush(event, "Cleo Child", age=14, now=noon)

    confirm_by_guardian(guardian=Guardian.objects.get(), now=noon)

    registration.refresh_from_db()
    assert (registration.state, registration.needs_proof) == ("confirmed", False)


def test_nobody_is_that_quick(client, open_event):
    with forms_typed_by_people():
        _, done = walk(client, open_event, "19", **answers_for(19))

    assert done.status_code == 429
    assert b"That was very quick" in done.content
    assert not Ticket.objects.exists()


def test_a_stamp_of_another_event_or_none_starts_the_form_again(client, open_event):
    other = factories.make_event("other", starts_at=open_event.starts_at)
    stamp = hidden(client.get(f"/e/{other.slug}/register/"), "stamp")

    for forged in (stamp, "x", ""):
        sent = {"stamp": forged, "age": "19", "step": "confirm"} | answers_for(19)
        assert b"How old will you be" in client.post(f"/e/{open_event.slug}/register/", sent).content
    assert not Ticket.objects.exists()
