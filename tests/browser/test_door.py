"""Does the door tell tickets from everything else in a real browser: by camera, by typing, by a scanner?"""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from door.models import Admission, CheckIn, Device
from tests import factories
from tests.browser.door_phone import (
    TRAVEL,
    clip_of,
    dismiss,
    door_phone,
    hand_scanner,
    menu,
    pair,
    qr_of,
    shows,
    type_code,
)
from tests.door.factories import code_of, make_ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def verdicts() -> list[str]:
    return list(CheckIn.objects.order_by("scanned_at").values_list("verdict", flat=True))


def test_ticket_is_scanned_typed_and_wedged(live_server, open_day, ada, tmp_path):
    grace = make_ticket(open_day, "Grace Hopper", age=14, age_band="14-15")
    clip = clip_of([qr_of(ada), None], tmp_path / "clip.mjpeg", empty_frames=180)

    with door_phone(clip) as context:
        page = pair(context, live_server, open_day)
        page.get_by_role("button", name="Start camera").click()
        shows(page, "Let in", "Ada L", "16 to 17", "No photos")
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
        shows(page, "Again", "This is not a ticket")
        hand_scanner(page, "B" * 26)
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


def test_practice_reaches_no_figure(live_server, open_day, ada):
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        menu(page, "Practice")
        expect(page.locator("#practice-note")).to_contain_text("Nothing counts.")
        type_code(page, code_of(ada))
        shows(page, "Let in", "Ada L", "Practice")
        expect(page.locator("#last")).to_contain_text("Practice. Let in: Ada L")
        expect(page.locator("#last button")).to_have_count(0)

    assert CheckIn.objects.get().is_practice
    assert not Admission.objects.exists()


def test_tickets_among_other_codes_in_four_seconds_are_the_only_scans(live_server, open_day, ada, tmp_path):
    grace = make_ticket(open_day, "Grace Hopper")
    seen = ["WIFI:S:guest;T:WPA;P:secret;;", qr_of(ada), "javascript:alert(document.domain)", qr_of(grace)]
    clip = clip_of(seen, tmp_path / "clip.mjpeg", frames_each=30)

    with door_phone(clip) as context:
        page = pair(context, live_server, open_day)
        dialogs = []
        page.on("dialog", lambda dialog: dialogs.append(dialog) or dialog.dismiss())
        page.get_by_role("button", name="Start camera").click()
        expect(page.locator("#last")).to_contain_text("Grace H", timeout=TRAVEL)
        expect(page.locator("#last")).to_contain_text("Ada L")
        assert page.url.endswith("/door/")
        assert "secret" not in page.content()

    assert set(verdicts()) <= {"admitted", "already_admitted"}
    assert not dialogs
    assert Admission.objects.count() == 2


NOT_TICKETS = {
    "longest": "A1" * 2148,  # 4,296 characters, the most a QR code holds
    "card": "BEGIN:VCARD\\nFN:Eve\\nEND:VCARD",
    "link": "https://evil.example/T/../../desk/",
    "markup": "<img src=x onerror=document.title='broken'>",
    "sql": "'; DROP TABLE tickets_ticket; --",
}


def test_codes_that_are_no_tickets_are_told_so_online_and_offline(live_server, open_day, ada):
    flipped = code_of(ada)[:-1] + ("A" if code_of(ada)[-1] != "A" else "B")
    foreign = make_ticket(factories.make_event("other"), "Fay Foreign")
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        for offline in (False, True):
            context.set_offline(offline)
            for text in NOT_TICKETS.values():
                type_code(page, text)
                shows(page, "Again", "This is not a ticket")
                dismiss(page)
            type_code(page, flipped)
            shows(page, "Stop", "We do not know this code")
            dismiss(page)
        type_code(page, code_of(foreign))
        shows(page, "Stop")
        assert page.title() == "Door"

    assert not Admission.objects.exists()
    assert set(verdicts()) <= {"unknown", "wrong_event"}  # what can be no ticket makes no row
