"""A door phone for the tests: a real Chromium whose camera sees a clip that we make."""

import io
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import qrcode
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from door.domain.devices import make_pairing_code
from tests.door.factories import code_of, make_gate

FRAME = (640, 360)
TRAVEL = 15_000  # milliseconds; a slow machine is no failure
QUIET_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is needed for the browser tests"
    return path


def clip_of(payloads: list[str | None], path: Path, *, frames_each: int = 20, empty_frames: int = 20) -> Path:
    """A looping clip of 30 frames a second that shows each payload as a QR code in turn; None an empty desk.

    A .mjpeg file is nothing but JPEG pictures one after another.
    """
    with open(path, "wb") as clip:
        for payload in payloads:
            picture = io.BytesIO()
            _frame(payload).save(picture, "JPEG", quality=90)
            clip.write(picture.getvalue() * (frames_each if payload else empty_frames))
    return path


def _frame(payload: str | None) -> Image.Image:
    frame = Image.new("RGB", FRAME, (92, 96, 104))
    if payload is not None:
        code = qrcode.make(payload, error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=7, border=4)
        picture = code.get_image().convert("RGB")
        frame.paste(picture, ((FRAME[0] - picture.width) // 2, (FRAME[1] - picture.height) // 2))
    return frame


def qr_of(ticket) -> str:
    return f"HTTPS://EVENTS.EXAMPLE.ORG/T/{code_of(ticket)}"


@contextmanager
def door_phone(clip: Path | None = None, *, profile: Path | None = None, width: int = 360, height: int = 740):
    """A browser context of a phone's size.
    profile keeps its storage, so that it can be killed and reopened."""
    flags = [*QUIET_FLAGS, "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    if clip is not None:
        flags.append(f"--use-file-for-fake-video-capture={clip}")
    screen = {"viewport": {"width": width, "height": height}, "permissions": ["camera"], "locale": "en-GB"}
    with sync_playwright() as playwright:
        launch = {"executable_path": chromium_path(), "headless": True, "args": flags}
        if profile is None:
            browser = playwright.chromium.launch(**launch)
            yield browser.new_context(**screen)
            browser.close()
        else:
            context = playwright.chromium.launch_persistent_context(str(profile), **launch, **screen)
            yield context
            context.close()


def pair(context, live_server, event) -> Page:
    """A page of a phone that has just been paired by its one-time link,
    with its list and its service worker."""
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


def dismiss(page: Page) -> None:
    page.get_by_role("button", name="Next").click()


def menu(page: Page, name: str) -> None:
    page.get_by_role("button", name="More").click()
    page.locator("#menu").get_by_role("button", name=name).click()


def hand_scanner(page: Page, code: str) -> None:
    """A scanner that types, wherever the focus is."""
    page.get_by_role("button", name="More").focus()
    page.keyboard.type(code)
    page.keyboard.press("Enter")
