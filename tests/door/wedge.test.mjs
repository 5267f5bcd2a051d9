import assert from "node:assert/strict";
import test from "node:test";

import { clean } from "../../static/door/codes.js";
import { wedge } from "../../static/door/wedge.js";

const CODE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const PLACES = { ":": ["Semicolon", true], "/": ["Slash", false], ".": ["Period", false], " ": ["Space", false] };
const QWERTZ = { KeyY: "z", KeyZ: "y", Semicolon: "ö", Slash: "-" };
const AZERTY = { KeyA: "q", KeyQ: "a", KeyW: "z", KeyZ: "w", KeyM: ",", Semicolon: "m", Slash: "!", Period: ":" };
const AZERTY_SHIFTED = { KeyM: "?", Slash: "§", Period: "/" };

function keysOf(text, layout = {}, shifted = {}) {
  return [...text].map((letter) => {
    const [code, shift] = PLACES[letter] ?? [`Key${letter.toUpperCase()}`, letter === letter.toUpperCase()];
    const moved = shift ? (shifted[code] ?? layout[code]?.toUpperCase()) : layout[code];
    return { key: moved ?? letter, code, shift };
  });
}

/** Types with a pause of so many milliseconds; answers the scans that came out, and which keys were ours. */
function type(keys, { pace = 5, field = "", wait = true, from = 1000, core = wedge() } = {}) {
  const scans = [];
  const ours = [];
  let at = from;
  for (const key of keys) {
    at += pace;
    const { isOurs, scan } = core.press({ ...key, at, field });
    ours.push(isOurs);
    if (scan) scans.push(scan);
    if (pace > 100) scans.push(core.pause({ at: at + 100, field }));
  }
  if (wait) scans.push(core.pause({ at: at + 100, field }));
  return { scans: scans.filter(Boolean), ours, at, core };
}

const ENTER = { key: "Enter", code: "Enter" };
const TAB = { key: "Tab", code: "Tab" };
const texts = ({ scans }) => scans.map(({ text }) => text);

for (const [end, keys] of [["Enter", [ENTER]], ["Tab", [TAB]], ["nothing", []]]) {
  test(`a code that ends with ${end} is one scan, and no key of it is anybody else's`, () => {
    const typed = type([...keysOf(CODE), ...keys]);

    assert.deepEqual(texts(typed), [CODE]);
    assert.ok(typed.ours.every(Boolean));
  });
}

test("a poster ends with Enter alone: silence ends a full code only", () => {
  assert.deepEqual(texts(type([...keysOf("WIFI:GUEST"), ENTER])), ["WIFI:GUEST"]);
  assert.deepEqual(texts(type(keysOf("WIFI:GUEST"))), []);
  assert.deepEqual(texts(type(keysOf(CODE.slice(0, 25)))), []);
});

test("an Enter that comes after silence has ended the code presses nothing", () => {
  const first = type(keysOf(CODE));

  const late = type([ENTER], { from: first.at + 250, core: first.core });
  const later = type([ENTER], { from: first.at + 2000, core: first.core });

  assert.deepEqual([late.ours, late.scans, later.ours], [[true], [], [false]]);
});

test("a second Enter of the scanner presses nothing, a person's a moment later does", () => {
  const first = type([...keysOf(CODE), ENTER, ENTER], { wait: false });

  assert.deepEqual([first.ours.at(-1), texts(first)], [true, [CODE]]);
  assert.deepEqual(type([ENTER], { from: first.at + 200, core: first.core }).ours, [false]);
});

test("keys of a person go to what has the focus", () => {
  for (const key of [ENTER, TAB, { key: " ", code: "Space" }, { key: "ArrowDown", code: "ArrowDown" }])
    assert.deepEqual(type([key]).ours, [false]);
});

test("a space within a code presses nothing", () => {
  const typed = type([...keysOf("ABCDE FGHIJ"), ENTER]);

  assert.ok(typed.ours.every(Boolean));
});

test("a person types into a field, a scanner does not", () => {
  const person = type([...keysOf("Grace Hopper"), ENTER], { pace: 90, field: "text" });
  const scanner = type([...keysOf("HTTPS://EVENTS.EXAMPLE.ORG/T/" + CODE), ENTER], { field: "text" });
  const slow = type(keysOf(CODE), { pace: 90, field: "text" });

  assert.deepEqual([person.scans, person.ours.at(-1)], [[], false]);
  assert.deepEqual([texts(scanner).length, scanner.ours.at(-1)], [1, true]);
  assert.deepEqual(texts(slow), [CODE]);
});

test("26 letters that a person types into a field for codes stay there", () => {
  const typed = type([...keysOf(CODE), ENTER], { pace: 90, field: "code" });

  assert.deepEqual([typed.scans, typed.ours.at(-1)], [[], false]);
});

test("a scanner of 100 ms a letter is read", () => {
  assert.deepEqual(texts(type([...keysOf(CODE), ENTER], { pace: 100 })), [CODE]);
});

for (const [name, layout, shifted] of [["QWERTZ", QWERTZ, {}], ["AZERTY", AZERTY, AZERTY_SHIFTED]]) {
  test(`a ${name} keyboard is named, and the place of the keys says what was meant`, () => {
    const address = "HTTPS://EVENTS.EXAMPLE.ORG/T/" + CODE;

    const [scan] = type([...keysOf(address, layout, shifted), ENTER]).scans;

    assert.equal(scan.layout, name);
    assert.notEqual(scan.text, address);
    assert.equal(scan.byPosition, address);
  });
}

test("an English keyboard is not called foreign", () => {
  const [scan] = type([...keysOf("HTTPS://EVENTS.EXAMPLE.ORG/T/" + CODE), ENTER]).scans;

  assert.deepEqual([scan.layout, scan.text === scan.byPosition], ["", true]);
});

test("what scanners set before a code, and plus signs for spaces, are taken away", () => {
  assert.equal(clean(`]Q3${CODE}\n`), CODE);
  assert.equal(clean("ABCDE+FGHIJ"), "ABCDE FGHIJ");
  assert.equal(clean("]Q3HTTPS://EVENTS.EXAMPLE.ORG/T/A+B"), "HTTPS://EVENTS.EXAMPLE.ORG/T/A+B");
});
