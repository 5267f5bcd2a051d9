"""Does a door phone take a hotspot's own pages for our answers? A real Chromium against the real server."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.door_phone import TRAVEL, dismiss, door_phone, shows, type_code
from tests.faults.databases import database
from tests.faults.house import House
from tests.faults.scenarios import Outcome

# What captive portals answer in our place: a page, a way to their page, a login, JSON of their own, nothing.
PORTALS = (
    {"status": 200, "content_type": "text/html", "body": "<h1>Welcome to the free network</h1>"},
    {"status": 302, "headers": {"Location": "http://portal.example/"}, "body": ""},
    {"status": 401, "content_type": "text/html", "body": "<h1>Sign in to the network</h1>"},
    {"status": 511, "content_type": "text/html", "body": "<h1>Network Authentication Required</h1>"},
    {
        "status": 200,
        "content_type": "application/json",
        "body": '{"verdict": "admitted", "login": "http://portal.example/"}',
    },
    None,
)


def captive_portal(*, on: str, each: int) -> Outcome:
    """Behind each kind of portal some people are let in; afterwards every scan is at the server, once."""
    with database(on) as db, tempfile.TemporaryDirectory() as name:
        with House(url=db.url, folder=Path(name)) as house:
            prepared = house.prepare(tickets=each * len(PORTALS))
            codes = list(prepared["codes"])
            pairing = house.run("manage.py", "pairing_code", "fault", "main").stdout.split()[-1]
            house.start()
            taken = stuck = 0
            with door_phone() as context:
                page = _paired(context, house.at, pairing)
                for portal in PORTALS:
                    page.route("**/api/v1/**", _stand_in(portal))
                    for _ in range(each):
                        type_code(page, codes.pop())
                        shows(page, "Let in")
                        taken += "Decided on this phone" not in page.locator("#verdict").inner_text()
                        dismiss(page)
                    page.unroute("**/api/v1/**")
                    stuck += not _all_sent(page)
            rows = db.rows("SELECT scan_id, verdict FROM door_checkin")
        wanted = each * len(PORTALS)
        lost = {
            "portal pages taken for an answer": taken,
            "phones that did not come back": stuck,
            "scans lost": wanted - len({row[0] for row in rows}),
            "scans doubled": len(rows) - len({row[0] for row in rows}),
            "not let in": sum(row[1] != "admitted" for row in rows),
        }
        note = f"{len(PORTALS)} kinds of portal, {each} people behind each"
        return Outcome("captive portal", on, len(PORTALS), wanted, lost, note)


def _stand_in(portal: dict | None) -> Callable:
    return lambda route: route.abort() if portal is None else route.fulfill(**portal)


def _paired(context, at: str, pairing: str) -> Page:
    page = context.new_page()
    page.goto(f"{at}/door/#{pairing}")
    page.get_by_label("Your first name").fill("Sam")
    page.get_by_role("button", name="Join").click()
    expect(page.locator("#status")).to_contain_text("Online, list of", timeout=TRAVEL)
    return page


def _all_sent(page: Page) -> bool:
    last = time.monotonic() + 60
    while time.monotonic() < last:
        words = page.locator("#status").inner_text()
        if words.startswith("Online") and "unsent" not in words:
            return True
        time.sleep(0.2)
    return False
