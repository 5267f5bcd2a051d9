"""Is the door still honest when its phone has no room left,
and does a phone forget when the event is over?"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from door.domain.devices import make_pairing_code
from door.models import Admission, CheckIn, Device, PairingCode
from tests.browser.door_phone import (
    TRAVEL,
    dismiss,
    door_phone,
    menu,
    pair,
    shows,
    type_code,
)
from tests.door.factories import code_of, make_gate, make_ticket
from tickets.domain import codes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NO_ROOM = """() => {
  const full = () => { throw new DOMException("no room", "QuotaExceededError"); };
  window.put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = full;
}"""
ROOM_AGAIN = "() => { IDBObjectStore.prototype.put = window.put; }"
# The first write of a scan goes through, the one with the decision does not.
NO_ROOM_FOR_DECISIONS = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, ...more) {
    if (value?.decided) throw new DOMException("no room", "QuotaExceededError");
    return put.call(this, value, ...more);
  };
}"""
STORED = """async () => {
  const open = indexedDB.open("door");
  const db = await new Promise((done) => { open.onsuccess = () => done(open.result); });
  const read = (name) => new Promise((done) => {
    const ask = db.transaction(name).objectStore(name).getAllKeys();
    ask.onsuccess = () => done(ask.result.length);
  });
  return Object.fromEntries(await Promise.all([...db.objectStoreNames].map(async (n) => [n, await read(n)])));
}"""


def warns(page: Page) -> None:
    expect(page.locator("#storage-note")).to_contain_text("no room to keep scans", timeout=TRAVEL)


def ready_row(page: Page, words: str):
    """The page is drawn once; what could not be written is written again at the next contact,
    within seconds."""
    row = page.locator("#ready-list li").filter(has_text=words)
    for _ in range(25):
        menu(page, "Ready for doors?")
        expect(page.locator("#ready-list li").first).to_be_visible()
        page.wait_for_timeout(300)
        if row.count():
            break
        page.locator("#ready").get_by_role("button", name="Back to scanning").click()
        page.wait_for_timeout(500)
    expect(row).to_have_count(1)
    return row


@pytest.mark.parametrize("full", [NO_ROOM, NO_ROOM_FOR_DECISIONS], ids=["nothing", "no decision"])
def test_phone_without_room_never_lets_in_offline_and_says_so(live_server, open_day, ada, full):
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        context.set_offline(True)
        page.evaluate(full)
        type_code(page, code_of(ada))
        shows(page, "Again", "This phone could not keep the scan. Use another phone.")
        warns(page)
        dismiss(page)
        assert page.evaluate(STORED)["queue"] == 0
        context.set_offline(False)
        expect(page.locator("#status")).to_contain_text("Online", timeout=TRAVEL)

    assert not CheckIn.objects.exists()


def test_phone_without_room_goes_on_while_the_server_keeps_the_scan(live_server, open_day, ada):
    late = make_ticket(open_day, "Late Comer")
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        page.evaluate(NO_ROOM)
        type_code(page, code_of(ada))
        shows(page, "Let in", "Ada L")
        warns(page)
        dismiss(page)
        assert ready_row(page, "This phone cannot keep scans").get_attribute("data-fine") == "false"
        page.locator("#ready").get_by_role("button", name="Back to scanning").click()
        menu(page, "Sync now")
        expect(page.locator("#menu-facts")).to_have_text("Everything is up to date.", timeout=TRAVEL)
        page.evaluate(ROOM_AGAIN)
        page.locator("#menu").get_by_role("button", name="Back to scanning").click()
        type_code(page, code_of(late))
        shows(page, "Let in", "Late C")
        dismiss(page)
        assert ready_row(page, "Scans are kept when the phone restarts").get_attribute("data-fine") == "true"

    assert Admission.objects.count() == 2


def test_storage_that_did_not_open_is_asked_again(live_server, open_day, ada):
    """As on a disk that is full for a moment; a real one refuses to open IndexedDB at all."""
    with door_phone() as context:
        context.add_init_script(
            """(() => {
              const open = IDBFactory.prototype.open;
              let asked = 0;
              IDBFactory.prototype.open = function (...wanted) {
                if (!asked++) throw new DOMException("Internal error opening backing store", "UnknownError");
                return open.apply(this, wanted);
              };
            })()"""
        )
        page = pair(context, live_server, open_day)
        context.set_offline(True)
        type_code(page, code_of(ada))
        shows(page, "Let in", "Ada L", "Decided on this phone")


def test_browser_that_gives_no_room_is_told_before_the_day(live_server, open_day):
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        expect(page.locator("#storage-note")).not_to_contain_text("no room")
        page.evaluate("navigator.storage.estimate = async () => ({ quota: 3_000_000, usage: 1_300_000 })")
        row = ready_row(page, "This phone is nearly full")
        assert row.get_attribute("data-fine") == "false"


def test_readiness_says_whether_the_page_opens_without_network(live_server, open_day):
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        row = ready_row(page, "This page opens without network")
        assert row.get_attribute("data-fine") == "true"
        page.locator("#ready").get_by_role("button", name="Back to scanning").click()
        page.evaluate("navigator.serviceWorker.getRegistration('/door/').then((one) => one.unregister())")
        row = ready_row(page, "This page does not open without network yet")
        assert row.get_attribute("data-fine") == "false"


def test_phone_wipes_itself_12_hours_after_the_event_with_no_contact(live_server, open_day, ada):
    until_the_end = open_day.ends_at - timezone.now() + timedelta(hours=12)
    with door_phone() as context:
        context.clock.install(time=timezone.now())
        page = pair(context, live_server, open_day)
        context.set_offline(True)
        type_code(page, code_of(ada))
        shows(page, "Let in", "Ada L", "Decided on this phone")
        page.clock.fast_forward((until_the_end - timedelta(minutes=5)) / timedelta(milliseconds=1))
        expect(page.locator("#status")).to_contain_text("1 unsent", timeout=TRAVEL)
        assert page.evaluate(STORED)["kept"] > 1

        page.clock.fast_forward(timedelta(minutes=10) / timedelta(milliseconds=1))
        expect(page.get_by_role("heading", name="This phone is signed out")).to_be_visible(timeout=TRAVEL)
        expect(page.locator("#ended-why")).to_contain_text("The event is over. Thank you. Some scans are")
        assert page.evaluate(STORED) == {"kept": 1, "own": 0, "queue": 1, "unread": 0}
        assert "Ada" not in page.content()
        page.reload()
        expect(page.locator("#ended-why")).to_contain_text("still unsent", timeout=TRAVEL)

        context.set_offline(False)
        page.clock.fast_forward(5_000)
        expect(page.locator("#ended-why")).to_contain_text("has been handed in", timeout=TRAVEL)
        assert page.evaluate(STORED) == {"kept": 0, "own": 0, "queue": 0, "unread": 0}

    row = CheckIn.objects.get()
    assert (row.decided, row.is_quarantined) == ("admitted", True)
    assert not Admission.objects.exists()


def test_phone_that_had_sent_everything_keeps_nothing_after_its_time(live_server, open_day, ada):
    with door_phone() as context:
        context.clock.install(time=timezone.now())
        page = pair(context, live_server, open_day)
        type_code(page, code_of(ada))
        shows(page, "Let in", "Ada L")
        context.set_offline(True)
        until_the_end = open_day.ends_at - timezone.now() + timedelta(hours=12, minutes=1)
        page.clock.fast_forward(until_the_end / timedelta(milliseconds=1))
        expect(page.get_by_role("heading", name="This phone is signed out")).to_be_visible(timeout=TRAVEL)
        expect(page.locator("#ended-why")).to_have_text("The event is over. Thank you.")
        assert page.evaluate(STORED) == {"kept": 0, "own": 0, "queue": 0, "unread": 0}
        assert "Ada" not in page.content()
        page.reload()
        expect(page.get_by_role("heading", name="Join the door team")).to_be_visible(timeout=TRAVEL)


def test_roster_of_20000_serials_loads_and_decides_offline(live_server, open_day, ada):
    open_day.capacity, open_day.serials_issued, open_day.places_taken = 18_182, 1, 1
    open_day.save()
    last, beyond = (codes.ticket_code(open_day.pk, serial, 1) for serial in (20_000, 25_000))

    with door_phone() as context:
        page = pair(context, live_server, open_day)
        context.set_offline(True)
        page.reload()
        expect(page.locator("#status")).to_contain_text("Offline since", timeout=TRAVEL)
        for code, word in [
            (code_of(ada), "Let in"),
            (code_of(ada)[:10], "Stop"),
            (last, "Let in"),
            (beyond, "Stop"),
        ]:
            type_code(page, code)
            shows(page, word)
            dismiss(page)
        expect(page.locator("#status")).to_contain_text("4 unsent")


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


def test_browser_that_keeps_nothing_says_so_before_the_code_is_spent(live_server, open_day):
    code = make_pairing_code(gate=make_gate(open_day), now=timezone.now(), by=None)

    with door_phone() as context:
        context.add_init_script(
            "indexedDB.open = () => { throw new DOMException('refused', 'SecurityError'); };"
        )
        page = context.new_page()
        page.goto(f"{live_server.url}/door/#{code}")
        expect(page.get_by_text("This browser keeps nothing")).to_be_visible(timeout=TRAVEL)
        page.get_by_label("Your first name").fill("Sam")
        page.get_by_role("button", name="Join").click()
        page.wait_for_timeout(500)

    assert PairingCode.objects.get().used_at is None
    assert not Device.objects.exists()
