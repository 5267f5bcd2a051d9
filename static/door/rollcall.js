/** Who is still in the building? Opened by the duty card alone; several phones mark the same list. */

import { fromBase64 } from "./codes.js";
import { marksOf } from "./marks.js";
import * as rosterOf from "./roster.js";
import { byId } from "./screen.js";
import * as seenList from "./seen-list.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

const CARD = /^DUTY-[A-Z2-7]{26}$/;
const SALT = new TextEncoder().encode("lcr-creative-events roll-call");
const NONCE_BYTES = 12;
const MERGE_EVERY = 5000; // milliseconds

let people = []; // {serial, name, band, group, under16, needsHelp}; in memory while the list is open, never kept
let marks = null;
let merging;
let openedHere = 0; // when the list was opened on this phone

const plain = (text) => text.trim().toUpperCase().replace(/[\s]+/g, "");

export const isCard = (text) => plain(text).startsWith("DUTY-");

/** Opens the list, or answers why not, in words for the screen. */
export async function open(text) {
  const card = plain(text);
  if (!CARD.test(card)) return "This is no duty card. Hold the printed card up to the camera again.";
  const kept = await store.kept("rollCall");
  if (!kept) return "This phone has no roll-call yet. Bring it online once.";
  try {
    people = inOrder(await unseal(kept.sealed, card.slice(5)));
  } catch {
    return "This card does not open the list of this event. There may be a newer card.";
  }
  openedHere = sync.serverNow();
  marks = marksFrom((await store.kept("marks")) ?? null);
  byId("roll-call-age").textContent = `List of ${rosterOf.wallClock(rosterOf.roster?.asAt ?? kept.asAt)}`;
  byId("roll-call").showModal();
  seenList.fill(inside(), { markOf: (serial) => marks.of(serial), onTap: tap });
  byId("roll-call-search").blur();
  entitle();
  merge();
  return "";
}

export function close() {
  clearTimeout(merging);
  people = [];
  seenList.empty();
  if (byId("roll-call").open) byId("roll-call").close();
}

/** Under-16s first, then who may need help, then by name. */
export function inOrder(list) {
  return [...list].sort(
    (one, other) =>
      other.under16 - one.under16 || other.needsHelp - one.needsHelp || one.name.localeCompare(other.name, "en-GB"),
  );
}

async function unseal(sealed, secret) {
  const bytes = fromBase64(sealed);
  const material = await crypto.subtle.importKey("raw", new TextEncoder().encode(secret), "HKDF", false, ["deriveKey"]);
  const key = await crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: SALT, info: new TextEncoder().encode("roll-call") },
    material,
    { name: "AES-GCM", length: 128 },
    false,
    ["decrypt"],
  );
  const packed = await crypto.subtle.decrypt(
    { name: "AES-GCM", iv: bytes.subarray(0, NONCE_BYTES), additionalData: new TextEncoder().encode("roll-call") },
    key,
    bytes.subarray(NONCE_BYTES),
  );
  const text = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  const rows = await new Response(text).json();
  return rows.map(([serial, name, band, group, under16, needsHelp]) => ({ serial, name, band, group, under16, needsHelp }));
}

const inside = () => people.filter(({ serial }) => rosterOf.roster?.admitted.get(serial)?.inside);

function entitle() {
  byId("roll-call-title").textContent = marks.isDrill ? "Drill: roll-call" : "Roll-call";
}

/** Seen, or taken back: on the screen at once, then on the disk and to the others. */
async function tap(serial) {
  if (marks.of(serial)) marks.takeBack(serial);
  else marks.see(serial, sync.serverNow(), "you");
  seenList.tapped(serial);
  await keepMarks();
  merge();
}

const marksFrom = (kept) =>
  marksOf(kept, { openedAt: new Date(sync.serverNow()).toISOString(), isDrill: Boolean(sync.state.rollCall?.is_drill) });

async function keepMarks() {
  await store.tryToKeep("marks", marks.toKeep());
}

/** Our marks to the server, everybody's back; goes on while the list is open. */
async function merge() {
  clearTimeout(merging);
  if (!byId("roll-call").open) return null;
  const note = byId("roll-call-note");
  try {
    const sent = marks.toSend();
    const answer = await sync.duty("roll-call/marks/", { ...sent, opened_at: marks.openedAt, is_drill: marks.isDrill });
    if (answer.ended_at && Date.parse(answer.ended_at) < openedHere) {
      marks = marksFrom(null); // what this phone had kept was of an earlier one
      await store.drop("marks");
      seenList.update(inside());
      return merge();
    }
    marks.take(answer.marks, sent);
    marks.isDrill = answer.is_drill;
    await keepMarks();
    note.textContent = answer.ended_at ? "The roll-call is over. Close the list." : "";
    if (answer.ended_at) await store.drop("marks");
    if (people.length) {
      seenList.update(inside());
      entitle();
    }
  } catch {
    note.textContent = "Marks of other phones come when we are online.";
  }
  if (byId("roll-call").open) merging = setTimeout(merge, MERGE_EVERY);
  return null;
}

export const listen = seenList.listen;
