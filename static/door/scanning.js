/** What happens to one scanned code, from the code to the verdict on the screen? */

import * as rosterOf from "./roster.js";
import * as store from "./store.js";
import * as sync from "./sync.js";
import { LET_IN } from "./verdict.js";

/**
 * Decide one scan: the server's answer, or after 1.5 s or an error this phone's own.
 * The scan is on the disk before anything is shown. Answers {answer, isHere, scan}.
 */
export async function decide({ text, direction, practice = false, override, collection }) {
  const scan = {
    scan_id: crypto.randomUUID(),
    code: text.slice(0, 8000),
    direction,
    scanned_at: new Date().toISOString(),
  };
  if (practice) scan.practice = true;
  if (override) scan.override = { reason: override };
  if (collection) scan.collection = collection;
  const stored = store.enqueue(scan);
  stored.catch(() => {}); // a phone that keeps nothing can still ask the server
  try {
    if (!sync.state.isOnline) throw new sync.Away();
    const answer = await sync.ask(scan);
    await stored.then(() => store.dequeue([scan.scan_id])).catch(() => {});
    if (!practice) await note(answer.verdict, answer.ticket?.serial).catch(() => {});
    if (answer.occupancy && rosterOf.roster) rosterOf.roster.inside = answer.occupancy.inside;
    return { answer, isHere: false, scan };
  } catch (error) {
    if (error instanceof sync.Refused) {
      await store.setAside(scan);
      return { answer: { verdict: "malformed", message: error.message }, isHere: false, scan };
    }
    if (!(error instanceof sync.Away)) throw error;
  }
  return { answer: await decideHere(scan, stored), isHere: true, scan };
}

async function decideHere(scan, stored) {
  if (!rosterOf.roster) {
    await stored;
    await sync.countUnsent();
    return { verdict: "malformed", message: "This phone has no list yet. Bring it online once, then scan again." };
  }
  const here = await rosterOf.decideHere({
    text: scan.code,
    direction: scan.direction,
    now: sync.serverNow(),
    isPractice: scan.practice,
  });
  if (scan.override && here.verdict !== "unknown") {
    here.verdict = here.facts.admission === "outside" ? "readmitted" : "admitted";
    here.message = "Let in by a supervisor.";
  } else {
    scan.decided = here.verdict;
  }
  await stored;
  try {
    await store.enqueue(scan);
  } catch (error) {
    await store.dequeue([scan.scan_id]); // what was never decided here must not be decided later either
    throw error;
  }
  await sync.countUnsent();
  if (!scan.practice) await note(here.verdict, here.serial).catch(() => {}); // the scan itself is kept
  return { scan_id: scan.scan_id, verdict: here.verdict, message: here.message, ticket: here.ticket };
}

/** Heads of a party that came with no network: kept, sent later, and they were let in. */
export async function countParty({ code, party, heads }) {
  const scan_id = crypto.randomUUID();
  await store.enqueue({ scan_id, code, direction: "entry", scanned_at: new Date().toISOString(), party });
  if (rosterOf.roster) rosterOf.roster.inside += heads;
  await sync.countUnsent();
}

async function note(verdict, serial) {
  if (!serial || !rosterOf.roster) return;
  const before = rosterOf.roster.admitted.get(serial)?.inside ?? false;
  if (LET_IN.has(verdict)) {
    if (!before) rosterOf.roster.inside += 1;
    await rosterOf.noteMove(serial, sync.serverNow(), true);
  } else if (verdict === "left") {
    if (before) rosterOf.roster.inside -= 1;
    await rosterOf.noteMove(serial, sync.serverNow(), false);
  }
}
