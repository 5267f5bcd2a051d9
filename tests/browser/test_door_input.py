"""Does a hand scanner that types never answer a question, wherever the focus is, however its codes end?"""

import pytest
from playwright.sync_api import Page, expect

from door.domain.instructions import give
from door.models import Admission, CheckIn, InstructionSeen
from tests import factories
from tests.browser.door_phone import TRAVEL, dismiss, door_phone, menu, pair, shows, type_code
from tests.door.factories import code_of, make_ticket

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHEETS = "[...document.querySelectorAll('dialog.sheet')].map((sheet) => sheet.id)"
CONTROLS = """(id) => {
  const sheet = document.getElementById(id);
  for (const part of sheet.querySelectorAll('[hidden]')) part.hidden = false;
  for (const part of sheet.querySelectorAll('details')) part.open = true;
  const all = [...sheet.querySelectorAll('button, input, summary, [tabindex="0"]')];
  all.forEach((one, place) => { one.dataset.place = place; });
  return all.length;
}"""
WATCH = """() => {
  window.pressed = [];
  const note = (event) => { if (event.isTrusted || event.type === 'submit') pressed.push(event.type); };
  for (const type of ['click', 'submit', 'change']) document.addEventListener(type, note, true);
}"""
STATE = """(id) => {
  const inputs = [...document.getElementById(id).querySelectorAll('input')];
  return JSON.stringify(inputs.map((one) => [one.value, one.checked]));
}"""
ENDS = {"Enter": "Enter", "Tab": "Tab", "nothing": None}


def scan(page: Page, code: str, end: str | None = "Enter") -> None:
    """As a hand scanner: where the focus is, all at once, and then Enter, Tab or nothing."""
    page.keyboard.type(f"HTTPS://EVENTS.EXAMPLE.ORG/T/{code}" if len(code) == 26 else code)
    if end:
        page.keyboard.press(end)
    else:
        page.wait_for_timeout(160)


def tickets(event, count: int) -> list[str]:
    made = [code_of(make_ticket(event, f"Guest{place} Tester")) for place in range(count)]
    type(event).objects.update(serials_issued=count, places_taken=count)
    return made


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_no_control_of_any_sheet_is_answered_by_a_scanner(live_server, open_day, ada, end):
    code, wrong = code_of(ada), []
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        page.evaluate(WATCH)
        sheets = page.evaluate(SHEETS)
        for sheet in sheets:
            page.evaluate("(id) => document.getElementById(id).showModal()", sheet)
            for place in range(page.evaluate(CONTROLS, sheet)):
                control = page.locator(f"#{sheet} [data-place='{place}']")
                control.focus()
                before = page.evaluate(STATE, sheet)
                scan(page, code, end)
                is_open = page.evaluate("(id) => document.getElementById(id).open", sheet)
                pressed = page.evaluate("pressed.splice(0)")
                says = page.locator(f"#{sheet} > #waiting").inner_text(timeout=3_000) if is_open else "closed"
                if (
                    pressed
                    or not is_open
                    or page.evaluate(STATE, sheet) != before
                    or "1 scan waits" not in says
                ):
                    wrong.append((sheet, place, pressed, says))
            page.evaluate("(id) => document.getElementById(id).close()", sheet)
            expect(page.locator("#verdict")).to_be_visible(timeout=TRAVEL)  # what was kept is asked now
            dismiss(page)
            page.evaluate("pressed.splice(0)")

    assert len(sheets) >= 12
    assert wrong == []


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_wherever_the_focus_is_on_the_page_each_scan_is_asked(live_server, open_day, end):
    places = [
        "[name=direction][value=entry]",
        "[name=direction][value=exit]",
        "#more",
        "#start",
        "#code",
        "#typed button",
        "#last",
        "#last li button",
        "#verdict-close",
    ]
    codes = tickets(open_day, len(places) + 1)
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        type_code(page, codes.pop())
        shows(page, "Let in")
        for place, code in zip(places, codes, strict=True):
            if place != "#verdict-close" and page.locator("#verdict").is_visible():
                dismiss(page)
            page.locator(place).first.focus()
            scan(page, code, end)
            expect(page.locator("#last li").first).to_contain_text("Let in: Guest", timeout=TRAVEL)
            shows(page, "Let in")
            expect(page.get_by_role("radio", name="In", exact=True)).to_be_checked()
            expect(page.get_by_placeholder("Type a code")).to_have_value("")

    assert CheckIn.objects.filter(verdict="admitted").count() == len(places) + 1


def test_after_a_tap_on_out_the_scanner_goes_on(live_server, open_day, ada):
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        page.get_by_role("radio", name="Out").click()
        scan(page, code_of(ada))
        shows(page, "Out", "Ada L")

    assert CheckIn.objects.get().verdict == "left"


def test_next_persons_scan_hands_over_no_child(live_server, open_day, ada):
    cleo = make_ticket(open_day, "Cleo Child", age=13, age_band="11-13")
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        page.get_by_role("radio", name="Out").click()
        scan(page, code_of(cleo))
        expect(page.locator("#collect")).to_be_visible()
        expect(page.get_by_role("button", name="They stay inside")).to_be_focused()
        scan(page, code_of(ada))
        expect(page.locator("#collect")).to_contain_text("1 scan waits")
        page.wait_for_timeout(200)
        page.keyboard.press("Enter")  # a stray key: the safe answer
        shows(page, "Out", "Ada L")
        expect(page.locator("#waiting")).to_be_empty()

    assert list(CheckIn.objects.values_list("ticket__name", "verdict")) == [("Ada Lovelace", "left")]


def test_next_persons_scan_takes_no_scan_back(live_server, open_day, ada):
    bea = make_ticket(open_day, "Bea Example")
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        scan(page, code_of(ada))
        shows(page, "Let in", "Ada L")
        dismiss(page)
        page.get_by_role("button", name="Undo Let in: Ada L").click()
        expect(page.get_by_role("button", name="Keep it")).to_be_focused()
        scan(page, code_of(bea))
        page.get_by_role("button", name="Keep it").click()
        shows(page, "Let in", "Bea E")

    assert Admission.objects.standing().count() == 2


def test_scanner_acknowledges_no_emergency(live_server, open_day, ada):
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        give(
            event=open_day,
            kind="evacuate",
            is_drill=True,
            by=factories.make_user("supervisor"),
            now=open_day.starts_at,
        )
        sheet = page.locator("#instruction")
        expect(sheet).to_be_visible(timeout=TRAVEL)
        scan(page, code_of(ada))
        page.wait_for_timeout(200)
        page.keyboard.press("Enter")
        expect(sheet).to_be_visible()
        expect(sheet).to_contain_text("1 scan waits")
        sheet.get_by_role("button", name="I have seen this").click()
        shows(page, "Let in", "Ada L")

    assert InstructionSeen.objects.get().seen_at is not None


def test_scanner_of_another_keyboard_is_named_and_read_all_the_same(live_server, open_day, ada):
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        keys = context.new_cdp_session(page)
        moved = {"Y": "Z", "Z": "Y", ":": "Ö", "/": "-"}
        places = {
            ":": "Semicolon",
            "/": "Slash",
            ".": "Period",
            **{str(one): f"Digit{one}" for one in range(10)},
        }
        for letter in f"HTTPS://EVENTS.EXAMPLE.ORG/T/{code_of(ada)}":
            key = moved.get(letter, letter)
            shift = 8 if letter.isalpha() or letter == ":" else 0
            place = places.get(letter, f"Key{letter}")
            for kind in ("keyDown", "keyUp"):
                keys.send(
                    "Input.dispatchKeyEvent", {"type": kind, "key": key, "code": place, "modifiers": shift}
                )
        page.keyboard.press("Enter")
        shows(page, "Let in", "Ada L")
        dismiss(page)
        expect(page.locator("#storage-note")).to_contain_text("QWERTZ")


def test_scanner_of_another_keyboard_is_named_where_only_its_letters_are_known(live_server, open_day, ada):
    typed = f"HTTPSM!!EVENTS:EXAMPLE:ORG!T!{code_of(ada)}"
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        page.evaluate(
            """(text) => {
              const about = { bubbles: true, cancelable: true };
              for (const key of [...text, 'Enter'])
                document.body.dispatchEvent(new KeyboardEvent('keydown', { ...about, key }));
            }""",
            typed,
        )
        shows(page, "Again", "AZERTY")

    assert not CheckIn.objects.exists()


def test_scanner_opens_the_roll_call_only_where_it_is_asked_for(live_server, open_day, ada):
    with door_phone() as context:
        page = pair(context, live_server, open_day)
        menu(page, "Roll-call")
        page.get_by_label("Letters of the duty card").focus()
        scan(page, "DUTY-" + "A" * 26)
        shows(page, "Again", "does not open")
        dismiss(page)
        page.get_by_role("button", name="More").click()
        scan(page, code_of(ada))
        expect(page.locator("#menu")).to_be_visible()
        expect(page.locator("#roll-call")).to_be_hidden()
        page.locator("#menu").get_by_role("button", name="Back to scanning").click()
        shows(page, "Let in", "Ada L")
