"""How long does a steward wait without network?

From the camera's frame to the verdict, in a real Chromium.
"""

import os
import statistics
import tempfile
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from tests.browser.door_phone import clip_of, door_phone

VERDICTS = 40
PATIENCE = 120  # seconds
# A frame is taken by createImageBitmap and answered by the worker, one at a time; the verdict is there when
# the frame after the change of the page is drawn.
WATCH = """() => {
  let taken = 0, hit = 0, last = "";
  window.waits = [];
  const take = window.createImageBitmap;
  window.createImageBitmap = (...asked) => { taken = performance.now(); return take(...asked); };
  const Real = window.Worker;
  window.Worker = class extends Real {
    constructor(...asked) {
      super(...asked);
      this.addEventListener("message", ({ data }) => {
        if (data.text && data.text !== last) [last, hit] = [data.text, taken]; // the first sight of each code
      });
    }
  };
  addEventListener("DOMContentLoaded", () => {
    new MutationObserver(() => requestAnimationFrame(() => {
      if (hit && !document.getElementById("verdict").hidden) window.waits.push(performance.now() - hit);
      hit = 0;
    })).observe(
      document.getElementById("verdict-sentence"),
      { childList: true, characterData: true, subtree: true },
    );
  });
}"""


def frame_to_verdict(*, port: int, pairing_code: str, codes: list[str]) -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        seen = [part for code in codes for part in (f"HTTPS://EVENTS.EXAMPLE.ORG/T/{code}", None)]
        clip = clip_of(seen, Path(folder) / "clip.mjpeg", frames_each=15, empty_frames=6)
        with door_phone(clip) as context:
            page = context.new_page()
            page.add_init_script(f"({WATCH})()")
            page.goto(f"http://127.0.0.1:{port}/door/#{pairing_code}")
            page.get_by_label("Your first name").fill("Sam")
            page.get_by_role("button", name="Join").click()
            page.wait_for_selector("#status:has-text('list of')", timeout=60_000)
            page.evaluate("navigator.serviceWorker.ready.then(() => true)")
            context.set_offline(True)
            began = time.perf_counter()
            page.reload()
            page.wait_for_selector("#status:has-text('Offline since')", timeout=60_000)
            reopened = time.perf_counter() - began
            page.get_by_role("button", name="Start camera").click()
            waits: list[float] = []
            while len(waits) < VERDICTS and time.perf_counter() - began < PATIENCE:
                page.wait_for_timeout(500)
                waits = page.evaluate("window.waits")
    assert len(waits) >= VERDICTS, f"only {len(waits)} verdicts in {PATIENCE} s"
    return [
        f"without network, list of 20,000 serials, {len(waits)} verdicts: "
        "from the camera's frame to the verdict "
        f"| {statistics.median(waits):.0f} ms at the median, {max(waits):.0f} ms at most "
        "| median at most 100 ms",
        f"the same phone opens again without network | {reopened:.1f} s |",
    ]
