/** What does the steward see? Shows and reads the page; decides nothing. */

import { roster, wallClock } from "./roster.js";
import { keyOf } from "./sightings.js";
import { LET_IN, WORDS } from "./verdict.js";

export const SHOWN_FOR = 3000; // milliseconds; green alone goes by itself
const LISTED = 5;
const VERDICT_PARTS = ["practice", "name", "sentence", "flags", "again", "where"].map((part) => `verdict-${part}`);
const LOOKS = { Stop: "stop", Wait: "wait", Again: "wait", "Let in": "let-in", Out: "out" };
const FLAGS = {
  no_photos: "No photos",
  under_16: "Under 16",
  may_leave_alone: "May leave alone",
  group: "Group",
  group_adult: "Adult of a group",
};

export const byId = (id) => document.getElementById(id);
export const lookOf = (verdict) => LOOKS[WORDS[verdict][0]];

let hideTimer;
let green = null; // the code whose green is on the screen
let hidden = () => {};

/** Called whenever the screen is free again. */
export const onHide = (listener) => (hidden = listener);

export function showPane(id) {
  for (const name of ["pairing", "ended", "scanning"]) byId(name).hidden = name !== id;
}

export function showWhere() {
  const session = roster?.sessions.find(({ id }) => id === roster.door.session);
  byId("event-title").textContent = session ? `${roster.event.title}, ${roster.gate.name}` : (roster?.event.title ?? "");
  byId("gate-name").textContent = session ? session.title : (roster?.gate.name ?? "");
  byId("session-when").textContent = session ? `${wallClock(session.starts_at)} to ${wallClock(session.ends_at)}, ${session.room}` : "";
}

/** A scan was seen: whatever was on the screen is of somebody else, and goes. */
export function showAsking() {
  clearTimeout(hideTimer);
  green = null;
  byId("verdict").className = "door-verdict door-verdict--asking";
  for (const id of VERDICT_PARTS) byId(id).replaceChildren();
  byId("verdict-word").textContent = "Asking …";
  byId("verdict-override").hidden = true;
  byId("verdict").hidden = false;
}

/** answer as the server's; isHere: this phone decided it by itself; text: the code, where it was let in. */
export function showVerdict(answer, { isHere = false, canOverride = false, isPractice = false, text = "" }) {
  const panel = byId("verdict");
  const look = lookOf(answer.verdict);
  panel.className = `door-verdict door-verdict--${look}${isPractice ? " door-verdict--practice" : ""}`;
  byId("verdict-practice").textContent = isPractice ? "Practice" : "";
  byId("verdict-word").textContent = WORDS[answer.verdict][0];
  byId("verdict-name").textContent = nameOf(answer.ticket);
  byId("verdict-sentence").textContent = answer.message;
  const flags = (answer.ticket?.flags ?? []).filter((flag) => FLAGS[flag]);
  byId("verdict-flags").replaceChildren(
    ...[bandOf(answer.ticket?.age_band), ...flags.map((flag) => FLAGS[flag])].filter(Boolean).map(chip),
  );
  byId("verdict-again").textContent = "";
  byId("verdict-where").textContent = isHere ? "Decided on this phone. It will be sent." : "";
  byId("verdict-override").hidden = !canOverride || look === "let-in" || answer.verdict === "unknown";
  panel.hidden = false;
  green = text && LET_IN.has(answer.verdict) ? keyOf(text) : null;
  fade(look);
}

/** A refusal stays until Next or the next scan: the steward and the supervisor need the time. */
function fade(look) {
  clearTimeout(hideTimer);
  if (look === "let-in") hideTimer = setTimeout(hideVerdict, SHOWN_FOR);
}

export const isGreenOf = (text) => green !== null && green === keyOf(text);

/** Somebody shows the same code behind its own green. */
export function sayAgain() {
  byId("verdict-again").textContent = "Same ticket again. It lets in one person.";
  fade("let-in");
}

export function hideVerdict() {
  clearTimeout(hideTimer);
  green = null;
  byId("verdict").hidden = true;
  hidden();
}

/** How many scans wait, on the sheet that holds them up or beside the verdict. words: what else is to be said. */
export function showWaiting(count, sheet, words = "") {
  const sign = byId("waiting");
  const until = sheet ? "when this is closed" : "next";
  const told = count ? `${count === 1 ? "1 scan waits. It is" : `${count} scans wait. They are`} asked ${until}.` : "";
  (sheet ?? byId("verdict-keys")).prepend(sign);
  sign.textContent = [words, told].filter(Boolean).join(" ");
}

/** Nothing of anybody stays in the page, hidden or not. */
export function forget() {
  hideVerdict();
  const named = [...VERDICT_PARTS, "verdict-word", "waiting", "collect-who", "collect-adult", "contact-who", "undo-what"];
  for (const id of [...named, "menu-facts", "contact-answer", "party-list", "search-list", "roll-call-list", "roll-call-seen", "last"]) byId(id).replaceChildren();
}

export function isVerdictShown() {
  return !byId("verdict").hidden;
}

export function listScan(answer, at, { isPractice = false, onUndo = null } = {}) {
  const row = document.createElement("li");
  const mark = document.createElement("i");
  mark.className = `last-mark last-mark--${lookOf(answer.verdict)}`;
  const time = document.createElement("time");
  time.textContent = wallClock(at);
  const words = document.createElement("span");
  const isNobody = onUndo || answer.verdict === "malformed";
  const name = nameOf(answer.ticket) || (answer.ticket ? `Ticket ${answer.ticket.serial}` : isNobody ? "No ticket" : "Group");
  words.textContent = `${isPractice ? "Practice. " : ""}${WORDS[answer.verdict][0]}: ${name}`;
  row.dataset.verdict = answer.verdict;
  row.append(mark, time, words);
  if (onUndo && !isPractice && (LET_IN.has(answer.verdict) || answer.verdict === "left")) {
    const undo = document.createElement("button");
    undo.type = "button";
    undo.textContent = "Undo";
    undo.setAttribute("aria-label", `Undo ${words.textContent}`);
    undo.addEventListener("click", () => onUndo(words.textContent, row));
    row.append(undo);
  }
  const list = byId("last");
  list.prepend(row);
  while (list.children.length > LISTED) list.lastChild.remove();
}

export function showStatus({ isOnline, isSlow, offlineSince, unsent }) {
  const parts = [];
  if (isOnline) parts.push("Online");
  else if (isSlow) parts.push(`Slow network since ${wallClock(offlineSince)}`);
  else if (offlineSince) parts.push(`Offline since ${wallClock(offlineSince)}`);
  else parts.push("Connecting");
  parts.push(roster ? `list of ${wallClock(roster.asAt)}` : "no list yet");
  if (unsent) parts.push(`${unsent} unsent`);
  const status = byId("status");
  const text = parts.join(", ");
  if (status.textContent !== text) status.textContent = text;
  status.dataset.state = isOnline ? "online" : "offline";
}

export function showOccupancy(inside, safeCapacity) {
  const count = byId("occupancy");
  count.textContent = safeCapacity === null ? `${inside} in` : `${inside} / ${safeCapacity}`;
  const share = safeCapacity === null ? 0 : inside / safeCapacity;
  count.dataset.level = share >= 1 ? "red" : share >= 0.9 ? "amber" : "calm";
}

export function nameOf(ticket) {
  if (!ticket?.first_name) return "";
  return ticket.initial ? `${ticket.first_name} ${ticket.initial}` : ticket.first_name;
}

export function bandOf(band) {
  return (band ?? "").replace("under-11", "Under 11").replace("26-plus", "26 plus").replace("-", " to ");
}

function chip(text) {
  const made = document.createElement("span");
  made.textContent = text;
  return made;
}
