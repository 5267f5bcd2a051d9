"""Does a phone take a new release between scans and never during one, and lose nothing by it? (RE-23)"""

import pytest
from playwright.sync_api import Page, expect

from door.models import CheckIn, Device
from door.views import phone_page
from tests.browser.door_phone import TRAVEL, dismiss, door_phone, pair, shows, type_code
from tests.door.factories import code_of, make_ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKED_EVERY = 31_000  # milliseconds: a phone looks for a new release, and wants as long a quiet before it
WAITING = "navigator.serviceWorker.getRegistration('/door/').then((one) => Boolean(one.waiting))"
LOOK_NOW = "navigator.serviceWorker.getRegistration('/door/').then((one) => one.update()).then(() => true)"


def version(page: Page) -> str:
    return page.locator("#door").get_attribute("data-version")


def until(page: Page, expression: str) -> bool:
    """Ask until it is so, 15 seconds at most; waiting in the page itself does not wait for a promise."""
    for _ in range(75):
        if page.evaluate(expression):
            return True
        page.wait_for_timeout(200)
    return False


def take_second(page: Page, context) -> Page:
    """The page of the second release: this one where it takes it in a quiet moment, else the one opened next.

    Tools that watch the browser can keep the first worker from ending while the page stands open.
    """
    for _ in range(10):
        if version(page) == "second":
            return page
        page.clock.fast_forward(LOOKED_EVERY)
        page.wait_for_timeout(1_000)
    for _ in range(5):
        address = page.url
        page.close()
        page = context.new_page()
        page.goto(address)
        if version(page) == "second":
            return page
    raise AssertionError("the second release is never taken")


def test_a_second_release_is_taken_between_scans(live_server, open_day, ada, monkeypatch):
    grace, bea = make_ticket(open_day, "Grace Hopper"), make_ticket(open_day, "Bea Example")
    with door_phone() as context:
        context.clock.install()
        page = pair(context, live_server, open_day)
        page.reload()  # now the worker of the first release has the page
        expect(page.locator("#status")).to_contain_text("Online, list of", timeout=TRAVEL)
        first = version(page)
        type_code(page, code_of(ada))
        shows(page, "Let in", "Ada L")
        dismiss(page)

        monkeypatch.setattr(phone_page, "_version_now", lambda: "second")
        page.evaluate(LOOK_NOW)
        assert until(page, WAITING)  # before the network goes: it is fetched whole or not at all
        type_code(page, code_of(grace))  # the page of the first release, the server of the second
        shows(page, "Let in", "Grace H")
        assert version(page) == first
        dismiss(page)

        context.route("**/api/v1/check-ins/**", lambda route: route.abort())
        type_code(page, code_of(bea))
        shows(page, "Let in", "Decided on this phone")
        dismiss(page)
        page = take_second(page, context)
        context.unroute("**/api/v1/check-ins/**")  # the scan that was kept goes with the second release
        expect(page.locator("#status")).to_contain_text("Online", timeout=TRAVEL)
        expect(page.locator("#status")).not_to_contain_text("unsent", timeout=TRAVEL)

    assert first != "second"
    assert CheckIn.objects.filter(verdict="admitted").count() == 3
    assert Device.objects.get().app_version == "second"
