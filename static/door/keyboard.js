/** Who hears a key? The one owner of the keyboard: what a hand scanner types goes to the door, and to nobody's button. */

import { SILENCE, wedge } from "./wedge.js";

const NO_TEXT = ["radio", "checkbox", "button", "submit"];

/** onScan is called with {text, byPosition, layout}; codeFields: ids of fields in which codes are typed by hand. */
export function own({ onScan, codeFields = [] }) {
  const keys = wedge();
  let timer;
  let before = null; // the field that a burst began in, as it was
  let swallowedAt = -Infinity;

  const fieldOf = (target) => {
    const isText = target.matches?.("input, textarea, select") && !NO_TEXT.includes(target.type);
    if (!isText) return "";
    return codeFields.includes(target.id) ? "code" : "text";
  };

  function hand(scan) {
    clearTimeout(timer);
    restore(before);
    before = null;
    onScan(scan);
  }

  function pressed(event) {
    if (event.isComposing || event.repeat) return;
    const isLineEnd = event.ctrlKey && /^[jm]$/i.test(event.key); // some scanners end with these
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !isLineEnd) return;
    const field = fieldOf(event.target);
    if (keys.isBetween(event.timeStamp)) before = field ? copyOf(event.target) : null;
    const key = isLineEnd ? "Enter" : event.key;
    const { isOurs, scan } = keys.press({ key, code: event.code, shift: event.shiftKey, at: event.timeStamp, field });
    if (isOurs) {
      event.preventDefault();
      event.stopImmediatePropagation();
      swallowedAt = event.timeStamp;
    }
    if (scan) return hand(scan);
    clearTimeout(timer);
    const seenAt = event.timeStamp;
    timer = setTimeout(() => {
      const ended = keys.pause({ at: seenAt + SILENCE, field });
      if (ended) hand(ended);
    }, SILENCE);
  }

  /** A button is pressed when the space bar is let go of: not by a space within a code. */
  function released(event) {
    if (event.key === " " && event.timeStamp - swallowedAt < SILENCE && !fieldOf(event.target)) event.preventDefault();
  }

  window.addEventListener("keydown", pressed, true);
  window.addEventListener("keyup", released, true);
}

function copyOf(field) {
  return { field, value: field.value, at: field.selectionStart };
}

/** What a scanner typed into a field is taken out of it again. */
function restore(copy) {
  if (!copy) return;
  const { field, value, at } = copy;
  field.value = value;
  if (at !== null && at !== undefined) field.setSelectionRange(at, at);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}
