import assert from "node:assert/strict";
import test from "node:test";

import { WORDS, wrongWith } from "../../static/door/watch.js";

const WELL = { now: 60_000, startedAt: 1000, pictureAt: 59_950, sentAt: 59_940, answeredAt: 59_930, trackState: "live", isMuted: false, isHidden: false };

const CASES = [
  ["a camera whose frames are answered is well", {}, ""],
  ["a frame that nobody answers for 3 seconds: the decoder", { sentAt: 56_900, answeredAt: 56_800 }, "decoder"],
  ["a frame that is being read is well", { sentAt: 57_100, answeredAt: 56_800 }, ""],
  ["no picture for 3 seconds: the camera", { pictureAt: 56_900, sentAt: 56_900, answeredAt: 56_910 }, "camera"],
  ["a camera that was just opened has time", { startedAt: 58_000, pictureAt: 0, sentAt: 0, answeredAt: 0 }, ""],
  ["a track that ended: the camera", { trackState: "ended" }, "camera"],
  ["a track that is muted: somebody else has it", { isMuted: true, pictureAt: 0 }, "muted"],
  ["a page that nobody sees is left alone", { isHidden: true, trackState: "ended" }, ""],
];

for (const [says, facts, word] of CASES)
  test(says, () => {
    assert.equal(wrongWith({ ...WELL, ...facts }), word);
    if (word) assert.ok(WORDS[word]);
  });
