import assert from "node:assert/strict";
import test from "node:test";

import { sightings, sorted } from "../../static/door/sightings.js";
import { turns } from "../../static/door/turns.js";

const ADA = "A".repeat(26);
const BEA = "B".repeat(26);
const POSTER = "https://instagram.example/showcase";
const isCard = (text) => text.startsWith("DUTY-");

test("a ticket held up for a minute is new once", () => {
  const seen = sightings();

  const words = Array.from({ length: 600 }, (_, frame) => seen.inPicture(ADA, frame * 100));

  assert.deepEqual([words[0], new Set(words.slice(1))], ["new", new Set(["still"])]);
});

test("the same code out of sight for a moment comes again, after three seconds it is new", () => {
  const seen = sightings();
  seen.inPicture(ADA, 0);

  assert.deepEqual([seen.inPicture(ADA, 699), seen.inPicture(ADA, 1500), seen.inPicture(ADA, 4600)], ["still", "again", "new"]);
});

test("another code between makes the first one new", () => {
  const seen = sightings();
  seen.inPicture(ADA, 0);
  seen.inPicture(BEA, 800);

  assert.equal(seen.inPicture(ADA, 1600), "new");
});

test("a scanner's same code within three seconds comes again, however it is written", () => {
  const seen = sightings();

  const words = [seen.given(ADA, 0), seen.given(`https://any.example/t/${ADA.toLowerCase()}`, 2999), seen.given(ADA, 3000)];

  assert.deepEqual(words, ["new", "again", "new"]);
});

test("what lay before the camera while a question was open is not asked afterwards, what came is", () => {
  const seen = sightings();
  seen.inPicture(ADA, 0);
  for (let at = 100; at < 9000; at += 100) seen.stay(ADA, at);

  assert.deepEqual([seen.inPicture(ADA, 9000), seen.inPicture(BEA, 9000)], ["still", "new"]);
});

test("of one picture the codes that can be a ticket are told from the others", () => {
  const found = sorted([POSTER, ADA, "INSTAGRAMCOM", ADA, `DUTY-${BEA}`], isCard);

  assert.deepEqual(found, { codes: [ADA, `DUTY-${BEA}`], others: [POSTER, "INSTAGRAMCOM"] });
});

test("scans that came while a sheet was open are asked one by one, each when the screen is free", () => {
  const asked = [];
  const counts = [];
  let isFree = false;
  const queue = turns({ mayAsk: () => isFree, ask: ({ text }) => asked.push(text), onChange: (count) => counts.push(count) });

  const kept = [queue.keep({ text: ADA }), queue.keep({ text: ADA.toLowerCase() }), queue.keep({ text: BEA })];
  const early = queue.next();
  isFree = true;
  queue.next();

  assert.deepEqual([kept, early, asked, counts], [[true, false, true], false, [ADA], [1, 1, 2, 1]]);
});

test("only the last scan's answer is for the screen", () => {
  const queue = turns({ mayAsk: () => true, ask: () => {} });

  const [first, second] = [queue.begin(), queue.begin()];

  assert.deepEqual([queue.isLast(first), queue.isLast(second)], [false, true]);
  queue.forget();
  assert.equal(queue.isLast(second), false);
});
