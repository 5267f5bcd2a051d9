"""Can the API's reference be read in a browser, under the strict policy, without asking anybody else?"""

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.door_phone import QUIET_FLAGS, chromium_path

pytestmark = pytest.mark.browser


def test_reference_shows_every_call_and_breaks_no_policy(live_server):
    complaints: list[str] = []
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda fault: complaints.append(str(fault)))
        page.on("request", lambda request: asked.append(request.url))

        page.goto(f"{live_server.url}/api/docs/")
        page.get_by_text("/api/v1/check-ins/batch/").wait_for()
        page.locator(".opblock-summary-control").first.click()
        page.get_by_text("application/problem+json").first.wait_for()

        calls = page.locator(".opblock").count()
        browser.close()
    assert calls >= 15
    assert complaints == []
    assert {url for url in asked if not url.startswith((live_server.url, "data:"))} == set()
