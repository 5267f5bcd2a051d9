"""Is a camera that is not read said and started again, and does the right code of a picture win?"""

import io
from pathlib import Path

import pytest
import qrcode
from PIL import Image, ImageOps
from playwright.sync_api import Page, expect

from door.models import CheckIn
from tests.browser.door_phone import TRAVEL, clip_of, dismiss, door_phone, menu, pair, qr_of, shows
from tests.door.factories import make_ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
POSTER = "https://instagram.example/showcase"
# The decoder's worker in our hands: it can be kept from loading, and ended as a phone short of memory does.
IN_HAND = """(() => {
  const post = Worker.prototype.postMessage;
  window.isBroken = false;
  Worker.prototype.postMessage = function (data, ...more) {
    window.decoder = this;
    if (window.isBroken && data.start) data = { start: { ...data.start, wasm: '/nowhere.wasm' } };
    return post.call(this, data, ...more);
  };
})()"""
CAMERAS = """(() => {
  window.asked = [];
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = (wanted) => {
    asked.push(wanted.video.deviceId?.exact ?? 'any');
    return open({ video: true });
  };
  const device = (deviceId) => ({ kind: 'videoinput', deviceId, label: deviceId });
  navigator.mediaDevices.enumerateDevices = async () => [device('wide'), device('long')];
  const now = () => (asked.at(-1) === 'any' ? 'wide' : asked.at(-1));
  MediaStreamTrack.prototype.getSettings = () => ({ deviceId: now() });
  MediaStreamTrack.prototype.getCapabilities = () => ({ zoom: { min: 1, max: 2.5 } });
  MediaStreamTrack.prototype.applyConstraints = async ({ advanced: [{ zoom }] }) => { window.zoom = zoom; };
})()"""


def picture(payload: str, *, inverted: bool = False) -> Image.Image:
    made = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=7, border=4)
    made.add_data(payload)
    made.make()
    image = made.make_image().get_image().convert("RGB")
    return ImageOps.invert(image) if inverted else image


def still(path: Path, *pictures: Image.Image, ground: int = 96) -> Path:
    """A clip of one frame: what lies side by side before the camera."""
    frame = Image.new("RGB", (640, 360), (ground, ground, ground))
    left = (640 - sum(one.width for one in pictures)) // (len(pictures) + 1)
    at = left
    for one in pictures:
        frame.paste(one, (at, (360 - one.height) // 2))
        at += one.width + left
    jpeg = io.BytesIO()
    frame.save(jpeg, "JPEG", quality=90)
    path.write_bytes(jpeg.getvalue() * 20)
    return path


def start(page: Page) -> None:
    page.get_by_role("button", name="Start camera").click()


def says(page: Page, words: str) -> None:
    expect(page.locator("#storage-note")).to_contain_text(words, timeout=TRAVEL)


def test_decoder_that_does_not_load_is_said_and_tried_again(live_server, open_day, ada, tmp_path):
    with door_phone(clip_of([qr_of(ada)], tmp_path / "clip.mjpeg")) as context:
        context.add_init_script(IN_HAND.replace("isBroken = false", "isBroken = true"))
        page = pair(context, live_server, open_day)
        start(page)
        says(page, "The code reader did not load")
        page.evaluate("window.isBroken = false")  # the network is good again
        shows(page, "Let in", "Ada L")


def test_decoder_that_died_is_started_again(live_server, open_day, ada, tmp_path):
    bea = make_ticket(open_day, "Bea Example")
    clip = clip_of([qr_of(ada), None, qr_of(bea), None], tmp_path / "clip.mjpeg", empty_frames=60)
    with door_phone(clip) as context:
        context.add_init_script(IN_HAND)
        page = pair(context, live_server, open_day)
        start(page)
        expect(page.locator("#last")).to_contain_text("Let in", timeout=TRAVEL)
        page.evaluate("decoder.terminate()")
        says(page, "We have started the reader again")
        expect(page.locator("#last li")).to_have_count(3, timeout=TRAVEL)
        expect(page.locator("#storage-note")).not_to_contain_text("reader", timeout=TRAVEL)


def test_camera_that_was_taken_away_is_started_again(live_server, open_day, ada, tmp_path):
    with door_phone(clip_of([None, qr_of(ada)], tmp_path / "clip.mjpeg", empty_frames=120)) as context:
        page = pair(context, live_server, open_day)
        start(page)
        expect(page.locator("#camera")).to_be_visible(timeout=TRAVEL)
        page.evaluate("document.getElementById('camera').srcObject.getTracks()[0].stop()")
        says(page, "The camera stopped. We are starting it again")
        shows(page, "Let in", "Ada L")
        expect(page.get_by_role("button", name="Stop camera")).to_have_count(1)


def test_ticket_beside_a_poster_is_asked_and_the_poster_is_not(live_server, open_day, ada, tmp_path):
    clip = still(tmp_path / "clip.mjpeg", picture(POSTER), picture(qr_of(ada)))
    with door_phone(clip) as context:
        page = pair(context, live_server, open_day)
        start(page)
        shows(page, "Let in", "Ada L")
        page.wait_for_timeout(1_000)

    assert list(CheckIn.objects.values_list("verdict", flat=True)) == ["admitted"]


def test_poster_alone_is_no_ticket_and_no_alarm(live_server, open_day, tmp_path):
    with door_phone(still(tmp_path / "clip.mjpeg", picture(POSTER))) as context:
        page = pair(context, live_server, open_day)
        start(page)
        shows(page, "Again", "This is not a ticket")

    assert not CheckIn.objects.exists()


def test_two_tickets_in_one_picture_are_asked_one_after_the_other(live_server, open_day, ada, tmp_path):
    bea = make_ticket(open_day, "Bea Example")
    clip = still(tmp_path / "clip.mjpeg", picture(qr_of(ada)), picture(qr_of(bea)))
    with door_phone(clip) as context:
        page = pair(context, live_server, open_day)
        start(page)
        shows(page, "Let in", "1 scan waits")
        dismiss(page)
        expect(page.locator("#last li")).to_have_count(2, timeout=TRAVEL)
        dismiss(page)
        page.wait_for_timeout(4_000)
        expect(page.locator("#verdict")).to_be_hidden()

    assert list(CheckIn.objects.values_list("verdict", flat=True)) == ["admitted", "admitted"]


def test_ticket_that_dark_mode_turned_over_is_read(live_server, open_day, ada, tmp_path):
    clip = still(tmp_path / "clip.mjpeg", picture(qr_of(ada), inverted=True), ground=8)
    with door_phone(clip) as context:
        page = pair(context, live_server, open_day)
        start(page)
        shows(page, "Let in", "Ada L")


def test_another_camera_and_zoom_are_offered_where_there_are_some(live_server, open_day, tmp_path):
    with door_phone(clip_of([None], tmp_path / "clip.mjpeg")) as context:
        context.add_init_script(CAMERAS)
        page = pair(context, live_server, open_day)
        expect(page.get_by_role("button", name="Other camera")).to_be_hidden()
        start(page)
        page.get_by_role("button", name="Zoom 1 times").click()
        expect(page.get_by_role("button", name="Zoom 2 times")).to_be_visible()
        assert page.evaluate("zoom") == 2
        page.get_by_role("button", name="Other camera").click()
        expect(page.get_by_role("button", name="Zoom 1 times")).to_be_visible()
        page.get_by_role("button", name="Stop camera").click()
        start(page)
        expect(page.get_by_role("button", name="Stop camera")).to_be_visible()

        assert page.evaluate("asked") == ["any", "long", "long"]


def test_readiness_wants_a_test_scan(live_server, open_day, ada, tmp_path):
    with door_phone(clip_of([qr_of(ada)], tmp_path / "clip.mjpeg")) as context:
        page = pair(context, live_server, open_day)
        menu(page, "Ready for doors?")
        row = page.locator("#ready-list li").filter(has_text="est scan")
        expect(row).to_contain_text("hold a ticket up")
        assert row.get_attribute("data-fine") == "false"
        page.locator("#ready").get_by_role("button", name="Back to scanning").click()
        start(page)
        shows(page, "Let in", "Ada L")
        dismiss(page)
        menu(page, "Ready for doors?")
        expect(row).to_contain_text("Test scan read by the camera")
        assert row.get_attribute("data-fine") == "true"
