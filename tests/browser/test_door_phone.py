"""Does a phone say how it stands: practising, on a slow network, muted, at which door, how it is paired?"""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from door.domain.devices import make_pairing_code
from door.models import Admission, CheckIn
from tests import factories
from tests.browser.door_phone import (
    TRAVEL,
    clip_of,
    dismiss,
    door_phone,
    hand_scanner,
    menu,
    pair,
    shows,
)
from tests.browser.test_door_signals import NOTED
from tests.door.factories import code_of, make_gate, make_ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Every answer of the server comes this late, as on a network that is overrun.
SLOW = """(milliseconds) => {
  window.answersIn = milliseconds;
  const send = window.fetch;
  window.fetch = async (url, options) => {
    if (String(url).startsWith('/api/') && answersIn)
      await new Promise((done, fail) => {
        setTimeout(done, answersIn);
        options?.signal?.addEventListener('abort', () => fail(options.signal.reason));
      });
    return send(url, options);
  };
}"""


def test_practice_looks_like_practice_and_ends_by_itself(live_server, open_day, ada):
    with door_phone() as context:
        context.clock.install(time=timezone.now())
        page = pair(context, live_server, open_day)
        menu(page, "Practice")
        expect(page.locator("#practice-note")).to_contain_text("Practice until")
        hand_scanner(page, code_of(ada))
        shows(page, "Let in", "Practice", "Ada L")
        ground = page.locator("#verdict").evaluate("(one) => getComputedStyle(one).backgroundImage")
        assert "repeating-linear-gradient" in ground
        dismiss(page)
        page.clock.fast_forward("15:01")
        expect(page.locator("#practice-note")).to_be_hidden()
        hand_scanner(page, code_of(ada))
        shows(page, "Let in", "Ada L")
        expect(page.locator("#verdict-practice")).to_be_hidden()

    assert list(CheckIn.objects.order_by("pk").values_list("is_practice", flat=True)) == [True, False]
    assert Admission.objects.count() == 1


def seconds_to_decide(page: Page, code: str) -> float:
    begun = page.evaluate("performance.now()")
    hand_scanner(page, code)
    expect(page.locator("#verdict-word")).to_have_text("Let in", timeout=TRAVEL)
    took = page.evaluate("performance.now()") - begun
    dismiss(page)
    return took / 1000


def test_slow_network_is_online_again_only_after_a_fast_answer(live_server, open_day):
    guests = [code_of(make_ticket(open_day, f"Guest{place} Tester")) for place in range(5)]
    type(open_day).objects.update(serials_issued=5, places_taken=5)
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        page.evaluate(SLOW, 2_500)
        first = seconds_to_decide(page, guests[0])
        rest = []
        for code in guests[1:]:
            page.wait_for_timeout(2_000)
            rest.append(seconds_to_decide(page, code))
        expect(page.locator("#status")).to_contain_text("Slow network since", timeout=TRAVEL)
        page.evaluate("window.answersIn = 0")
        expect(page.locator("#status")).to_contain_text("Online", timeout=TRAVEL)
        expect(page.locator("#status")).not_to_contain_text("unsent", timeout=TRAVEL)

    assert 1.4 < first < 3
    assert max(rest) < 1
    assert Admission.objects.count() == 5


FAULT = """() => {
  const find = document.getElementById.bind(document);
  window.isFaulty = true;
  document.getElementById = (id) => {
    if (isFaulty && id === 'roll-call-on') throw new Error('for once');
    return find(id);
  };
}"""


def test_syncs_go_on_after_a_fault_in_one(live_server, open_day):
    syncs = []
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        page.on("request", lambda request: syncs.append(request.url) if "contact" in request.url else None)
        page.evaluate(FAULT)
        for _ in range(30):
            page.wait_for_timeout(500)
            if syncs:
                break
        page.wait_for_timeout(1_000)
        page.evaluate("window.isFaulty = false")
        before = len(syncs)
        for _ in range(30):
            page.wait_for_timeout(500)
            if len(syncs) > before:
                break

    assert len(syncs) > before > 0


def test_muted_phone_makes_no_sound_and_stays_so(live_server, open_day, ada):
    with door_phone() as context:
        context.add_init_script(NOTED)
        page = pair(context, live_server, open_day)
        menu(page, "Turn the sound off")
        page.locator("#menu").get_by_role("button", name="Back to scanning").click()
        page.reload()
        expect(page.locator("#status")).to_contain_text("Online", timeout=TRAVEL)
        hand_scanner(page, code_of(ada))
        shows(page, "Let in", "Ada L")
        heard = page.evaluate("noted")

    assert (heard["tones"], heard["felt"]) == ([], [[80]])


def test_door_of_a_session_says_which(live_server, open_day):
    session = factories.make_session(open_day, title="Score the scene")
    code = make_pairing_code(gate=make_gate(open_day), session=session, now=timezone.now(), by=None)
    with door_phone() as context:
        page = context.new_page()
        page.goto(f"{live_server.url}/door/#{code}")
        page.get_by_label("Your first name").fill("Sam")
        page.get_by_role("button", name="Join").click()
        expect(page.locator("#gate-name")).to_have_text("Score the scene", timeout=TRAVEL)
        expect(page.locator("#event-title")).to_have_text("Open Day, Main gate")


def test_pages_own_camera_pairs_and_waits_for_no_storage(live_server, open_day, tmp_path):
    code = make_pairing_code(gate=make_gate(open_day), now=timezone.now(), by=None)
    clip = clip_of([f"{live_server.url}/door/#{code}"], tmp_path / "clip.mjpeg")
    with door_phone(clip) as context:
        context.add_init_script("StorageManager.prototype.persist = () => new Promise(() => {})")
        page = context.new_page()
        page.goto(f"{live_server.url}/door/")
        expect(page.locator("#pair-install")).to_contain_text("add this page to the home screen")
        page.get_by_role("button", name="Scan the pairing code").click()
        expect(page.get_by_label("Pairing code", exact=True)).to_have_value(code, timeout=TRAVEL)
        expect(page.locator("#pair-camera")).to_be_hidden()
        page.get_by_label("Your first name").fill("Sam")
        page.get_by_role("button", name="Join").click()
        expect(page.locator("#status")).to_contain_text("Online, list of", timeout=TRAVEL)


def test_refused_storage_and_a_dark_screen_are_said_once_and_on_the_readiness_page(live_server, open_day):
    with door_phone() as context:
        context.add_init_script(
            """StorageManager.prototype.persist = async () => false;
               StorageManager.prototype.persisted = async () => false;
               WakeLock.prototype.request = async () => { throw new Error('low battery'); };"""
        )
        page = pair(context, live_server, open_day)
        expect(page.locator("#storage-note")).to_contain_text("may clear unsent scans", timeout=TRAVEL)
        menu(page, "Ready for doors?")
        for words in ("The browser may clear unsent scans", "The screen may go dark"):
            row = page.locator("#ready-list li").filter(has_text=words)
            expect(row).to_have_attribute("data-fine", "false")
        page.locator("#ready").get_by_role("button", name="Back to scanning").click()
        menu(page, "Sync now")
        expect(page.locator("#menu-facts")).to_have_text("Everything is up to date.", timeout=TRAVEL)
        expect(page.locator("#storage-note")).to_be_hidden()
