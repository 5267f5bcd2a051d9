/** What does the server say, and what has it not heard yet? Every call of this phone to the API. */

import { differenceOf } from "./party.js";
import * as rosterOf from "./roster.js";
import * as store from "./store.js";

export const ANSWER_WITHIN = 1500; // milliseconds; then this phone decides by itself, until an answer is that fast again
const SLOW_CALL = 20_000;
const BATCH = 100; // scans in one upload
const JSON_TYPES = /^application\/(problem\+)?json\b/;

/** Away: no network, a captive portal, a busy or broken server. The phone goes on by itself. */
export class Away extends Error {}
/** The server does not know this phone any more. */
export class Revoked extends Error {}
/** The server understood and will not; problem is its problem+json. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title);
    this.status = status;
    this.problem = problem;
  }
}

export const state = {
  token: null,
  isOnline: false,
  isSlow: false, // the server answers, but too late for somebody who waits at the door
  offlineSince: null,
  unsent: 0,
  clockOffset: 0, // milliseconds; the server's clock less ours
  appVersion: "",
  storageKept: null,
  partyNote: "", // what became otherwise of a group that was counted with no network, until it was seen
  grants: {},
  rollCall: null, // {started_at, is_drill} while one is under way
  instruction: null, // {uid, kind, is_drill, given_at, is_seen} while one stands
};
const heard = new EventTarget();

export const onChange = (listener) => heard.addEventListener("change", listener);
export const serverNow = () => Date.now() + state.clockOffset;

export async function pair(pairingCode, name) {
  return call("devices/pair/", { body: { pairing_code: pairingCode, name }, anonymous: true, isProbe: true });
}

/** One scan, online. Anything but a real answer to this very scan is Away. */
export async function ask(scan) {
  const { body } = await call("check-ins/", {
    body: { ...wire(scan), device_now: new Date().toISOString() },
    within: ANSWER_WITHIN,
    isProbe: true,
  });
  if (body?.scan_id !== scan.scan_id || typeof body.verdict !== "string") throw gone();
  return body;
}

/** Send what is queued, oldest first, until nothing is left. Parties that were counted go one by one. */
export async function drain() {
  for (;;) {
    const scans = await store.queued(BATCH);
    if (!scans.length) break;
    const party = scans.find((scan) => scan.party);
    if (party === scans[0]) {
      await sendParty(party);
      continue;
    }
    if (party) scans.length = scans.indexOf(party);
    const { body } = await call("check-ins/batch/", {
      body: { device_now: new Date().toISOString(), scans: scans.map(wire), unsent: await store.queueLength() },
    });
    if (!Array.isArray(body?.results) || body.results.length !== scans.length) throw gone();
    const known = [];
    for (const [place, result] of body.results.entries()) {
      if (result.verdict === "malformed") await store.setAside(scans[place]);
      else if (result.scan_id === scans[place].scan_id) known.push(result.scan_id);
    }
    await store.dequeue(known);
    await countUnsent();
    if (!known.length && !body.results.some((result) => result.verdict === "malformed")) throw gone();
  }
}

/** Heads that were counted with no network: they were let in then. What the server did otherwise is kept to be told. */
async function sendParty({ scan_id, code, scanned_at, party }) {
  try {
    const body = { scan_id, code, scanned_at, device_now: new Date().toISOString(), was_let_in: true, ...party };
    const answer = await duty("parties/arrive/", body);
    if (answer.scan_id !== scan_id) throw gone();
    await noteParty(differenceOf(answer, headsOf(party)));
    await store.dequeue([scan_id]);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    await noteParty(`A group of ${headsOf(party)} was counted in here and is not in the books: ${error.message} Tell a supervisor.`);
    await store.setAside({ scan_id, code, scanned_at, party });
  }
  await countUnsent();
}

const headsOf = ({ heads = {}, adults = 0 }) => Object.values(heads).reduce((sum, count) => sum + count, adults);

async function noteParty(words) {
  if (!words) return;
  state.partyNote = words;
  await store.tryToKeep("partyNote", words);
}

/** A call of the duty team: search/, walk-ins/, parties/, contacts/, roll-call/marks/. */
export async function duty(path, body) {
  const answer = (await call(path, { body })).body;
  if (!answer || typeof answer !== "object") throw gone();
  return answer;
}

/** The phone's clock, queue and list, brought up to date. */
export async function sync() {
  await drain();
  const asked = Date.now();
  const { body } = await call("devices/contact/", {
    body: {
      device_now: new Date().toISOString(),
      unsent: await store.queueLength(),
      app_version: state.appVersion,
      storage_kept: store.isFull() ? false : state.storageKept,
    },
    isProbe: true,
  });
  const heardAt = Date.now();
  const told = Date.parse(body?.now);
  if (!Number.isFinite(told)) throw gone();
  state.clockOffset = told - (asked + heardAt) / 2;
  state.rollCall = body.roll_call ?? null;
  state.instruction = body.instruction ?? null;
  changed(); // before the list is fetched: nothing keeps an emergency waiting
  await store.tryToKeep("instruction", state.instruction);
  await takeGrants(body);
  await store.tryToKeep("clockOffset", state.clockOffset);
  await store.tryToKeep("contactAt", heardAt);
  await fetchRoster();
  await fetchRollCall();
  changed();
}

/** What this phone may do by PIN, known also after a reload with no network. */
async function takeGrants({ supervisor_until, welfare_until }) {
  state.grants = { supervisor: supervisor_until, welfare: welfare_until };
  await store.tryToKeep("grants", state.grants);
}

/** The sealed roll-call; only the duty card opens it. */
async function fetchRollCall() {
  const known = await store.kept("rollCall");
  const { status, body, etag } = await call("roll-call/", {
    headers: known ? { "If-None-Match": known.etag } : {},
  });
  if (status === 304) return;
  if (typeof body?.sealed !== "string") throw gone();
  await store.tryToKeep("rollCall", { sealed: body.sealed, etag, asAt: Date.parse(body.as_at) });
}

export async function fetchRoster() {
  const known = rosterOf.roster;
  const query = known ? `?since=${encodeURIComponent(known.version)}` : "";
  const { status, body, etag } = await call(`roster/${query}`, {
    headers: known ? { "If-None-Match": known.etag } : {},
  });
  if (status === 304) {
    known.asAt = serverNow();
    if (store.isUnkept("roster")) await rosterOf.keep();
    return;
  }
  if (!body?.version || !body.door) throw gone();
  await rosterOf.take(body, etag);
}

export async function undo(scanId, reason) {
  return (await call(`check-ins/${scanId}/undo/`, { body: { reason } })).body;
}

export async function signOut() {
  await call("devices/sign-out/", { body: {} });
}

/** What a revoked phone had not sent: kept for review. token: its own, also when it was wiped since. */
export async function handIn(token = state.token) {
  for (;;) {
    const scans = await store.queued(BATCH);
    if (!scans.length) return;
    const left = (await store.queueLength()) - scans.length;
    const { body } = await call("devices/hand-in/", {
      token,
      body: { device_now: new Date().toISOString(), scans: scans.map(wire), unsent: left },
    });
    if (body?.results?.length !== scans.length) throw gone();
    await store.dequeue(scans.map((scan) => scan.scan_id));
  }
}

/** Supervisor or welfare for 12 hours, by PIN. */
export async function unlock(pin) {
  await takeGrants(await duty("devices/unlock/", { pin }));
  return state.grants;
}

export const hasGrant = (role) => Date.parse(state.grants[role]) > serverNow();

export async function countUnsent() {
  state.unsent = await store.queueLength();
  changed();
}

function wire({ scan_id, code, direction, scanned_at, decided, override, collection, practice }) {
  return { scan_id, code, direction, scanned_at, decided, override, collection, practice };
}

/** isProbe: its speed tells whether the next scan is worth asking for; a list or an upload may take its time. */
async function call(path, { body, within = SLOW_CALL, isProbe = false, anonymous = false, token = state.token, headers = {} } = {}) {
  const asked = performance.now();
  const sent = { Accept: "application/json", ...headers };
  if (body) sent["Content-Type"] = "application/json";
  if (!anonymous) sent.Authorization = `Bearer ${token}`;
  let response;
  let answer = null;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method: body ? "POST" : "GET",
      headers: sent,
      body: body && JSON.stringify(body),
      cache: "no-store",
      redirect: "error",
      signal: AbortSignal.timeout(within),
    });
    // A captive portal answers 200 with a page of its own: that is no answer.
    if (response.status !== 304 && response.status !== 204) {
      if (!JSON_TYPES.test(response.headers.get("Content-Type") ?? "")) throw gone();
      answer = await response.json();
    }
  } catch {
    throw gone();
  }
  // A hotspot may answer 401 too: only our own words wipe a phone.
  const isOurs = answer?.type === "not-signed-in";
  if (response.status === 401 && !anonymous) throw isOurs ? new Revoked() : gone();
  if (response.status === 429 || response.status >= 500) throw gone();
  if (isProbe) heardAfter(performance.now() - asked);
  if (!response.ok && response.status !== 304) throw new Refused(response.status, answer);
  return { status: response.status, body: answer, etag: response.headers.get("ETag") };
}

function gone() {
  if (state.isOnline || !state.offlineSince) state.offlineSince = Date.now();
  Object.assign(state, { isOnline: false, isSlow: false });
  changed();
  return new Away();
}

function heardAfter(milliseconds) {
  const isOnline = milliseconds <= ANSWER_WITHIN;
  const offlineSince = isOnline ? null : (state.offlineSince ?? Date.now());
  Object.assign(state, { isOnline, isSlow: !isOnline, offlineSince });
  changed();
}

function changed() {
  heard.dispatchEvent(new Event("change"));
}
