/** Whose scan is on the screen, and whose waits? A verdict belongs to the last scan; what came while a sheet was open is kept. */

import { keyOf } from "./sightings.js";

/** mayAsk: nothing is open and nothing is shown; ask: what is done with a scan that waited; onChange: their number. */
export function turns({ mayAsk, ask, onChange = () => {} }) {
  let last = 0;
  let kept = [];

  return {
    /** A number for the scan that was seen now. What it answers is shown only while no later one was seen. */
    begin: () => (last += 1),
    isLast: (turn) => turn === last,

    /** false where the same code waits already; that it waits is said again, on the sheet that is open now. */
    keep(scan) {
      const isNew = !kept.some(({ text }) => keyOf(text) === keyOf(scan.text));
      if (isNew) kept.push(scan);
      onChange(kept.length);
      return isNew;
    },

    /** Ask the first that waits, if now is the time. */
    next() {
      if (!kept.length || !mayAsk()) return false;
      const scan = kept.shift();
      onChange(kept.length);
      ask(scan);
      return true;
    },

    waiting: () => kept.length,

    forget() {
      last += 1;
      kept = [];
      onChange(0);
    },
  };
}
