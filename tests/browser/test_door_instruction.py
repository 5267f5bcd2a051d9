"""Does an emergency instruction cover everything on a real phone, until it was seen, also with no network?

(SG-12)
"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from door.domain.instructions import all_clear, give
from door.models import CheckIn, InstructionSeen
from tests import factories
from tests.browser.door_phone import TRAVEL, door_phone, menu, pair, shows, type_code
from tests.browser.stage import AXE, RUN
from tests.door.factories import code_of, make_ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def open_day(db):
    return factories.make_event(
        "open-day", starts_at=timezone.now() - timedelta(minutes=30), safe_capacity=600, title="Open Day"
    )


@pytest.fixture
def boss(db):
    return factories.make_user("supervisor")


def tell(event, boss, kind="lock-down", *, is_drill=False):
    return give(event=event, kind=kind, is_drill=is_drill, by=boss, now=timezone.now())


def sheet(page):
    return page.locator("#instruction")


def test_it_covers_everything_stops_entry_and_is_seen(live_server, open_day, boss):
    ada, grace = make_ticket(open_day, "Ada Lovelace"), make_ticket(open_day, "Grace Hopper")
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        page.get_by_role("button", name="More").click()  # a sheet is open when it comes
        made = tell(open_day, boss)

        expect(sheet(page).get_by_role("heading", name="Lock down")).to_be_visible(timeout=TRAVEL)
        expect(sheet(page).locator("svg:visible")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(sheet(page)).to_be_visible()
        page.evaluate(AXE)
        assert page.evaluate(RUN) == []
        sheet(page).get_by_role("button", name="I have seen this").click()

        expect(sheet(page)).to_be_hidden()
        expect(page.locator("#instruction-on")).to_contain_text("Nobody is let in")
        type_code(page, code_of(ada))
        shows(page, "Wait", "Nobody is let in until the all-clear")
        page.get_by_role("button", name="Next").click()
        assert InstructionSeen.objects.get(instruction=made).seen_at is not None
        assert not CheckIn.objects.exists()

        all_clear(event=open_day, by=boss, now=timezone.now())
        menu(page, "Sync now")
        page.locator("#menu").get_by_role("button", name="Back to scanning").click()
        expect(page.locator("#instruction-on")).to_be_hidden(timeout=TRAVEL)
        type_code(page, code_of(grace))
        shows(page, "Let in", "Grace H")


def test_a_phone_with_no_network_shows_it_when_it_is_back_and_keeps_it(live_server, open_day, boss):
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        context.set_offline(True)
        made = tell(open_day, boss, "evacuate")
        menu(page, "Sync now")
        expect(sheet(page)).to_be_hidden()
        page.locator("#menu").get_by_role("button", name="Back to scanning").click()

        context.set_offline(False)
        expect(sheet(page).get_by_role("heading", name="Get out")).to_be_visible(timeout=TRAVEL)
        context.set_offline(True)
        page.reload()
        expect(sheet(page).get_by_role("heading", name="Get out")).to_be_visible(timeout=TRAVEL)
        sheet(page).get_by_role("button", name="I have seen this").click()
        expect(sheet(page)).to_be_hidden()
        assert InstructionSeen.objects.get(instruction=made).seen_at is None

        context.set_offline(False)
        expect(page.locator("#status")).to_contain_text("Online", timeout=TRAVEL)
        expect(page.locator("#instruction-on")).to_be_visible()
        page.wait_for_timeout(1500)

    assert InstructionSeen.objects.get(instruction=made).seen_at is not None


def test_a_drill_says_so_and_goes_on_scanning(live_server, open_day, boss):
    ada = make_ticket(open_day, "Ada Lovelace")
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        tell(open_day, boss, "come-inside", is_drill=True)

        expect(sheet(page)).to_contain_text("Drill", timeout=TRAVEL)
        expect(sheet(page).get_by_role("heading", name="Come in")).to_be_visible()
        sheet(page).get_by_role("button", name="I have seen this").click()
        type_code(page, code_of(ada))

        shows(page, "Let in", "Ada L")


def test_in_an_evacuation_nobody_is_asked_who_collects_them(live_server, open_day, boss):
    grace = make_ticket(open_day, "Grace Hopper", age=14, age_band="14-15")
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        type_code(page, code_of(grace))
        shows(page, "Let in", "Grace H")
        page.get_by_role("button", name="Next").click()
        tell(open_day, boss, "evacuate")
        expect(sheet(page)).to_be_visible(timeout=TRAVEL)
        sheet(page).get_by_role("button", name="I have seen this").click()

        page.get_by_label("Out", exact=True).check()
        page.wait_for_timeout(3200)  # the same code within 3 seconds is the same scan
        type_code(page, code_of(grace))

        shows(page, "Out", "Grace H")
