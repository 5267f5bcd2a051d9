"""Does a verdict stand for its own scan alone, as long as it is needed, and within the screen?"""

import pytest
from playwright.sync_api import Page, expect

from door.models import CheckIn
from tests.browser.door_phone import (
    TRAVEL,
    clip_of,
    dismiss,
    door_phone,
    hand_scanner,
    pair,
    qr_of,
    shows,
    type_code,
)
from tests.browser.test_door_team import unlock
from tests.door.factories import code_of, make_ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# What stood on the screen, one after the other: [word, name].
FILM = """() => {
  window.film = [];
  const look = () => {
    const text = (id) => document.getElementById(id).textContent;
    const isHidden = document.getElementById('verdict').hidden;
    const now = isHidden ? ['', ''] : [text('verdict-word'), text('verdict-name')];
    if (String(now) !== String(film.at(-1))) film.push(now);
    requestAnimationFrame(look);
  };
  look();
}"""
SLOW = """([late, milliseconds]) => {
  const send = window.fetch;
  window.fetch = async (url, options) => {
    const answer = await send(url, options);
    if (options?.body?.includes(late)) await new Promise((done) => setTimeout(done, milliseconds));
    return answer;
  };
}"""
# Every verdict as the page draws it, with the longest words that come with it.
DRAW = """async ([verdict, isPractice]) => {
  const screen = await import('/static/door/screen.js');
  const { WORDS, sentence } = await import('/static/door/verdict.js');
  const flags = ['no_photos', 'under_16', 'group'];
  const ticket = { serial: 7, first_name: 'Bartholomew', initial: 'K', age_band: '14-15', flags };
  const [gate, room] = ['Greenland Street entrance', 'The Long Gallery, second floor'];
  const parts = { time: '14:05', opens: '13:30', closes: '17:00', gate, room };
  const isNobody = ['unknown', 'malformed', 'wrong_event'].includes(verdict);
  const answer = { verdict, message: sentence(verdict, parts), ticket: isNobody ? undefined : ticket };
  screen.showVerdict(answer, { isHere: true, canOverride: true, isPractice });
}"""
FITS = """() => {
  const panel = document.getElementById('verdict');
  const inside = (id) => {
    const box = document.getElementById(id).getBoundingClientRect();
    const isBelow = box.top >= panel.getBoundingClientRect().top;
    return isBelow && box.bottom <= innerHeight && box.right <= innerWidth;
  };
  const bar = document.querySelector('.bar').getBoundingClientRect();
  const wrong = ['verdict-word', 'verdict-sentence', 'verdict-close'].filter((id) => !inside(id));
  if (panel.scrollHeight > panel.clientHeight) wrong.push('scrolls');
  if (panel.getBoundingClientRect().top < bar.bottom) wrong.push('covers the status line');
  const words = document.getElementById('verdict-where').getBoundingClientRect();
  const keys = document.getElementById('verdict-keys').getBoundingClientRect();
  if (words.bottom > keys.top) wrong.push('words under keys');
  return wrong;
}"""
SCREENS = {"phone": (360, 740), "landscape": (740, 360), "tablet": (820, 1180), "small": (320, 568)}


def answer_late(page: Page, code: str, milliseconds: int) -> None:
    """The server's answer to this code comes so late; all others at once."""
    page.evaluate(SLOW, [code, milliseconds])


def test_nobodys_green_stands_while_the_next_is_asked(live_server, open_day, ada):
    bo = make_ticket(open_day, "Bo Gone", state="cancelled")
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        hand_scanner(page, code_of(ada))
        shows(page, "Let in", "Ada L")
        answer_late(page, code_of(bo), 1000)
        page.evaluate(FILM)
        hand_scanner(page, code_of(bo))
        shows(page, "Stop")
        film = page.evaluate("film")

    words = [tuple(one) for one in film]
    assert words in (
        [("Let in", "Ada L"), ("Asking …", ""), ("Stop", "Bo G")],
        [("Asking …", ""), ("Stop", "Bo G")],
    )


@pytest.mark.parametrize("first_is_good", [True, False])
def test_answer_that_was_overtaken_goes_to_the_list_alone(live_server, open_day, ada, first_is_good):
    bo = make_ticket(open_day, "Bo Gone", state="cancelled")
    first, second = (ada, bo) if first_is_good else (bo, ada)
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        answer_late(page, code_of(first), 900)
        page.evaluate(FILM)
        hand_scanner(page, code_of(first))
        hand_scanner(page, code_of(second))
        expect(page.locator("#last li")).to_have_count(2, timeout=TRAVEL)
        page.wait_for_timeout(300)
        film = page.evaluate("film")
        listed = page.locator("#last li span").all_inner_texts()

    name = "Bo G" if first_is_good else "Ada L"
    assert {shown for _, shown in film} == {"", name}
    assert len(listed) == 2


def test_refusal_stays_and_green_goes(live_server, open_day, ada):
    bo = make_ticket(open_day, "Bo Blocked", state="blocked")
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        unlock(page, open_day, "supervisor", "274951")
        hand_scanner(page, code_of(bo))
        shows(page, "Stop", "Bo B")
        page.wait_for_timeout(4_500)
        expect(page.get_by_role("button", name="Let in all the same")).to_be_visible()
        hand_scanner(page, code_of(ada))
        shows(page, "Let in", "Ada L")
        expect(page.locator("#verdict")).to_be_hidden(timeout=5_000)


def test_same_ticket_behind_its_own_green_is_said(live_server, open_day, ada, tmp_path):
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        hand_scanner(page, code_of(ada))
        shows(page, "Let in", "Ada L")
        expect(page.locator("#verdict-again")).to_be_hidden()
        hand_scanner(page, code_of(ada))
        shows(page, "Let in", "Same ticket again")
    assert CheckIn.objects.count() == 1

    other = make_ticket(open_day, "Bea Example")
    clip = clip_of([qr_of(other), None], tmp_path / "clip.mjpeg", frames_each=30, empty_frames=45)
    with door_phone(clip) as context:
        page = pair(context, live_server, open_day)
        page.get_by_role("button", name="Start camera").click()
        shows(page, "Let in", "Bea E")
        expect(page.locator("#verdict-again")).to_contain_text("Same ticket again", timeout=4_000)
    assert CheckIn.objects.count() == 2


@pytest.mark.parametrize("size", SCREENS.values(), ids=SCREENS.keys())
def test_every_verdict_fits_below_the_status_line(live_server, open_day, size):
    width, height = size
    wrong = {}
    with door_phone(width=width, height=height) as context:
        page = pair(context, live_server, open_day)
        for verdict in [*CheckIn.Verdict.values, "malformed"]:
            for is_practice in (False, True):
                page.evaluate(DRAW, [verdict, is_practice])
                if found := page.evaluate(FITS):
                    wrong[verdict, is_practice] = found
        name, sentence = (
            page.locator(part).evaluate("(one) => parseFloat(getComputedStyle(one).fontSize)")
            for part in ("#verdict-name", "#verdict-sentence")
        )

    assert wrong == {}
    if width == 820:
        assert (name, sentence) >= (1.5 * 60, 1.5 * 32)  # half as large again as on a phone


def test_status_line_is_seen_while_a_verdict_stands(live_server, open_day, ada):
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        context.set_offline(True)
        type_code(page, code_of(ada))
        shows(page, "Let in", "Decided on this phone")
        seen = page.evaluate(
            """() => { const box = document.getElementById('status').getBoundingClientRect();
              return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2).id; }"""
        )
        expect(page.locator("#status")).to_contain_text("1 unsent")
        dismiss(page)

    assert seen == "status"
