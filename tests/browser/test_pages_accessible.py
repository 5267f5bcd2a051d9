"""Does axe find nothing on any page in any state, and does every page fit a 320 px wide screen?"""

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.door_phone import QUIET_FLAGS, chromium_path
from tests.browser.stage import Stage

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
LAPTOP = {"width": 1280, "height": 800}
ZOOMED = {"width": 640, "height": 400}  # the same screen at 200 %


@pytest.fixture
def chromium(pages, db):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET_FLAGS)
        yield browser
        browser.close()


def test_pages_are_accessible_and_fit_a_small_phone(pages, chromium):
    stage = Stage(chromium, viewport={"width": 320, "height": 640}, reduced_motion="reduce")
    found = {}
    for shown in pages:
        stage.show(shown)
        wrong = stage.faults()
        if stage.overflow() > 0:
            wrong.append(f"scrolls sideways by {stage.overflow()} px")
        if stage.moving():
            wrong.append("moves although asked not to")
        if wrong:
            found[shown.name] = wrong

    assert found == {}


def test_pages_are_accessible_on_a_laptop(pages, chromium):
    stage = Stage(chromium, viewport=LAPTOP)
    found = {}
    for shown in pages:
        stage.show(shown)
        wrong = stage.faults()
        stage.page.set_viewport_size(ZOOMED)
        if stage.overflow() > 0:
            wrong.append(f"scrolls sideways by {stage.overflow()} px at 200 % zoom")
        stage.page.set_viewport_size(LAPTOP)
        if wrong:
            found[shown.name] = wrong

    assert found == {}
