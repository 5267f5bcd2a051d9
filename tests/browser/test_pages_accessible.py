"""Does axe find nothing on any page in any state, and does every page fit a 320 px wide screen?"""

from pathlib import Path

import axe_playwright_python
import pytest
from django.contrib.staticfiles import finders
from django.db import transaction
from playwright.sync_api import sync_playwright

from tests.browser.door_phone import QUIET_FLAGS, chromium_path
from tests.house.pages import make_pages

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
HERE = "http://events.test"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = f"""async () => {{
  const found = await axe.run(document, {{runOnly: {TAGS}}});
  return found.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target.join(' ')).join(' | '));
}}"""
MOVING = """document.getAnimations().length + [...document.querySelectorAll('*')].filter(
  e => parseFloat(getComputedStyle(e).transitionDuration) > 0).length"""
LAPTOP = {"width": 1280, "height": 800}
ZOOMED = {"width": 640, "height": 400}  # the same screen at 200 %
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        gathered = make_pages()
        transaction.set_rollback(True)
    return gathered


@pytest.fixture
def chromium(pages, db):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET_FLAGS)
        yield browser
        browser.close()


class Stage:
    """A page of the browser that gets exactly what was gathered, and our own static files; nothing else."""

    def __init__(self, browser, **screen):
        self.context = browser.new_context(**screen)
        self.page = self.context.new_page()
        self.page.route("**/*", self._answer)

    def show(self, shown) -> None:
        self.html = shown.html
        self.page.goto(f"{HERE}{shown.path}", wait_until="load")

    def _answer(self, route) -> None:
        path = route.request.url.removeprefix(HERE).split("?")[0]
        if path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/"))):
            route.fulfill(path=file, content_type=KINDS.get(Path(file).suffix, "application/octet-stream"))
        elif route.request.is_navigation_request():
            route.fulfill(status=200, body=self.html, content_type="text/html; charset=utf-8")
        else:
            route.abort()

    def faults(self) -> list[str]:
        self.page.evaluate(AXE)
        return self.page.evaluate(RUN)

    def overflow(self) -> int:
        """Pixels by which the page is wider than the screen."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    def moving(self) -> int:
        return self.page.evaluate(MOVING)


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
