"""A door phone for the tests: a real Chromium whose camera sees a clip that we make."""

import io
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import qrcode
from PIL import Image
from playwright.sync_api import sync_playwright

FRAME = (640, 360)
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


@contextmanager
def door_phone(clip: Path | None = None, *, profile: Path | None = None, width: int = 360, height: int = 740):
    """A browser context of a phone's size. profile keeps its storage, so that it can be killed and reopened."""
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
