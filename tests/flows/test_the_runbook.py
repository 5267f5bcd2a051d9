"""Does the runbook take a new organiser from an empty database to a finished event, in a real browser?"""

import re
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.management import call_command, get_commands
from django.template.loader import get_template
from django.urls import Resolver404, resolve
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.roles import ROLES
from door.models import Admission, Device
from events.models import Event, Venue
from foundation.wall_time import wall_time
from tests.browser.door_phone import TRAVEL, dismiss, door_phone, menu, shows, type_code
from tests.browser.signing_in import sign_in_by_code
from tickets.models import Ticket

ROOT = Path(__file__).resolve().parents[2]
RUNBOOK = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")


def test_every_command_that_it_names_exists():
    named = set(re.findall(r"manage\.py (\w+)", RUNBOOK))
    made = set(re.findall(r"`make (\w+)", RUNBOOK))

    assert named >= {"plant_plan", "createsuperuser", "backup", "verify_figures"}
    assert named - set(get_commands()) == set()
    assert made - set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)) == set()


def test_every_address_that_it_names_is_answered():
    named = set(re.findall(r"`(/[a-z/]*)`", RUNBOOK))
    missing = []
    for address in named:
        try:
            resolve(address)
        except Resolver404:
            missing.append(address)

    assert {"/desk/", "/desk/events/", "/desk/door/", "/control/", "/readyz"} <= named
    assert missing == []


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("events/planning/tabs.html", ("Registrations", "Messages", "Staff", "Files", "Places", "History")),
        ("door/desk/base.html", ("Live", "Phones", "To settle", "Emergency", "Before the day")),
        (
            "door/dialogs.html",
            ("Roll-call", "Ready for doors?", "Practice", "Supervisor or welfare PIN", "Sign out"),
        ),
    ],
)
def test_every_page_and_key_that_it_names_is_called_so(template, words):
    source = get_template(template).template.source

    assert [word for word in words if word not in RUNBOOK] == []
    assert [word for word in words if not re.search(rf">\s*{re.escape(word)}(?!\w)", source)] == []


class Later:
    """The clock of the server, put forward."""

    def __init__(self) -> None:
        self.by, self._now = timedelta(0), timezone.now

    def now(self):
        return self._now() + self.by


@pytest.fixture
def later(monkeypatch, settings, quick_forms):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()
    clock = Later()
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock


@pytest.fixture
def as_migrated(transactional_db):
    """The roles are there: a test before may have emptied the tables that the migrations filled."""
    for name in ROLES:
        Group.objects.get_or_create(name=name)


def press(page: Page, name: str) -> None:
    page.locator("main").get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def wall(moment) -> str:
    return f"{wall_time(moment):%Y-%m-%dT%H:%M}"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_from_an_empty_machine_to_a_finished_event(live_server, as_migrated, later, capsys):
    """In the order of docs/runbook.md; each comment is one of its headings."""
    at = live_server.url
    with door_phone(width=1280, height=900) as context:
        desk = context.new_page()
        _from_an_empty_machine(desk, at)
        _the_week_before(desk, at)
        register(context.new_page(), at, "Ada Example", "19")
        register(context.new_page(), at, "Bob Example", "25")
        ada, bob = Ticket.objects.order_by("serial")
        phone = _the_morning(context, desk, at)
        _doors(phone, desk, at, ada)
        _no_network(context, phone, bob)
        _evacuation(phone, desk, at)
        _the_evening(phone, desk, at, later)
        _the_day_after(desk, at, later)
    assert Admission.objects.standing().count() == 2
    call_command("verify_figures")


def _from_an_empty_machine(desk: Page, at: str) -> None:
    call_command("plant_plan")
    call_command("plant_plan")  # run again, it changes nothing
    call_command("createsuperuser", "--noinput", "--email=boss@example.org")
    assert Venue.objects.filter(slug="baltic-creative").count() == 1
    sign_in_by_code(desk, at, "boss@example.org")
    desk.goto(f"{at}/control/accounts/user/add/")
    desk.get_by_label("Email").fill("olive@example.org")
    desk.locator("#id_groups_from").select_option(label="organiser")
    desk.locator("#id_groups_add_link, #id_groups_add").first.click()
    desk.get_by_role("button", name="Save", exact=True).click()
    desk.context.clear_cookies()
    sign_in_by_code(desk, at, "olive@example.org")
    starts = (timezone.now() + timedelta(minutes=30)).replace(second=0, microsecond=0)
    desk.goto(f"{at}/desk/events/")
    desk.locator("main").get_by_role("link", name="Plan an edition").first.click()
    desk.get_by_label("Series").select_option(label="CI Skills Showcase")
    desk.get_by_label("Title", exact=True).fill("Our first showcase")
    desk.get_by_label("Address", exact=True).fill("our-first")
    desk.get_by_label("Venue").select_option(label="Baltic Creative")
    desk.get_by_label("Starts", exact=True).fill(wall(starts))
    desk.get_by_label("Ends", exact=True).fill(wall(starts + timedelta(hours=3)))
    desk.locator("[name=doors_open_at]").fill(wall(starts - timedelta(hours=2)))
    desk.locator("[name=capacity]").fill("50")
    desk.locator("[name=safe_capacity]").fill("60")
    press(desk, "Save as a draft")
    desk.goto(f"{at}/desk/events/our-first/publish/")
    press(desk, "Publish it")
    assert Event.objects.get().status == Event.Status.PUBLISHED


def _the_week_before(desk: Page, at: str) -> None:
    desk.goto(f"{at}/desk/events/our-first/staff/new/")
    desk.get_by_label("Name", exact=True).fill("Wendy Welfare")
    desk.get_by_label("Role").select_option(label="Welfare")
    press(desk, "Save")
    desk.goto(f"{at}/desk/door/our-first/team/")
    desk.get_by_label("Name of a gate").fill("Front door")
    press(desk, "Add this gate")
    for role, pin in (("Supervisor", "246813"), ("Welfare", "975310")):
        desk.get_by_label(role, exact=True).check()
        desk.get_by_label("New PIN").fill(pin)
        press(desk, "Set this PIN")
    desk.goto(f"{at}/desk/events/our-first/exports/")
    press(desk, "Make the file")


def register(page: Page, at: str, name: str, age: str) -> None:
    page.goto(f"{at}/e/our-first/register/")
    page.locator("[name=age]").fill(age)
    page.get_by_role("button", name="Continue").click()
    page.locator("[name=name]").fill(name)
    page.locator("[name=email]").fill(f"{name.split()[0].lower()}@example.org")
    page.get_by_label("Liverpool", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Get my ticket").click()
    page.wait_for_url("**/my/**", timeout=TRAVEL)
    page.close()


def _the_morning(context, desk: Page, at: str) -> Page:
    call_command("tick", stdout=StringIO())
    ready = desk.request.get(f"{at}/readyz").json()
    assert {words.partition(":")[0] for words in ready.values()} <= {"ok", "low"}
    desk.goto(f"{at}/desk/door/our-first/phones/")
    press(desk, "Show a pairing code")
    code = desk.locator(".secret").inner_text()
    phone = context.new_page()
    phone.set_viewport_size({"width": 360, "height": 740})
    phone.goto(f"{at}/door/#{code}")
    phone.get_by_label("Your first name").fill("Sam")
    phone.get_by_role("button", name="Join").click()
    expect(phone.locator("#status")).to_contain_text("Online, list of", timeout=TRAVEL)
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    menu(phone, "Ready for doors?")
    phone.locator("#ready").get_by_role("button", name="Back to scanning").click()
    return phone


def _code(ticket: Ticket) -> str:
    from tests.door.factories import code_of

    return code_of(ticket)[:10]


def _doors(phone: Page, desk: Page, at: str, ada: Ticket) -> None:
    type_code(phone, _code(ada))
    shows(phone, "Let in", "Ada E")
    dismiss(phone)
    menu(phone, "Supervisor or welfare PIN")
    phone.get_by_label("PIN", exact=True).fill("246813")
    phone.get_by_role("button", name="Unlock for 12 hours").click()
    expect(phone.locator("#unlock")).to_be_hidden(timeout=TRAVEL)
    desk.goto(f"{at}/desk/door/our-first/")
    expect(desk.locator(".live-figure")).to_contain_text("1")


def _no_network(context, phone: Page, bob: Ticket) -> None:
    context.set_offline(True)
    type_code(phone, _code(bob))
    shows(phone, "Let in", "Decided on this phone")
    dismiss(phone)
    context.set_offline(False)
    expect(phone.locator("#status")).to_contain_text("Online", timeout=2 * TRAVEL)
    expect(phone.locator("#status")).not_to_contain_text("unsent", timeout=TRAVEL)


def _evacuation(phone: Page, desk: Page, at: str) -> None:
    desk.goto(f"{at}/desk/door/our-first/instruction/")
    desk.get_by_label("Get everybody out").check()
    desk.get_by_label("A drill").check()
    desk.get_by_label("Yes, tell every phone now").check()
    press(desk, "Tell every phone")
    expect(phone.locator("#instruction")).to_be_visible(timeout=2 * TRAVEL)
    phone.get_by_role("button", name="I have seen this").click()
    desk.goto(f"{at}/desk/door/our-first/duty-card/")
    letters = re.search(r"(?:[A-Z2-7]{5} ){5}[A-Z2-7]", desk.locator("main").inner_text())[0]
    menu(phone, "Roll-call")
    phone.locator("#card-text").fill(letters)
    phone.locator("#card-form").get_by_role("button").first.click()
    expect(phone.locator("#roll-call")).to_contain_text("0 of 2 seen", timeout=TRAVEL)
    phone.get_by_role("button", name="Mark seen: Ada E").click()
    expect(phone.locator("#roll-call")).to_contain_text("1 of 2 seen")
    phone.locator("#roll-call [data-do=close]").click()
    desk.goto(f"{at}/desk/door/our-first/instruction/")
    press(desk, "All clear: end it")
    desk.goto(f"{at}/desk/door/our-first/")
    expect(desk.locator("main")).to_contain_text("1 seen", timeout=TRAVEL)
    press(desk, "End the roll-call")


def _the_evening(phone: Page, desk: Page, at: str, later: Later) -> None:
    menu(phone, "Sign out")
    expect(phone.locator("#ended")).to_be_visible(timeout=TRAVEL)
    assert Device.objects.get().revoked_at is not None
    later.by = timedelta(hours=5)
    desk.goto(f"{at}/desk/events/our-first/close/")
    press(desk, "Close the books")
    assert Event.objects.get().status == Event.Status.CLOSED


def _the_day_after(desk: Page, at: str, later: Later) -> None:
    desk.goto(f"{at}/desk/reach/showcase-reach/")
    expect(desk.locator("main .figure").first).to_contain_text("2")
    press(desk, "Publish a report")
    desk.goto(f"{at}/desk/reach/showcase-reach/")
    expect(desk.locator("main")).to_contain_text("Report 1")
    desk.goto(f"{at}/desk/events/our-first/messages/new/")
    desk.get_by_label("Everybody who came").check()
    desk.get_by_label("Subject").fill("Thank you")
    desk.get_by_label("What you write").fill("It was good to see you.")
    desk.locator("main").get_by_role("button").first.click()
    desk.wait_for_load_state()
    expect(desk.locator("main")).to_contain_text("2", timeout=TRAVEL)
    desk.goto(f"{at}/desk/privacy/")
    expect(desk.locator("main")).to_contain_text("7 days")
