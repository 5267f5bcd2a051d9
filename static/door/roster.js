/** Which tickets does this phone know, and what would it decide by itself? */

import { find, fromBase64, normalise, unseal } from "./codes.js";
import * as store from "./store.js";
import { decide, sentence } from "./verdict.js";

const STATES = { v: "valid", h: "on-hold", b: "blocked", c: "cancelled" };
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });

export const wallClock = (at) => clock.format(new Date(at));

/** The roster in memory; null before the first sync. tickets: serial to [generation, state, sealed]. */
export let roster = null;

export async function load() {
  roster = (await store.kept("roster")) ?? null;
  if (roster) for (const row of await store.own()) overlay(row);
  return roster;
}

export function forget() {
  roster = null;
}

/** Take over what GET roster/ answered, whole or changes. */
export async function take(answer, etag) {
  const next = answer.is_whole || !roster ? blank() : roster;
  Object.assign(next, {
    etag,
    version: answer.version,
    asAt: Date.parse(answer.as_at),
    event: answer.event,
    gate: answer.gate,
    gates: answer.gates,
    sessions: answer.sessions,
    generations: answer.generations,
    inside: answer.inside,
    expiresAt: Date.parse(answer.expires_at),
    door: {
      ...answer.door,
      opensAt: Date.parse(answer.door.opens_at),
      closesAt: Date.parse(answer.door.closes_at),
    },
  });
  if (answer.codes) {
    next.codes = fromBase64(answer.codes);
    next.shortCodes = fromBase64(answer.short_codes);
  }
  for (const [serial, ...rest] of answer.tickets) next.tickets.set(serial, rest);
  for (const [serial, at, gate, inside] of answer.admitted) {
    if (inside < 0) next.admitted.delete(serial);
    else next.admitted.set(serial, { at: at * 1000, gate, inside: inside === 1, heardAt: next.asAt });
  }
  roster = next;
  await keep();
  for (const row of await store.own()) overlay(row);
}

/** A phone with no room goes on with the list in memory. */
export async function keep() {
  await store.tryToKeep("roster", roster);
}

/** Somebody went in or out here: known at once, before the server says so, and also where it cannot be kept. */
export async function noteMove(serial, at, inside) {
  if (roster) overlay({ serial, at, inside });
  await store.noteOwn(serial, at, inside);
}

/**
 * The decision of this phone alone, as the server would answer it.
 * now in milliseconds, corrected by the server's clock; direction "entry" or "exit".
 */
export async function decideHere({ text, direction, now, isPractice = false }) {
  const wanted = normalise(text);
  const found = wanted && roster && (await find(wanted, roster));
  const ticket = found ? await ticketOf(found, wanted) : null;
  const stands = found ? roster.admitted.get(found.serial) : null;
  const facts = {
    direction,
    ticket: found ? "this-event" : "none",
    at: isPractice ? roster?.door.opensAt : now,
    opensAt: roster?.door.opensAt ?? 0,
    closesAt: roster?.door.closesAt ?? Infinity,
    codeIsReplaced: Boolean(ticket?.isReplaced),
    state: ticket?.state ?? "valid",
    expectedHere: isExpected(ticket),
    admission: !stands ? "none" : stands.inside ? "inside" : "outside",
    inside: roster?.inside ?? 0,
    safeCapacity: isPractice ? null : (roster?.door.safe_capacity ?? null),
  };
  const verdict = decide(facts);
  return {
    verdict,
    message: sentence(verdict, partsFor(ticket, stands, now)),
    ticket: ticket && verdict !== "unknown" ? ticket.shown : undefined,
    serial: found?.serial,
    isOpened: Boolean(ticket?.details),
    collector: ticket?.details?.collector ?? "",
    facts,
  };
}

async function ticketOf({ serial, generation }, wanted) {
  const row = roster.tickets.get(serial);
  // Issued after the last sync: genuine, details not known yet. A newer generation: re-issued since.
  if (!row || generation > row[0]) return { state: "valid", shown: bare(serial), details: null };
  const [current, letter, sealed] = row;
  if (generation < current) return { state: STATES[letter], isReplaced: true, shown: bare(serial), details: null };
  const details = wanted.isFull ? await unseal(sealed, wanted.code, serial) : null;
  const shown = details
    ? {
        serial,
        first_name: details.firstName,
        initial: details.initial,
        age_band: details.ageBand,
        flags: details.flags,
      }
    : bare(serial);
  return { state: STATES[letter], shown, details };
}

function isExpected(ticket) {
  const door = roster?.door;
  if (!door || door.takes_everybody || !ticket?.details) return true;
  return ticket.details.sessions.includes(door.session);
}

function partsFor(ticket, stands, now) {
  const parts = {};
  if (roster) {
    parts.opens = wallClock(roster.door.opensAt);
    parts.closes = wallClock(roster.door.closesAt);
  }
  if (stands) {
    parts.time = wallClock(stands.at);
    parts.gate = roster.gates[stands.gate] ?? "this gate";
  }
  const mine = new Set(ticket?.details?.sessions ?? []);
  const next = roster?.sessions.find((session) => mine.has(session.id) && Date.parse(session.ends_at) > now);
  if (next && !isExpected(ticket)) {
    parts.room = next.room;
    parts.time = wallClock(next.starts_at);
  }
  return parts;
}

function overlay({ serial, at, inside }) {
  const known = roster.admitted.get(serial);
  if (known?.heardAt > at) return; // the server knew more when it told us
  roster.admitted.set(serial, { at: known?.at ?? at, gate: known?.gate ?? roster.gate.slug, inside, heardAt: at });
}

function blank() {
  return { tickets: new Map(), admitted: new Map(), codes: new Uint8Array(), shortCodes: new Uint8Array() };
}

function bare(serial) {
  return { serial, first_name: "", initial: "", age_band: "", flags: [] };
}
