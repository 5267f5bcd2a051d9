"""Do those who answer, wait, cancel or look for a ticket finish without JavaScript, and by keyboard alone?"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from events.models import Session
from tests import factories
from tests.browser.test_registration import phone, tab_to, tab_to_words
from tickets.domain import codes
from tickets.domain.changes import cancel_ticket
from tickets.domain.waiting_list import join, make_offers
from tickets.models import Guardian, Registration, SessionPlace, Ticket, WaitingListEntry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(page, words, *, follow=True):
    """follow: another page comes; without, a link leads to a place in this one."""
    tab_to_words(page, words)
    if not follow:
        return page.keyboard.press("Enter")
    with page.expect_navigation():
        return page.keyboard.press("Enter")


def type_into(page, name, typed):
    tab_to(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.type(typed)


def guardians_way(page, server, soon):
    ticket = factories.sign_up(soon, age=14, now=timezone.now())
    secret = codes.guardian_secret(event_id=soon.pk, serial=ticket.serial, generation=1)
    page.goto(f"{server}/guardian/{secret}/")
    press(page, "Yes, they may come")
    expect(page.get_by_role("heading", name="Thank you for saying yes")).to_be_visible()
    assert Guardian.objects.get().answer == "confirmed"


def waiting_way(page, server, soon):
    soon.capacity = 1
    soon.save()
    factories.sign_up(soon, now=timezone.now())
    page.goto(f"{server}/e/{soon.slug}/register/")
    press(page, "Join the waiting list")
    type_into(page, "email", "wil@example.org")
    type_into(page, "party_size", "2")
    press(page, "Join")
    expect(page.get_by_role("heading", name="You are number 1")).to_be_visible()
    press(page, "Leave the list")
    expect(page.get_by_role("heading", name="This is over")).to_be_visible()
    assert WaitingListEntry.objects.get().state == "left"


def cancelling_way(page, server, soon):
    ticket = factories.sign_up(soon, now=timezone.now())
    page.goto(f"{server}/my/{codes.owner_secret(ticket.registration)}/")
    press(page, "I can't come")
    press(page, "Cancel my place")
    expect(page.get_by_role("heading", name="This is cancelled")).to_be_visible()
    ticket.registration.refresh_from_db()
    assert ticket.registration.ended_at is not None


def finding_way(page, server, soon):
    page.goto(f"{server}/find/")
    press(page, "Send it")
    expect(page.get_by_text("Enter your email address").first).to_be_visible()
    type_into(page, "email", "ada@example.org")
    press(page, "Send it")
    expect(page.get_by_role("heading", name="Look at your email")).to_be_visible()


def data_way(page, server, soon):
    ticket = factories.sign_up(soon, now=timezone.now())
    page.goto(f"{server}/my/{codes.owner_secret(ticket.registration)}/")
    press(page, "See my data and choices")
    expect(page.get_by_text("Ada Example").first).to_be_visible()
    press(page, "Delete my data")
    press(page, "Delete my data")
    page.wait_for_url("**/privacy/deleted/")
    ticket.refresh_from_db()
    assert ticket.name == ""


def choose(page, name):
    """The first answer of a question, or a box to tick."""
    tab_to(page, name)
    page.keyboard.press("Space")


def registering_way(page, server, soon):
    """Nothing typed, then words for the age, then all of it;
    an adult with a session, who answers the extra questions."""
    session = factories.make_session(soon, capacity=5)
    page.goto(f"{server}/e/{soon.slug}/")
    press(page, "Get a free ticket")
    for typed, words in (("soon", "There is a problem"), ("19", "About you")):
        type_into(page, "age", typed)
        press(page, "Continue")
        expect(page.get_by_role("heading", name=words)).to_be_visible()
    press(page, "Continue")
    press(page, "Enter a name", follow=False)
    for name, typed in (("name", "Zoë O’Brien"), ("email", "zoe@example.org")):
        type_into(page, name, typed)
    choose(page, "borough")
    choose(page, "sessions")
    press(page, "Continue")
    press(page, "Get my ticket")
    expect(page.get_by_role("heading", name="You are in.")).to_be_visible()
    assert SessionPlace.objects.filter(session=session).count() == 1
    press(page, "Answer them if you like")
    press(page, "Send")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def teenagers_way(page, server, soon):
    """At 16 with whom to call; then a right name, another number and a new code."""
    page.goto(f"{server}/e/{soon.slug}/register/")
    type_into(page, "age", "16")
    press(page, "Continue")
    for name, typed in (("name", "Tee Example"), ("email", "tee@example.org")):
        type_into(page, name, typed)
    choose(page, "borough")
    type_into(page, "emergency_contact_name", "Ed Example")
    type_into(page, "emergency_contact_phone", "01632 960 001")
    press(page, "Continue")
    press(page, "Get my ticket")
    press(page, "Correct the name")
    type_into(page, "name", "Tia Example")
    press(page, "Save")
    press(page, "Whom we call on the day")
    type_into(page, "phone", "01632 960 002")
    press(page, "Save")
    press(page, "Get a new code")
    press(page, "Give me a new code")
    ticket = Ticket.objects.get(event=soon)
    assert (ticket.name, ticket.generation) == ("Tia Example", 2)
    assert ticket.emergency_contact.phone == "01632 960 002"


def childs_way(page, server, soon):
    """An adult books for a child of 12, who then is confirmed at once or by the link,
    and says no by that link."""
    page.goto(f"{server}/e/{soon.slug}/register/")
    type_into(page, "age", "12")
    press(page, "Continue")
    type_into(page, "name", "Cy Example")
    choose(page, "borough")
    type_into(page, "guardian_name", "Gail Guardian")
    type_into(page, "guardian_email", "gail@example.org")
    press(page, "Continue")
    press(page, "Get the ticket")
    ticket = Ticket.objects.get(event=soon)
    page.goto(
        f"{server}/guardian/{codes.guardian_secret(event_id=soon.pk, serial=ticket.serial, generation=1)}/"
    )
    press(page, "No")
    ticket.refresh_from_db()
    assert ticket.state == "cancelled"


def groups_way(page, server, soon):
    """Heads first, names by typing, one ticket cancelled."""
    page.goto(f"{server}/e/{soon.slug}/group/")
    for name, typed in (
        ("organisation", "Example Academy"),
        ("name", "Tara Teacher"),
        ("email", "tara@example.org"),
        ("phone", "01632 960 020"),
        ("heads_14_15", "2"),
        ("adults", "1"),
    ):
        type_into(page, name, typed)
    choose(page, "borough")
    choose(page, "declared")
    press(page, "Get our tickets")
    press(page, "Add the names")
    type_into(page, "names", "Sam Example, soon")
    press(page, "Save the names")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    type_into(page, "names", "Sam Example, 14\nLi 李小龍, 15")
    press(page, "Save the names")
    expect(page.get_by_text("All tickets have a name.")).to_be_visible()
    press(page, "Cancel this ticket: ticket 3")
    press(page, "Cancel this ticket")
    assert Ticket.objects.filter(event=soon).taking_a_place().count() == 2


def offers_way(page, server, soon):
    """A place comes free for whoever waits, by a link; then a session's, on the ticket."""
    soon.capacity = 1
    soon.save()
    first = factories.sign_up(soon, "Ada Example", now=timezone.now())
    _, secret = join(event=soon, email="wil@example.org", party_size=1, now=timezone.now())
    cancel_ticket(ticket=first, now=timezone.now())
    make_offers(now=timezone.now())
    page.goto(f"{server}/waiting/{secret}/")
    press(page, "Take it")
    type_into(page, "age", "19")
    press(page, "Continue")
    for name, typed in (("name", "Wil Example"), ("email", "wil@example.org")):
        type_into(page, name, typed)
    choose(page, "borough")
    press(page, "Continue")
    press(page, "Get my ticket")
    expect(page.get_by_role("heading", name="You are in.")).to_be_visible()
    session = factories.make_session(soon, capacity=0)
    page.reload()
    press(page, "Choose sessions")
    press(
        page,
        f"Wait for it: {timezone.localtime(session.starts_at):%H:%M} "
        f"to {timezone.localtime(session.ends_at):%H:%M}: {session.title}",
    )
    Session.objects.filter(pk=session.pk).update(capacity=1)
    make_offers(now=timezone.now())
    page.reload()
    press(page, "Take it")
    press(page, "Take it")
    assert SessionPlace.objects.filter(session=session).count() == 1


def choices_way(page, server, soon):
    """Yes to photos and no again; a place kept in a rush by the link in the mail;
    a phone that keeps meetings."""
    ticket = factories.sign_up(soon, now=timezone.now())
    registration = ticket.registration
    page.goto(f"{server}/my/{codes.owner_secret(registration)}/data/")
    press(page, "Yes: You may take photos and film with me in them to show what the day was like")
    press(page, "No more photos")
    assert registration.tickets.get().consents.get().withdrawn_at
    Registration.objects.filter(pk=registration.pk).update(
        needs_proof=True,
        vouched_by=Registration.Vouched.NOBODY,
        state="on-hold",
        hold_until=timezone.now() + timedelta(minutes=30),
    )
    page.goto(f"{server}/my/{codes.owner_secret(registration)}/confirm/{codes.proof_secret(registration)}/")
    press(page, "Keep my place")
    registration.refresh_from_db()
    assert registration.state == "confirmed"
    page.goto(f"{server}/my/{codes.owner_secret(registration)}/met/")
    press(page, "Let this phone keep meetings for Ada Example")


WAYS = [
    guardians_way,
    waiting_way,
    cancelling_way,
    finding_way,
    data_way,
    registering_way,
    teenagers_way,
    childs_way,
    groups_way,
    offers_way,
    choices_way,
]


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_every_way_ends_well_by_keyboard_alone(live_server, quick_forms, script):
    with phone(java_script_enabled=script) as page:
        for number, way in enumerate(WAYS):
            soon = factories.make_event(f"soon-{number}", starts_at=timezone.now() + timedelta(days=9))
            way(page, live_server.url, soon)
