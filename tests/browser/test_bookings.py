"""Does the booking desk work in a real browser, by keyboard and on a small phone?"""

from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect, sync_playwright

from events.models import Booking
from tests import factories
from tests.browser.door_phone import QUIET_FLAGS, chromium_path
from tests.events.factories import hold

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TRAVEL = 15_000  # milliseconds; a slow machine is no failure


@pytest.fixture
def hall(db):
    return factories.make_space("hall", capacity=60)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def ten(now):
    """Ten o'clock in a week, on the clock in Liverpool."""
    return timezone.localtime(now + timedelta(days=7)).replace(hour=10, minute=0, second=0, microsecond=0)


@pytest.fixture
def desk(live_server, organiser):
    """A function that opens the desk's pages for the organiser in a window of a given width."""
    client = Client()
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    cookie = {
        "name": settings.SESSION_COOKIE_NAME,
        "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        "url": live_server.url,
    }
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=QUIET_FLAGS)

        def open_page(path: str, width: int = 1280):
            context = browser.new_context(viewport={"width": width, "height": 800}, locale="en-GB")
            context.add_cookies([cookie])
            page = context.new_page()
            page.set_default_timeout(TRAVEL)
            page.goto(f"{live_server.url}{path}")
            return page

        yield open_page
        browser.close()


def test_search_hold_confirm_release(desk, hall, organiser, ten):
    page = desk("/desk/bookings/")
    page.get_by_role("link", name="Find a space").first.click()
    page.get_by_label("Date", exact=True).fill(f"{ten:%Y-%m-%d}")
    page.get_by_label("From", exact=True).fill("10:00")
    page.get_by_label("Until", exact=True).fill("14:00")
    page.get_by_label("People at one time").fill("40")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_role("heading", name="1 space free")).to_be_visible()
    page.get_by_role("link", name="Hold it").click()
    page.get_by_label("What for").fill("Showcase One")
    page.get_by_role("button", name="Hold it").click()
    expect(page.get_by_role("heading", name="Showcase One")).to_be_visible()
    page.get_by_role("button", name="Confirm it").click()
    expect(page.get_by_text("Confirmed. Whoever holds it has been told.")).to_be_visible()
    page.get_by_role("link", name="Release it").click()
    page.get_by_label("Why is it released?").fill("Moved elsewhere")
    page.get_by_role("button", name="Release it").click()
    expect(page.get_by_text("Released on")).to_contain_text("Moved elsewhere")

    booking = Booking.objects.get()
    assert (booking.state, booking.starts_at) == ("released", ten)


def test_a_clash_is_shown_and_the_nearest_time_taken_at_one_press(desk, hall, organiser, now, ten):
    hold(hall, organiser, now, starts_at=ten, ends_at=ten + timedelta(hours=4), title="First")
    page = desk(
        f"/desk/bookings/new/hall/?starts_date={ten:%Y-%m-%d}&starts_time=10:00&ends_time=14:00&people=40"
    )
    page.get_by_label("What for").fill("Second")
    page.get_by_label("Theatre").check()
    page.get_by_role("button", name="Hold it").click()
    clash = page.get_by_role("alert")
    expect(clash).to_contain_text("First")
    clash.get_by_role("button").first.click()
    expect(page.get_by_role("heading", name="Second")).to_be_visible()

    first, second = Booking.objects.order_by("pk")
    assert second.blocked_from == first.blocked_until


def test_a_week_works_by_keyboard_alone(desk, hall, organiser, now, ten):
    hold(hall, organiser, now, starts_at=ten, ends_at=ten + timedelta(hours=4))
    page = desk("/desk/venues/example-works/")
    page.get_by_role("link", name="Week after").focus()
    page.keyboard.press("Enter")
    entry = page.get_by_role("link", name="Showcase One")
    expect(entry).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if entry.evaluate("link => link === document.activeElement"):
            break
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Showcase One")).to_be_visible()


def test_a_month_fits_a_small_phone_and_reads_as_a_table(desk, hall, organiser, now, ten):
    hold(hall, organiser, now, starts_at=ten, ends_at=ten + timedelta(hours=4))
    page = desk(f"/desk/venues/example-works/?view=month&day={ten:%Y-%m-%d}", width=320)

    assert page.evaluate("document.documentElement.scrollWidth") == 320
    expect(page.get_by_role("table")).to_have_count(1)
    expect(page.get_by_role("columnheader")).to_have_count(7)
    day = page.get_by_role("link", name=f"{ten:%A} {ten.day} {ten:%B}, 1 booking")
    expect(day).to_be_visible()
    expect(page.get_by_role("link", name="10:00 Showcase One")).to_be_visible()
    day.click()
    expect(page.get_by_role("link", name="Showcase One")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
