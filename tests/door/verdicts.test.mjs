import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { WORDS, decide, override, sentence } from "../../static/door/verdict.js";

const table = JSON.parse(readFileSync(new URL("verdicts.json", import.meta.url)));

for (const row of table.rows) {
  test(row.says, () => {
    const facts = factsOf({ ...table.usual_facts, ...row.facts });

    const verdict = decide(facts);

    assert.equal(verdict, row.verdict);
    assert.equal(override(verdict, facts), row.overridden);
  });
}

test("the words are the table's", () => {
  assert.deepEqual(WORDS, table.words);
});

for (const row of table.sentences) {
  test(`the sentence of ${row.verdict} with ${JSON.stringify(row.parts)}`, () => {
    assert.equal(sentence(row.verdict, row.parts), row.sentence);
  });
}

function factsOf(row) {
  return {
    direction: row.direction,
    ticket: row.ticket,
    at: Date.parse(row.at),
    opensAt: Date.parse(row.opens_at),
    closesAt: Date.parse(row.closes_at),
    codeIsReplaced: row.code_is_replaced,
    state: row.state,
    expectedHere: row.expected_here,
    admission: row.admission,
    inside: row.inside,
    safeCapacity: row.safe_capacity,
  };
}
