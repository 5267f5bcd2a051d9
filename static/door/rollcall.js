/** Who is still in the building? Opened by the duty card alone; several phones mark the same list. */

import { fromBase64 } from "./codes.js";
import * as rosterOf from "./roster.js";
import { byId } from "./screen.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

const CARD = /^DUTY-[A-Z2-7]{26}$/;
const SALT = new TextEncoder().encode("lcr-creative-events roll-call");
const NONCE_BYTES = 12;
const MERGE_EVERY = 5000; // milliseconds

let people = []; // {serial, name, band, group, under16, needsHelp}; in memory while the list is open, never kept
let marks = null; // {openedAt, isDrill, serials: Set}
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
    people = await unseal(kept.sealed, card.slice(5));
  } catch {
    return "This card does not open the list of this event. There may be a newer card.";
  }
  openedHere = sync.serverNow();
  const before = await store.kept("marks");
  marks = before ? { ...before, serials: new Set(before.serials) } : noMarks();
  byId("roll-call-age").textContent = `List of ${rosterOf.wallClock(rosterOf.roster?.asAt ?? kept.asAt)}`;
  byId("roll-call").showModal();
  draw();
  merge();
  return "";
}

export function close() {
  clearTimeout(merging);
  people = [];
  byId("roll-call-list").replaceChildren();
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

function draw() {
  const inside = inOrder(people.filter(({ serial }) => rosterOf.roster?.admitted.get(serial)?.inside));
  const seen = inside.filter(({ serial }) => marks.serials.has(serial)).length;
  byId("roll-call-title").textContent = marks.isDrill ? "Drill: roll-call" : "Roll-call";
  byId("roll-call-count").textContent = `${seen} of ${inside.length} seen`;
  byId("roll-call-list").replaceChildren(...inside.map(row));
}

function row(person) {
  const made = document.createElement("li");
  const words = document.createElement("span");
  const name = document.createElement("strong");
  name.textContent = person.name;
  name.dir = "auto";
  const more = document.createElement("small");
  more.textContent = [person.under16 && "Under 16", person.needsHelp && "May need help", person.group].filter(Boolean).join(", ");
  words.append(name, more);
  const seen = document.createElement("button");
  const isSeen = marks.serials.has(person.serial);
  seen.type = "button";
  seen.className = "key";
  seen.setAttribute("aria-pressed", isSeen);
  seen.textContent = isSeen ? "Seen" : "Mark seen";
  seen.setAttribute("aria-label", `${seen.textContent}: ${person.name}`);
  seen.addEventListener("click", async () => {
    marks.serials.add(person.serial);
    await keepMarks();
    draw();
    merge();
  });
  made.append(words, seen);
  return made;
}

function noMarks() {
  return {
    openedAt: new Date(sync.serverNow()).toISOString(),
    isDrill: Boolean(sync.state.rollCall?.is_drill),
    serials: new Set(),
  };
}

async function keepMarks() {
  await store.keep("marks", { ...marks, serials: [...marks.serials] }).catch(() => {});
}

/** Our marks to the server, everybody's back; goes on while the list is open. */
async function merge() {
  clearTimeout(merging);
  if (!byId("roll-call").open) return null;
  const note = byId("roll-call-note");
  try {
    const answer = await sync.duty("roll-call/marks/", {
      serials: [...marks.serials],
      opened_at: marks.openedAt,
      is_drill: marks.isDrill,
    });
    if (answer.ended_at && Date.parse(answer.ended_at) < openedHere) {
      marks = noMarks(); // what this phone had kept was of an earlier one
      await store.drop("marks");
      draw();
      return merge();
    }
    for (const serial of answer.serials) marks.serials.add(serial);
    marks.isDrill = answer.is_drill;
    await keepMarks();
    note.textContent = answer.ended_at ? "The roll-call is over. Close the list." : "";
    if (answer.ended_at) await store.drop("marks");
    if (people.length) draw();
  } catch {
    note.textContent = "Marks of other phones come when we are online.";
  }
  if (byId("roll-call").open) merging = setTimeout(merge, MERGE_EVERY);
  return null;
}
