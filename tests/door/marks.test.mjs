import assert from "node:assert/strict";
import test from "node:test";

import { marksOf } from "../../static/door/marks.js";

const FRESH = { openedAt: "2026-11-28T10:00:00.000Z", isDrill: false };
const AT = Date.parse("2026-11-28T10:05:00Z");
const answered = (...serials) => serials.map((serial) => ({ serial, seen_at: "2026-11-28T10:05:00Z", by: "Sam" }));

test("whom one has seen is told until it was heard, and no longer", () => {
  const marks = marksOf(null, FRESH);
  marks.see(7, AT, "you");
  const sent = marks.toSend();

  marks.take(answered(7), sent);

  assert.deepEqual(sent, { serials: [7], taken_back: [] });
  assert.deepEqual(marks.toSend(), { serials: [], taken_back: [] });
  assert.deepEqual(marks.of(7), { at: AT, by: "Sam" });
});

test("a mark that another phone takes back is not told again by this one", () => {
  const marks = marksOf(null, FRESH);
  marks.take(answered(7, 8), marks.toSend());

  marks.take(answered(8), marks.toSend());

  assert.equal(marks.of(7), null);
  assert.deepEqual(marks.toSend(), { serials: [], taken_back: [] });
});

test("a tap while the answer is under way is not lost", () => {
  const marks = marksOf(null, FRESH);
  marks.see(7, AT, "you");
  const sent = marks.toSend();
  marks.takeBack(7);

  marks.take(answered(7), sent);

  assert.equal(marks.of(7), null);
  assert.deepEqual(marks.toSend(), { serials: [], taken_back: [7] });
});

test("what was not told yet outlives a restart", () => {
  const marks = marksOf(null, FRESH);
  marks.take(answered(8), marks.toSend());
  marks.see(7, AT, "you");
  marks.takeBack(8);

  const again = marksOf(structuredClone(marks.toKeep()), { openedAt: "later", isDrill: true });

  assert.deepEqual([again.openedAt, again.isDrill], [FRESH.openedAt, false]);
  assert.deepEqual([again.of(7), again.of(8)], [{ at: AT, by: "you" }, null]);
  assert.deepEqual(again.toSend(), { serials: [7], taken_back: [8] });
});
