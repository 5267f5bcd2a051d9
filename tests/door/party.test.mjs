import assert from "node:assert/strict";
import test from "node:test";

import { beyond, differenceOf, sizesOf } from "../../static/door/party.js";

const MEMBERS = [
  { age_band: "11-13", is_adult: false },
  { age_band: "11-13", is_adult: false },
  { age_band: "14-15", is_adult: false },
  { age_band: "26-plus", is_adult: true },
];

test("a group's size is counted by age, adults apart", () => {
  assert.deepEqual(sizesOf(MEMBERS), { "11-13": 2, "14-15": 1, adults: 1 });
});

test("heads up to the size are let in, one more is not", () => {
  const sizes = sizesOf(MEMBERS);

  assert.deepEqual(beyond(sizes, { heads: { "11-13": 2, "14-15": 1 }, adults: 1 }), []);
  assert.deepEqual(beyond(sizes, { heads: { "11-13": 3, "16-18": 1 }, adults: 2 }), [
    { name: "11-13", has: 2 },
    { name: "16-18", has: 0 },
    { name: "adults", has: 1 },
  ]);
});

test("where the size is not known nothing is beyond it", () => {
  assert.deepEqual(beyond(null, { heads: { "11-13": 99 }, adults: 9 }), []);
});

test("what the server did otherwise is told in words, and nothing where it did the same", () => {
  const refused = [{ message: "A parent or guardian still has to say yes." }];

  assert.equal(differenceOf({ surplus: {}, refused: [] }, 6), "");
  assert.match(differenceOf({ surplus: { "11-13": 7, adults: 1 } }, 14), /group of 14 .* 8 of them have no ticket/);
  assert.match(differenceOf({ refused }, 6), /1 should have waited: A parent/);
});
