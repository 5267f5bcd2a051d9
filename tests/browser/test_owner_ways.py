"""Do those who answer, wait, cancel or look for a ticket finish without JavaScript, and by keyboard alone?"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import cast
from tests.browser.test_registration import phone, tab_to, tab_to_words
from tickets.domain import codes
from tickets.models import Guardian, WaitingListEntry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def press(page, words):
    tab_to_words(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def type_into(page, name, typed):
    tab_to(page, name)
    page.keyboard.press("Control+A")
    page.keyboard.type(typed)


def guardians_way(page, server, soon):
    ticket = cast.sign_up(soon, age=14, now=timezone.now())
    secret = codes.guardian_secret(event_id=soon.pk, serial=ticket.serial, generation=1)
    page.goto(f"{server}/guardian/{secret}/")
    press(page, "Yes, they may come")
    expect(page.get_by_role("heading", name="Thank you for saying yes")).to_be_visible()
    assert Guardian.objects.get().answer == "confirmed"


def waiting_way(page, server, soon):
    soon.capacity = 1
    soon.save()
    cast.sign_up(soon, now=timezone.now())
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
    ticket = cast.sign_up(soon, now=timezone.now())
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
    ticket = cast.sign_up(soon, now=timezone.now())
    page.goto(f"{server}/my/{codes.owner_secret(ticket.registration)}/")
    press(page, "See my data and choices")
    expect(page.get_by_text("Ada Example").first).to_be_visible()
    press(page, "Delete my data")
    press(page, "Delete my data")
    page.wait_for_url("**/privacy/deleted/")
    ticket.refresh_from_db()
    assert ticket.name == ""


WAYS = [guardians_way, waiting_way, cancelling_way, finding_way, data_way]


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_every_way_ends_well_by_keyboard_alone(live_server, settings, script):
    settings.GUARD_FORMS = False
    with phone(java_script_enabled=script) as page:
        for number, way in enumerate(WAYS):
            soon = cast.make_edition(f"soon-{number}", starts_at=timezone.now() + timedelta(days=9))
            way(page, live_server.url, soon)
