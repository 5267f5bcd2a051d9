/** Which of the keys that arrive are a hand scanner's, and what did it read? Pure; keyboard.js brings the keys. */

import { normalise } from "./codes.js";

export const SILENCE = 100; // milliseconds without a key that end a full code
const GAP = 400; // a longer pause begins a new text
const SUFFIX_WITHIN = 600; // an Enter this late still belongs to the code that silence has ended
const SECOND_SUFFIX_WITHIN = 100; // some scanners send two
const FAST = 35; // milliseconds a letter, on average: nobody types so into a field
const FEWEST = 4; // letters that can be called fast
const ENDS = new Set(["Enter", "Tab"]);
const NO_KEY = new Set(["Shift", "CapsLock", "AltGraph", "Alt", "Control", "Meta", "NumLock"]);

const PLAIN = { Minus: "-_", Equal: "=+", BracketLeft: "[{", BracketRight: "]}", Semicolon: ";:", Quote: "'\"" };
const REST = { Backquote: "`~", Comma: ",<", Period: ".>", Slash: "/?", Backslash: "\\|", Space: "  " };
const DIGITS = ")!@#$%^&*(";

/**
 * press() takes one key and answers {isOurs, scan}: whether nobody else may hear it, and the text that it ended.
 * pause() is asked SILENCE after a key. A scan is {text, byPosition, layout}.
 * field: "" outside text fields, "text" in one, "code" in one that takes codes typed by hand.
 */
export function wedge() {
  let keys = [];
  let suffixUntil = -Infinity;

  function end(at, suffixWithin) {
    const scan = readingOf(keys);
    keys = [];
    suffixUntil = at + suffixWithin;
    return scan;
  }

  return {
    isBetween: (at) => !keys.length || at - keys.at(-1).at > GAP,

    press({ key, code = "", shift = false, at, field = "" }) {
      if (NO_KEY.has(key) || /^F\d+$/.test(key)) return { isOurs: false, scan: null };
      if (this.isBetween(at)) keys = [];
      if (ENDS.has(key)) {
        if (isScan(keys, field)) return { isOurs: true, scan: end(at, SECOND_SUFFIX_WITHIN) };
        const isLate = !keys.length && at < suffixUntil;
        keys = [];
        return { isOurs: isLate, scan: null };
      }
      const isLetter = key.length === 1 || key === "Dead";
      if (!isLetter || (key === " " && !keys.length)) {
        keys = [];
        return { isOurs: false, scan: null };
      }
      keys.push({ key: key === "Dead" ? "" : key, code, shift, at });
      return { isOurs: !field, scan: null };
    },

    pause({ at, field = "" }) {
      if (!keys.length || at - keys.at(-1).at < SILENCE * 0.9) return null;
      return isFull(keys) && isScan(keys, field) ? end(at, SUFFIX_WITHIN) : null;
    },
  };
}

/** In a field a person types too: theirs is slow, and no full code. */
function isScan(keys, field) {
  if (!field) return keys.length > 0;
  const pace = (keys.at(-1)?.at - keys[0]?.at) / (keys.length - 1);
  return (keys.length >= FEWEST && pace <= FAST) || (isFull(keys) && (field !== "code" || isAddress(keys)));
}

/** Of a ticket: no person types that. */
function isAddress(keys) {
  const { text, byPosition } = readingOf(keys);
  return /\/t\//i.test(text) || /\/t\//i.test(byPosition);
}

function isFull(keys) {
  const { text, byPosition } = readingOf(keys);
  return Boolean(normalise(text)?.isFull || normalise(byPosition)?.isFull);
}

/** text: as this phone's keyboard reads the keys; byPosition: as an English one would; layout: a foreign one's name, or "". */
export function readingOf(keys) {
  const text = keys.map(({ key }) => key).join("");
  const byPosition = keys.map(({ key, code, shift }) => atPosition(code, shift) ?? key).join("");
  return { text, byPosition, layout: layoutOf(keys, text) };
}

function layoutOf(keys, text) {
  const moved = keys.filter(({ key, code }) => /^Key[A-Z]$/.test(code) && key.toUpperCase() !== code[3]);
  const at = (code, letter) => moved.some((one) => one.code === code && one.key.toUpperCase() === letter);
  if (at("KeyZ", "Y") || at("KeyY", "Z") || /^https?ö/i.test(text)) return "QWERTZ";
  if (at("KeyQ", "A") || at("KeyA", "Q") || at("KeyW", "Z") || at("KeyM", ",") || /^https?m!!/i.test(text)) return "AZERTY";
  return moved.length || /^https?[^:s]/i.test(text) ? "foreign" : "";
}

/** What to do about a foreign layout, in words. */
export function layoutWords(layout) {
  const named = layout === "foreign" ? "another language" : `a ${layout} keyboard`;
  return `The scanner and this phone differ: keys arrive as on ${named}. Set both to English.`;
}

function atPosition(code, shift) {
  if (/^Key[A-Z]$/.test(code)) return shift ? code[3] : code[3].toLowerCase();
  if (/^Digit\d$/.test(code)) return shift ? DIGITS[code[5]] : code[5];
  return (PLAIN[code] ?? REST[code])?.[shift ? 1 : 0];
}
