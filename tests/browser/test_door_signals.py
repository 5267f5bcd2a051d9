"""Is a verdict heard and felt, does the screen stay awake, and is there light where the camera has one?"""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests import factories
from tests.browser.door_phone import TRAVEL, clip_of, dismiss, door_phone, pair, shows, type_code
from tests.door.factories import code_of, make_ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# What this machine has no part for is noted instead: a motor, a lamp, a screen that would sleep.
NOTED = """(() => {
  window.noted = { felt: [], tones: [], awake: 0, light: [] };
  navigator.vibrate = (pattern) => { noted.felt.push(pattern); return true; };
  const make = BaseAudioContext.prototype.createOscillator;
  BaseAudioContext.prototype.createOscillator = function () {
    const tone = make.call(this);
    queueMicrotask(() => noted.tones.push([tone.type, tone.frequency.value]));
    return tone;
  };
  WakeLock.prototype.request = async () => {
    noted.awake += 1;
    return { released: false, release: async () => {} };
  };
  MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true });
  MediaStreamTrack.prototype.applyConstraints = async (wanted) => {
    noted.light.push(wanted.advanced[0].torch);
  };
})()"""


@pytest.fixture
def open_day(db):
    return factories.make_event(
        "open-day", starts_at=timezone.now() - timedelta(minutes=30), safe_capacity=600
    )


def test_each_verdict_sounds_and_feels_different_and_works_without_either(live_server, open_day):
    ada, bo = make_ticket(open_day, "Ada Lovelace"), make_ticket(open_day, "Bo Held", state="on-hold")
    found = {}
    with door_phone() as context:
        context.add_init_script(NOTED)
        page = pair(context, live_server, open_day)
        for code, word in [(code_of(ada), "Let in"), ("B" * 26, "Stop"), (code_of(bo), "Wait")]:
            page.evaluate("Object.assign(noted, { felt: [], tones: [] })")
            type_code(page, code)
            shows(page, word)
            page.wait_for_timeout(50)
            heard = page.evaluate("noted")
            found[word] = (str(heard["felt"]), str(heard["tones"]))
            dismiss(page)
        assert page.evaluate("noted.awake") >= 1
        page.evaluate(
            "delete navigator.vibrate; navigator.vibrate = undefined; window.AudioContext = undefined"
        )
        page.reload()
        page.wait_for_timeout(3_100)
        type_code(page, code_of(ada))
        shows(page, "Stop", "Already let in")

    assert len({felt for felt, _ in found.values()}) == 3
    assert len({tones for _, tones in found.values()}) == 3
    assert "[]" not in {tones for _, tones in found.values()}


def test_light_is_offered_where_the_camera_has_one_and_is_switched(live_server, open_day, tmp_path):
    with door_phone(clip_of([None], tmp_path / "clip.mjpeg")) as context:
        context.add_init_script(NOTED)
        page = pair(context, live_server, open_day)
        light = page.get_by_role("button", name="Light")
        expect(light).to_be_hidden()
        page.get_by_role("button", name="Start camera").click()
        expect(light).to_be_visible(timeout=TRAVEL)
        light.click()
        expect(light).to_have_attribute("aria-pressed", "true")
        light.click()
        expect(light).to_have_attribute("aria-pressed", "false")

        assert page.evaluate("noted.light") == [True, False]
