"""Does a young person finish without JavaScript, by keyboard alone, and with the ticket in a tunnel?"""

import io
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image, ImageOps
from playwright.sync_api import expect, sync_playwright

from tests import factories
from tests.browser.door_phone import QUIET_FLAGS, chromium_path
from tests.door.factories import code_of
from tests.tickets.plain_qr import read_symbol
from tickets.domain import codes
from tickets.domain.changes import cancel_registration
from tickets.models import Registration, Ticket
from tickets.qr import ticket_address

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = "caches.open('tickets-1').then((pages) => pages.keys()).then((keys) => keys.length)"


@pytest.fixture
def soon(db, quick_forms):
    return factories.make_event("soon", starts_at=timezone.now() + timedelta(days=9))


@contextmanager
def phone(**options):
    """A small phone; asked: every address that it asked for."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), headless=True, args=QUIET_FLAGS)
        context = browser.new_context(viewport={"width": 320, "height": 640}, locale="en-GB", **options)
        page = context.new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        yield page
        browser.close()


def test_an_adult_finishes_without_javascript_and_loads_nothing_from_elsewhere(live_server, soon):
    with phone(java_script_enabled=False) as page:
        page.goto(f"{live_server.url}/e/soon/register/")
        page.get_by_label("How old will you be").fill("19")
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="Continue").click()
        expect(page).to_have_title("Error: Skills Showcase One: about you – Creative events")
        page.get_by_role("link", name="Enter a name").click()
        page.get_by_label("Your full name").fill("Zoë O’Brien")
        page.get_by_label("Your email address").fill("zoe@example.org")
        page.get_by_label("Type a postcode").fill("CH41 1AA")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_label("Wirral")).to_be_checked()
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("Zoë O’Brien")).to_be_visible()
        page.get_by_role("button", name="Get my ticket").click()

        expect(page.get_by_role("heading", name="You are in.")).to_be_visible()
        assert {url.split("/")[2] for url in page.asked} == {live_server.url.split("/")[2]}
        assert [cookie["name"] for cookie in page.context.cookies()] == ["csrf"]
    assert Ticket.objects.get().borough == "wirral"


def test_back_shows_the_answers_and_sends_nothing_and_refresh_makes_no_second_ticket(live_server, soon):
    with phone() as page:
        page.goto(f"{live_server.url}/e/soon/register/")
        page.get_by_label("How old will you be").fill("19")
        page.get_by_role("button", name="Continue").click()
        page.get_by_label("Your full name").fill("Ada Example")
        page.get_by_label("Your email address").fill("ada@example.org")
        page.get_by_label("Halton").check()
        page.get_by_role("button", name="Continue").click()
        page.go_back()
        expect(page.get_by_label("Your full name")).to_have_value("Ada Example")
        page.get_by_label("Your full name").fill("Ada Exemplar")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("Ada Exemplar")).to_be_visible()
        page.get_by_role("button", name="Get my ticket").dblclick()
        expect(page.get_by_role("heading", name="You are in.")).to_be_visible()
        page.reload()
        page.go_back()
        page.get_by_role("button", name="Get my ticket").click()
        expect(page.get_by_role("heading", name="You are in.")).to_be_visible()

    assert list(Ticket.objects.values_list("name", flat=True)) == ["Ada Exemplar"]


def test_a_14_year_old_finishes_by_keyboard_alone(live_server, soon):
    with phone() as page:
        page.goto(f"{live_server.url}/e/soon/register/")
        tab_to(page, "age")
        page.keyboard.type("14")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        for name, typed in (("name", "Cleo Child"), ("email", "cleo@example.org")):
            tab_to(page, name)
            page.keyboard.type(typed)
        tab_to(page, "borough")
        page.keyboard.press("Space")
        for name, typed in (("guardian_name", "Gail Guardian"), ("guardian_email", "gail@example.org")):
            tab_to(page, name)
            page.keyboard.type(typed)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        tab_to_words(page, "Get my ticket")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Nearly done: look in your mail")).to_be_visible()

    assert Ticket.objects.get().state == "on-hold"


def test_a_group_comes_and_is_named_without_javascript(live_server, soon):
    with phone(java_script_enabled=False) as page:
        page.goto(f"{live_server.url}/e/soon/group/")
        for label, typed in (
            ("School, college or youth club", "Example Academy"),
            ("Your name", "Tara Teacher"),
            ("Your work email address", "tara@example.org"),
            ("A phone number for the day", "01632 960 020"),
            ("How many aged 14 to 15?", "2"),
        ):
            page.get_by_label(label).fill(typed)
        page.get_by_label("Sefton").check()
        page.get_by_label("My school or club holds consent").check()
        page.get_by_role("button", name="Get our tickets").click()
        page.get_by_role("link", name="Add the names").click()
        page.get_by_label("Names, one on each line").fill("Sam Example, 14\nLi 李小龍, 15")
        page.get_by_role("button", name="Save the names").click()
        expect(page.get_by_text("All tickets have a name.")).to_be_visible()

    assert sorted(Ticket.objects.values_list("name", flat=True)) == [
        "Li 李小龍",
        "Sam Example",
        "Tara Teacher",
    ]


def test_the_ticket_opens_without_signal_once_seen_and_is_wiped_when_cancelled(live_server, soon):
    ticket = factories.sign_up(soon, now=timezone.now())
    address = f"{live_server.url}/my/{codes.owner_secret(ticket.registration)}/"
    with phone() as page:
        page.goto(address)
        until(page, KEPT, 1)
        page.context.set_offline(True)
        page.goto(address)
        expect(page.locator(".qr svg")).to_be_visible()
        screen = ImageOps.crop(Image.open(io.BytesIO(page.locator(".qr svg").screenshot())), border=3)
        assert read_symbol(screen) == ticket_address(code_of(ticket))
        page.context.set_offline(False)
        cancel_registration(registration=Registration.objects.get(), now=timezone.now())
        page.goto(address)
        expect(page.get_by_role("heading", name="This registration is over")).to_be_visible()
        until(page, KEPT, 0)


def until(page, question, answer):
    """Ask the page again and again: its policy forbids what wait_for_function needs."""
    for _ in range(100):
        if page.evaluate(question) == answer:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{question} is {page.evaluate(question)}, not {answer}")


def tab_to(page, name):
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name || ''") == name:
            return
    raise AssertionError(f"no way to {name} by keyboard")


def tab_to_words(page, words):
    for _ in range(60):
        page.keyboard.press("Tab")
        if " ".join(page.evaluate("document.activeElement.textContent").split()) == words:
            return
    raise AssertionError(f"no way to {words} by keyboard")
