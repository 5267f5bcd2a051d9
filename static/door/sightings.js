/** Is what the camera, the scanner or a finger brings a new scan? Pure: codes and milliseconds in, a word out. */

import { normalise } from "./codes.js";

export const SAME_CODE = 3000; // milliseconds in which the same code again is ignored
const FLICKER = 700; // milliseconds a code may be lost between two frames without having left the picture

export const keyOf = (text) => normalise(text)?.code ?? text;

export function sightings() {
  let last = { code: "", at: -Infinity };
  const seen = new Map(); // when the camera last saw each code

  return {
    /** "new", or "again": the same code within 3 seconds is the same scan; another code is not. */
    given(text, at) {
      const code = keyOf(text);
      const same = code === last.code && at - last.at < SAME_CODE;
      if (!same) last = { code, at };
      return same ? "again" : "new";
    },

    /**
     * "new", "still" or "again". What the camera goes on seeing is no new scan: a ticket held up for a minute is
     * asked once, and two tickets in one picture are asked once each. It must be out of sight for 3 seconds, or
     * give way to another. "again": it was gone for a moment, as when somebody else holds up the same.
     */
    inPicture(text, at) {
      const code = keyOf(text);
      const gone = at - (seen.get(code) ?? -Infinity);
      for (const [known, seenAt] of seen) if (at - seenAt >= SAME_CODE) seen.delete(known);
      seen.set(code, at);
      if (gone < FLICKER) return "still";
      if (code === last.code && gone < SAME_CODE) return "again";
      last = { code, at };
      return "new";
    },

    /** What was asked once and is still in the picture while a question is open is not asked again afterwards. */
    stay(text, at) {
      const code = keyOf(text);
      if (seen.has(code)) seen.set(code, at);
    },
  };
}

/** Texts of one picture: tickets and duty cards apart from what can be none. A ticket's code is printed in full. */
export function sorted(texts, isCard) {
  const codes = [];
  const others = [];
  for (const text of new Set(texts)) (isCard(text) || normalise(text)?.isFull ? codes : others).push(text);
  return { codes, others };
}
