/** What does everybody at the door have to do now? An emergency instruction, over everything until it was seen. */

import { wallClock } from "./roster.js";
import { byId } from "./screen.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

const KINDS = {
  evacuate: ["Get out", "Get everybody out by the nearest safe way. Let nobody in. Nobody is checked as they leave."],
  "come-inside": ["Come in", "Bring everybody inside now, and keep them there. Let nobody out to the danger."],
  "lock-down": ["Lock down", "Lock the doors. Away from doors and glass, quiet, phones to silent. Open to nobody."],
};

let seen = new Set(); // uids that this steward has seen; the server may not know of it yet

/** What stands, or null; known also after a reload with no network. */
export const standing = () => sync.state.instruction;

/** Nobody is let in: it is real. A drill goes on scanning once it was seen. */
export const stopsEntry = () => Boolean(standing() && !standing().is_drill);

/** People leave without being asked who collects them. */
export const isEvacuation = () => standing()?.kind === "evacuate" && stopsEntry();

export async function load() {
  sync.state.instruction = (await store.kept("instruction").catch(() => null)) ?? null;
  seen = new Set((await store.kept("instructionSeen").catch(() => null)) ?? []);
}

/** Called at every change: opens over every other sheet, and closes at the all-clear. */
export function show() {
  const now = standing();
  const sheet = byId("instruction");
  const banner = byId("instruction-on");
  const isSeen = now && (now.is_seen || seen.has(now.uid));
  if (!now || isSeen) {
    if (sheet.open) sheet.close();
  } else draw(sheet, now);
  const words = now ? `${now.is_drill ? "Drill: " : ""}${KINDS[now.kind][0]}, since ${wallClock(now.given_at)}.${now.is_drill ? "" : " Nobody is let in."}` : "";
  if (banner.textContent !== words) banner.textContent = words;
  banner.hidden = !words;
}

function draw(sheet, now) {
  const [word, what] = KINDS[now.kind];
  if (sheet.open && sheet.dataset.uid === now.uid) return;
  sheet.dataset.uid = now.uid;
  sheet.dataset.kind = now.kind;
  byId("instruction-drill").hidden = !now.is_drill;
  byId("instruction-word").textContent = word;
  byId("instruction-what").textContent = what;
  byId("instruction-since").textContent = `Since ${wallClock(now.given_at)}. Radio and voices come first.`;
  if (sheet.open) return;
  for (const other of document.querySelectorAll("dialog[open]")) if (other.id !== "roll-call") other.close();
  sheet.showModal();
  navigator.vibrate?.([400, 150, 400, 150, 400]);
}

async function acknowledge(syncNow) {
  const { uid } = standing();
  seen.add(uid);
  show();
  await store.tryToKeep("instructionSeen", [...seen]);
  await tell();
  syncNow();
}

/** The desk hears of it now, or at the next contact. */
export async function tell() {
  const now = standing();
  if (!now || now.is_seen || !seen.has(now.uid)) return;
  try {
    await sync.duty("devices/instruction-seen/", { uid: now.uid });
  } catch (error) {
    if (error instanceof sync.Revoked) throw error;
  }
}

export function listen(syncNow) {
  const sheet = byId("instruction");
  sheet.addEventListener("cancel", (event) => event.preventDefault()); // Escape is no acknowledgement
  byId("instruction-seen").addEventListener("click", () => acknowledge(syncNow));
}
