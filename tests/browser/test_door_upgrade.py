"""Does a phone take a new release between scans and never during one, and lose nothing by it? (RE-23)"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.door_phone import TRAVEL, dismiss, door_phone, pair, shows, type_code
from tests.tickets.door_cast import code_of, make_ticket
from tickets.models import CheckIn, Device
from tickets.views import door

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKED_EVERY = 31_000  # milliseconds: a phone looks for a new release, and wants as long a quiet before it
WAITING = "navigator.serviceWorker.getRegistration('/door/').then((one) => Boolean(one.waiting))"
LOOK_NOW = "navigator.serviceWorker.getRegistration('/door/').then((one) => one.update()).then(() => true)"


def version(page: Page) -> str:
    return page.locator("#door").get_attribute("data-version")


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

        monkeypatch.setattr(door, "_version_now", lambda: "second")
        page.evaluate(LOOK_NOW)
        page.wait_for_function(f"() => {WAITING}", timeout=TRAVEL)
        type_code(page, code_of(grace))  # the page of the first release, the server of the second
        shows(page, "Let in", "Grace H")
        assert version(page) == first
        dismiss(page)

        context.set_offline(True)
        type_code(page, code_of(bea))
        shows(page, "Let in", "Decided on this phone")
        dismiss(page)
        context.set_offline(False)
        for _ in range(3):
            page.clock.fast_forward(LOOKED_EVERY)
            page.wait_for_timeout(300)
        expect(page.locator("#door[data-version=second]")).to_be_attached(timeout=TRAVEL)
        expect(page.locator("#status")).to_contain_text("Online", timeout=TRAVEL)
        expect(page.locator("#status")).not_to_contain_text("unsent", timeout=TRAVEL)

    assert first != "second"
    assert CheckIn.objects.filter(verdict="admitted").count() == 3
    assert Device.objects.get().app_version == "second"
