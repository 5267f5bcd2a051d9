/** What does the steward see? Shows and reads the page; decides nothing. */

import { roster, wallClock } from "./roster.js";
import { LET_IN, WORDS } from "./verdict.js";

export const SHOWN_FOR = 3000; // milliseconds
const LISTED = 5;
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

export function showPane(id) {
  for (const name of ["pairing", "ended", "scanning"]) byId(name).hidden = name !== id;
}

export function showWhere() {
  byId("event-title").textContent = roster?.event.title ?? "";
  byId("gate-name").textContent = roster?.gate.name ?? "";
}

/** answer as the server's; isHere: this phone decided it by itself. */
export function showVerdict(answer, { isHere, canOverride }) {
  const panel = byId("verdict");
  const look = lookOf(answer.verdict);
  panel.className = `door-verdict door-verdict--${look}`;
  byId("verdict-word").textContent = WORDS[answer.verdict][0];
  byId("verdict-name").textContent = nameOf(answer.ticket);
  byId("verdict-sentence").textContent = answer.message;
  const flags = (answer.ticket?.flags ?? []).filter((flag) => FLAGS[flag]);
  byId("verdict-flags").replaceChildren(
    ...[bandOf(answer.ticket?.age_band), ...flags.map((flag) => FLAGS[flag])].filter(Boolean).map(chip),
  );
  byId("verdict-where").textContent = isHere ? "Decided on this phone. It will be sent." : "";
  byId("verdict-override").hidden = !canOverride || look === "let-in" || answer.verdict === "unknown";
  panel.hidden = false;
  clearTimeout(hideTimer);
  hideTimer = setTimeout(hideVerdict, SHOWN_FOR);
}

export function holdVerdict() {
  clearTimeout(hideTimer);
}

export function hideVerdict() {
  clearTimeout(hideTimer);
  byId("verdict").hidden = true;
}

/** Nothing of anybody stays in the page, hidden or not. */
export function forget() {
  hideVerdict();
  const named = ["verdict-name", "verdict-sentence", "verdict-flags", "collect-who", "contact-who", "undo-what"];
  for (const id of [...named, "menu-facts", "contact-answer", "party-list", "search-list", "last"]) byId(id).replaceChildren();
}

export function isVerdictShown() {
  return !byId("verdict").hidden;
}

export function listScan(answer, at, onUndo) {
  const row = document.createElement("li");
  const mark = document.createElement("i");
  mark.className = `last-mark last-mark--${lookOf(answer.verdict)}`;
  const time = document.createElement("time");
  time.textContent = wallClock(at);
  const words = document.createElement("span");
  const isNobody = onUndo || answer.verdict === "malformed";
  const name = nameOf(answer.ticket) || (answer.ticket ? `Ticket ${answer.ticket.serial}` : isNobody ? "No ticket" : "Group");
  words.textContent = `${WORDS[answer.verdict][0]}: ${name}`;
  row.dataset.verdict = answer.verdict;
  row.append(mark, time, words);
  if (onUndo && (LET_IN.has(answer.verdict) || answer.verdict === "left")) {
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

export function showStatus({ isOnline, offlineSince, unsent }) {
  const parts = [];
  if (isOnline) parts.push("Online");
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
