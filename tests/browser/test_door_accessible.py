"""Does axe find nothing on the door page, in each of its states?"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from door.domain.roll_calls import card_text, start
from door.models import Device
from tests import factories
from tests.browser.door_phone import TRAVEL, dismiss, door_phone, menu, pair, shows, type_code
from tests.browser.stage import AXE, RUN
from tests.browser.test_door_team import unlock
from tests.door.factories import code_of, make_ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SHEETS = (
    "menu",
    "undo",
    "collect",
    "unlock",
    "override",
    "ready",
    "search",
    "walk-in",
    "party",
    "contact",
    "card",
)


def faults(page: Page) -> list[str]:
    page.evaluate(AXE)
    return page.evaluate(RUN)


def test_door_is_accessible_in_each_of_its_states(live_server):
    starts_at = timezone.now() - timedelta(minutes=30)
    event = factories.make_event("open-day", starts_at=starts_at, safe_capacity=600, title="Open Day")
    ada, bo = make_ticket(event, "Ada Lovelace"), make_ticket(event, "Bo Held", state="on-hold")
    card = card_text(event=event, now=timezone.now())
    found = {}

    with door_phone() as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/door/")
        expect(page.get_by_role("heading", name="Join the door team")).to_be_visible(timeout=TRAVEL)
        found["unpaired"] = faults(page)
        page.close()
        page = pair(context, live_server, event)
        found["paired"] = faults(page)
        for code, word in [(code_of(ada), "Let in"), ("B" * 26, "Stop"), (code_of(bo), "Wait")]:
            type_code(page, code)
            shows(page, word)
            found[word] = faults(page)
            dismiss(page)
        unlock(page, event, "supervisor", "274951")
        menu(page, "Search by name")
        page.get_by_label("Name, at least 3 letters").fill("lovel")
        page.get_by_role("button", name="Search", exact=True).click()
        expect(page.get_by_role("button", name="Ada L 16")).to_be_visible(timeout=TRAVEL)
        found["a name found"] = faults(page)
        page.locator("#search").get_by_role("button", name="Back to scanning").click()
        menu(page, "Walk-in")
        for age, words in [("x", "Enter their age in years"), ("14", "Enter a name")]:
            page.get_by_label("Age today").fill(age)
            page.locator("#walk-in-send").click()
            expect(page.locator("#walk-in-error")).to_contain_text(words, timeout=TRAVEL)
        found["walk-in, what is missing"] = faults(page)
        page.locator("#walk-in").get_by_role("button", name="Back to scanning").click()
        start(event=event, is_drill=True, now=timezone.now())
        menu(page, "Sync now")
        expect(page.locator("#roll-call-on")).to_contain_text("Drill", timeout=TRAVEL)
        page.locator("#menu").get_by_role("button", name="Back to scanning").click()
        found["a drill is on"] = faults(page)
        menu(page, "Roll-call")
        page.get_by_label("Letters of the duty card").fill(card.removeprefix("DUTY-"))
        page.get_by_role("button", name="Open the list").click()
        page.get_by_role("button", name="Mark seen: Ada L").click()
        expect(page.locator("#roll-call-count")).to_have_text("1 of 1 seen", timeout=TRAVEL)
        found["roll-call"] = faults(page)
        page.get_by_role("button", name="Close the list").click()
        menu(page, "Practice")
        context.set_offline(True)
        type_code(page, code_of(ada)[:10])
        expect(page.locator("#verdict")).to_be_visible(timeout=TRAVEL)
        found["practice, offline"] = faults(page)
        dismiss(page)
        for sheet in SHEETS:
            page.evaluate("id => document.getElementById(id).showModal()", sheet)
            found[sheet] = faults(page)
            page.evaluate("id => document.getElementById(id).close()", sheet)
        Device.objects.update(revoked_at=timezone.now())
        context.set_offline(False)  # it syncs by itself, and hears that it is shut out
        expect(page.get_by_role("heading", name="This phone is signed out")).to_be_visible(timeout=TRAVEL)
        found["signed out"] = faults(page)

    assert {state: wrong for state, wrong in found.items() if wrong} == {}
