"""Does the door work in a real browser: with its camera, by typing, with no network, killed and reopened?"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests import cast
from tests.browser.door_phone import clip_of, door_phone
from tests.tickets.door_cast import code_of, make_gate, make_ticket
from tickets.domain.devices import make_pairing_code
from tickets.models import Admission, CheckIn, Device

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TRAVEL = 15_000  # milliseconds; a slow machine is no failure


@pytest.fixture
def open_day(db):
    starts_at = timezone.now() - timedelta(minutes=30)
    return cast.make_edition("open-day", starts_at=starts_at, safe_capacity=600, title="Open Day")


@pytest.fixture
def ada(open_day):
    return make_ticket(open_day, "Ada Lovelace")


def qr_of(ticket) -> str:
    return f"HTTPS://EVENTS.EXAMPLE.ORG/T/{code_of(ticket)}"


def pair(context, live_server, event) -> Page:
    """A page of a phone that has just been paired by its one-time link, with its list and its service worker."""
    code = make_pairing_code(gate=make_gate(event), now=timezone.now(), by=None)
    page = context.new_page()
    page.on("console", lambda message: print("console:", message.text))
    page.on("pageerror", lambda error: print("page error:", error))
    page.goto(f"{live_server.url}/door/#{code}")
    page.get_by_label("Your first name").fill("Sam")
    assert code not in page.url
    page.get_by_role("button", name="Join").click()
    expect(page.locator("#status")).to_contain_text("Online, list of", timeout=TRAVEL)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def shows(page: Page, word: str, *more: str) -> None:
    panel = page.locator("#verdict")
    expect(panel.locator("#verdict-word")).to_have_text(word, timeout=TRAVEL)
    expect(panel).to_be_visible()
    for text in more:
        expect(panel).to_contain_text(text)


def type_code(page: Page, code: str) -> None:
    page.get_by_placeholder("Type a code").fill(code)
    page.get_by_role("button", name="Check").click()


def hand_scanner(page: Page, code: str) -> None:
    """A scanner that types, wherever the focus is."""
    page.get_by_role("button", name="More").focus()
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def dismiss(page: Page) -> None:
    page.get_by_role("button", name="Next").click()


def verdicts() -> list[str]:
    return list(CheckIn.objects.order_by("scanned_at").values_list("verdict", flat=True))


def test_ticket_is_scanned_typed_and_wedged(live_server, open_day, ada, tmp_path):
    grace = make_ticket(open_day, "Grace Hopper", age=14, age_band="14-15")
    clip = clip_of([qr_of(ada), None], tmp_path / "clip.mjpeg", empty_frames=180)

    with door_phone(clip) as context:
        page = pair(context, live_server, open_day)
        page.get_by_role("button", name="Start camera").click()
        shows(page, "Let in", "Ada L", "16-18", "No photos")
        expect(page.locator("#verdict")).to_be_hidden(timeout=TRAVEL)
        shows(page, "Stop", "Already let in at", "Main gate")
        page.get_by_role("button", name="Next").click()
        page.get_by_role("button", name="Stop camera").click()
        type_code(page, code_of(grace)[:10].lower())
        shows(page, "Let in", "Grace H", "Under 16")
        dismiss(page)
        hand_scanner(page, f"https://any.example/t/{code_of(grace).lower()}")
        shows(page, "Stop", "Already let in")
        dismiss(page)
        hand_scanner(page, "WIFI:S:guest;T:WPA;P:secret;;")
        shows(page, "Stop", "We do not know this code")
        assert page.locator("#last li").count() >= 4

    assert verdicts()[0] == "admitted"
    assert set(verdicts()) == {"admitted", "already_admitted", "unknown"}
    assert Admission.objects.count() == 2


def test_ticket_held_up_to_the_camera_is_asked_once(live_server, open_day, ada, tmp_path):
    clip = clip_of([qr_of(ada)], tmp_path / "clip.mjpeg")

    with door_phone(clip) as context:
        page = pair(context, live_server, open_day)
        page.get_by_role("button", name="Start camera").click()
        shows(page, "Let in", "Ada L")
        expect(page.locator("#verdict")).to_be_hidden(timeout=TRAVEL)
        page.wait_for_timeout(5_000)  # longer than the same code is ignored
        expect(page.locator("#verdict")).to_be_hidden()

    assert verdicts() == ["admitted"]


def test_door_goes_on_with_no_network_and_loses_nothing(live_server, open_day, ada, tmp_path):
    late = make_ticket(open_day, "Late Comer")
    clip = clip_of([qr_of(ada)], tmp_path / "clip.mjpeg")
    profile = tmp_path / "profile"

    with door_phone(clip, profile=profile) as context:
        page = pair(context, live_server, open_day)
        page.reload()
        expect(page.locator("#status")).to_contain_text("Online", timeout=TRAVEL)
        context.set_offline(True)
        page.reload()
        expect(page.locator("#status")).to_contain_text("Offline since", timeout=TRAVEL)
        page.get_by_role("button", name="Start camera").click()
        shows(page, "Let in", "Ada L", "Decided on this phone")
        expect(page.locator("#status")).to_contain_text("1 unsent")
        page.get_by_role("button", name="Next").click()
        page.close()

    assert not CheckIn.objects.exists()
    unissued = make_ticket(open_day, "Issued Later")

    with door_phone(clip, profile=profile) as context:
        context.set_offline(True)
        page = context.new_page()
        page.goto(f"{live_server.url}/door/")
        expect(page.locator("#status")).to_contain_text("1 unsent", timeout=TRAVEL)
        for text, word in [
            ("not a ticket", "Stop"),
            (code_of(late), "Let in"),
            ("A" * 26, "Stop"),
            (code_of(unissued), "Let in"),
            (code_of(ada), "Stop"),
        ]:
            hand_scanner(page, text)
            shows(page, word)
            dismiss(page)
        assert page.locator("#status").inner_text().endswith("unsent")
        context.set_offline(False)
        expect(page.locator("#status")).to_contain_text("Online", timeout=TRAVEL)
        expect(page.locator("#status")).not_to_contain_text("unsent", timeout=TRAVEL)

    assert Admission.objects.count() == 3
    rows = CheckIn.objects.exclude(decided="").values_list("verdict", "decided")
    assert all(verdict == decided for verdict, decided in rows)
    assert sorted(verdict for verdict, _ in rows)[:3] == ["admitted", "admitted", "admitted"]
    assert Device.objects.get().unsent_scans == 0


def test_copy_of_the_phones_storage_holds_no_name(live_server, open_day, tmp_path):
    make_ticket(open_day, "Zebedee Quixotic")
    profile = tmp_path / "profile"

    with door_phone(profile=profile) as context:
        page = pair(context, live_server, open_day)
        page.reload()
        expect(page.locator("#status")).to_contain_text("Online", timeout=TRAVEL)

    kept = [file for file in profile.rglob("*") if file.is_file()]
    for word in ("Zebedee", "Quixotic"):
        needles = (word.encode(), word.encode("utf-16-le"))
        assert not [file for file in kept if any(needle in file.read_bytes() for needle in needles)]


def test_revoked_phone_wipes_itself(live_server, open_day, ada):
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        Device.objects.update(revoked_at=timezone.now())
        type_code(page, code_of(ada))
        expect(page.get_by_role("heading", name="This phone is signed out")).to_be_visible(timeout=TRAVEL)
        left = page.evaluate(
            """async () => {
              const open = indexedDB.open("door");
              const db = await new Promise((done) => { open.onsuccess = () => done(open.result); });
              const names = [...db.objectStoreNames];
              const read = (name) => new Promise((done) => {
                const ask = db.transaction(name).objectStore(name).getAll();
                ask.onsuccess = () => done(ask.result.length);
              });
              return Object.fromEntries(await Promise.all(names.map(async (n) => [n, await read(n)])));
            }"""
        )

    assert left == {"kept": 0, "own": 0, "queue": 0, "unread": 0}
    assert CheckIn.objects.get().is_quarantined


def test_captive_portal_is_never_taken_for_an_answer(live_server, open_day, ada):
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        page.route(
            "**/api/v1/**",
            lambda route: route.fulfill(
                status=200, content_type="text/html", body="<h1>Welcome to the free network</h1>"
            ),
        )
        type_code(page, code_of(ada))
        shows(page, "Let in", "Decided on this phone")
        expect(page.locator("#status")).to_contain_text("Offline since")
        page.unroute("**/api/v1/**")
        expect(page.locator("#status")).not_to_contain_text("unsent", timeout=TRAVEL)

    assert CheckIn.objects.get().decided == "admitted"
