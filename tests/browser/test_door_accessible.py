"""Does axe find nothing on the door page, in each of its states?"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import cast
from tests.browser.door_phone import TRAVEL, dismiss, door_phone, pair, shows, type_code
from tests.browser.stage import AXE, RUN
from tests.tickets.door_cast import code_of, make_ticket

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
    event = cast.make_edition("open-day", starts_at=starts_at, safe_capacity=600, title="Open Day")
    ada, bo = make_ticket(event, "Ada Lovelace"), make_ticket(event, "Bo Held", state="on-hold")
    found = {}

    with door_phone() as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/door/")
        expect(page.get_by_role("heading", name="Join the door team")).to_be_visible(timeout=TRAVEL)
        found["unpaired"] = faults(page)
        page.close()
        page = pair(context, live_server, event)
        found["paired"] = faults(page)
        for code, word in [(code_of(ada), "Let in"), ("no ticket", "Stop"), (code_of(bo), "Wait")]:
            type_code(page, code)
            shows(page, word)
            found[word] = faults(page)
            dismiss(page)
        for sheet in SHEETS:
            page.evaluate("id => document.getElementById(id).showModal()", sheet)
            found[sheet] = faults(page)
            page.evaluate("id => document.getElementById(id).close()", sheet)

    assert {state: wrong for state, wrong in found.items() if wrong} == {}
