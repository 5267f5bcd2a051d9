"""Do the forms behind a secret address work in a real browser,
whose Origin header depends on our referrer policy?"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories
from tests.browser.door_phone import door_phone
from tickets.domain import codes
from tickets.models import Guardian, Registration

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def soon(db):
    return factories.make_event("soon", starts_at=timezone.now() + timedelta(days=7))


def test_the_owner_cancels(live_server, soon):
    ticket = factories.sign_up(soon, now=timezone.now())
    with door_phone() as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/my/{codes.owner_secret(ticket.registration)}/cancel/")
        with page.expect_navigation():
            page.locator("main form").get_by_role("button").first.click()

        assert Registration.objects.get().ended_at is not None
        expect(page.get_by_text("Please send that once more")).to_have_count(0)


def test_a_guardian_says_yes(live_server, soon):
    ticket = factories.sign_up(soon, age=14, now=timezone.now())
    guardian = Guardian.objects.get(ticket=ticket)
    with door_phone() as context:
        page = context.new_page()
        secret = codes.guardian_secret(event_id=soon.pk, serial=ticket.serial, generation=guardian.generation)
        page.goto(f"{live_server.url}/guardian/{secret}/")
        with page.expect_navigation():
            page.get_by_role("button", name="Yes, they may come").click()

        guardian.refresh_from_db()
        assert guardian.answer == "confirmed"
