/** How do the parts of the door page work together? */

import * as camera from "./camera.js";
import { openDialogs } from "./dialogs.js";
import { openDuty } from "./duty.js";
import * as instruction from "./instruction.js";
import * as keyboard from "./keyboard.js";
import * as pairing from "./pairing.js";
import * as practice from "./practice.js";
import * as rollCall from "./rollcall.js";
import * as rosterOf from "./roster.js";
import { openScanner } from "./scanner.js";
import * as screen from "./screen.js";
import * as signals from "./signals.js";
import * as store from "./store.js";
import * as sync from "./sync.js";
import * as viewfinder from "./viewfinder.js";
import * as wakeLock from "./wakelock.js";
import { layoutWords } from "./wedge.js";

const SYNC_EVERY = 10_000; // milliseconds
const TRY_AGAIN_EVERY = 3_000;
const FORGETS_AFTER = 24 * 3_600_000; // without contact: a lost phone keeps no list
const QUIET_BEFORE_UPDATE = 30_000;

const UNSENT = "Some scans are still unsent. Leave this page open where there is a network, and they are handed in.";

const { byId } = screen;
const urls = {};
const app = { lastScanAt: 0, lastScan: null, party: null, syncing: null, cameraNote: "", layout: "", read: {}, isStorageTold: false };
let scanner;

/** Leave nothing readable on a phone that is no longer ours. */
async function end(why, { keepQueue = false } = {}) {
  viewfinder.off();
  wakeLock.letGo();
  rollCall.close();
  for (const sheet of document.querySelectorAll("dialog[open]")) sheet.close();
  const { token } = sync.state;
  await store.wipe({ keepQueue });
  if (keepQueue) await store.tryToKeep("handIn", token);
  rosterOf.forget();
  Object.assign(sync.state, { token: null, grants: {}, rollCall: null, instruction: null, partyNote: "" });
  Object.assign(app, { lastScan: null, party: null });
  practice.end();
  scanner.forget();
  screen.forget();
  byId("ended-why").textContent = keepQueue ? `${why} ${UNSENT}` : why;
  screen.showPane("ended");
}

/**
 * What was unsent when this phone was wiped goes to the organiser for review, as soon as there is a network.
 * Throws Away where there is none.
 */
async function handInLater() {
  const token = await store.kept("handIn");
  if (!token) return;
  try {
    await sync.handIn(token);
    byId("ended-why").textContent = "What was unsent has been handed in. Thank you.";
  } catch (error) {
    if (error instanceof sync.Away) throw error;
    byId("ended-why").textContent = "The organiser’s system takes nothing from this phone any more. Tell the organiser.";
  }
  await store.drop("handIn");
}

async function revoked() {
  const isOver = rosterOf.roster && sync.serverNow() >= rosterOf.roster.expiresAt;
  let handedIn = true;
  try {
    await sync.handIn();
  } catch {
    handedIn = false;
  }
  const why = isOver ? "The event is over. Thank you." : "The organiser ended the pairing of this phone.";
  await end(why, { keepQueue: !handedIn });
}

async function open(token) {
  sync.state.token = token;
  screen.showPane("scanning");
  screen.showWhere();
  await sync.countUnsent();
  store.works().then(showState);
  wakeLock.hold();
  camera.prepare(urls).catch(() => {});
  await syncNow();
}

/** One sync at a time; answers whether it went through. */
function syncNow() {
  app.syncing ??= (async () => {
    try {
      await sync.sync();
      await instruction.tell();
      screen.showWhere();
      return true;
    } catch (error) {
      if (error instanceof sync.Revoked) await revoked();
      return false;
    } finally {
      app.syncing = null;
      showState();
    }
  })();
  return app.syncing;
}

/** Goes on whatever happens in a step: a phone that no longer syncs is a phone that loses scans. */
async function keepInStep() {
  try {
    await step();
  } catch (error) {
    console.error(error);
  }
  setTimeout(keepInStep, sync.state.isOnline ? SYNC_EVERY : TRY_AGAIN_EVERY);
}

async function step() {
  if (!sync.state.token) return handInLater().catch(() => {});
  const keepQueue = sync.state.unsent > 0;
  const away = Date.now() - ((await store.kept("contactAt").catch(() => null)) ?? Date.now());
  if (rosterOf.roster && sync.serverNow() >= rosterOf.roster.expiresAt && !sync.state.isOnline)
    return end("The event is over. Thank you.", { keepQueue });
  if (!(await syncNow()) && sync.state.token && away > FORGETS_AFTER)
    return end("This phone had no contact for a day, so its list is gone. Pair it again.", { keepQueue });
  return null;
}

function showNote() {
  const note = byId("storage-note");
  let words = app.cameraNote || (app.layout && layoutWords(app.layout));
  if (store.isFull()) words = "This phone has no room to keep scans: offline it lets nobody in. Free some space, or use another phone.";
  else if (!words && sync.state.storageKept === false && !app.isStorageTold)
    words = "This browser may clear unsent scans. See More, Ready for doors?";
  if (note.textContent !== words) note.textContent = words;
  note.hidden = !words;
}

function showState() {
  showNote();
  practice.show();
  instruction.show();
  screen.showStatus(sync.state);
  if (byId("party-note-words").textContent !== sync.state.partyNote) byId("party-note-words").textContent = sync.state.partyNote;
  byId("party-note").hidden = !sync.state.partyNote;
  const { roster } = rosterOf;
  if (roster) screen.showOccupancy(roster.inside, roster.door.safe_capacity);
  byId("party-open").hidden = !app.party;
  const call = sync.state.rollCall;
  const since = call && rosterOf.wallClock(call.started_at);
  const words = call ? `${call.is_drill ? "Drill: roll-call" : "Roll-call"} since ${since}. Scan the duty card.` : "";
  if (byId("roll-call-on").textContent !== words) byId("roll-call-on").textContent = words;
  byId("roll-call-on").hidden = !call;
}

/** Nobody is at this phone: no scan on the screen, no sheet, no camera. */
const isQuiet = () => !camera.isRunning() && !screen.isVerdictShown() && !document.querySelector("dialog[open]");

async function serveOffline(url) {
  if (!("serviceWorker" in navigator)) return;
  const hadOne = Boolean(navigator.serviceWorker.controller);
  const registration = await navigator.serviceWorker.register(url, { scope: "/door/" });
  let isTaken = false; // by a newer release, perhaps in another tab
  const reload = () => isTaken && isQuiet() && location.reload();
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    isTaken = hadOne;
    reload();
  });
  setInterval(() => {
    registration.update().catch(() => {});
    if (Date.now() - app.lastScanAt <= QUIET_BEFORE_UPDATE || !isQuiet()) return;
    reload();
    registration.waiting?.postMessage("take over");
  }, QUIET_BEFORE_UPDATE);
}

function listen() {
  byId("party-note-seen").addEventListener("click", async () => {
    sync.state.partyNote = "";
    showState();
    await store.drop("partyNote");
  });
  pairing.listen({ urls, onPaired: open, before: handInLater });
  byId("pair-again").addEventListener("click", () => (screen.showPane("pairing"), pairing.show()));
  byId("verdict-close").addEventListener("click", screen.hideVerdict);
  byId("typed").addEventListener("submit", (event) => {
    event.preventDefault();
    signals.allowSound();
    const text = byId("code").value;
    byId("code").value = "";
    if (text.trim()) scanner.given(text);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    if (!sync.state.token) return;
    wakeLock.hold();
    camera.woke();
    syncNow();
  });
  window.addEventListener("online", () => sync.state.token && syncNow());
  sync.onChange(showState);
  setInterval(practice.show, 1000);
  keyboard.own({ onScan: scanner.fromScanner, codeFields: ["code", "card-text", "pairing-code"] });
}

/** The code is spent once: it does not stay in the address. */
function takePairingCode() {
  if (pairing.take(location.href)) history.replaceState(null, "", location.pathname);
}

async function init() {
  const { dataset } = byId("door");
  Object.assign(urls, {
    worker: dataset.decodeWorker,
    zxing: dataset.zxing,
    wasm: dataset.zxingWasm,
  });
  sync.state.appVersion = dataset.version;
  const onRead = (way) => (app.read[way] = Date.now());
  scanner = openScanner({ app, onRevoked: revoked, showState, onPairing: pairing.take, onRead });
  const { ask, show } = scanner;
  viewfinder.listen({ urls, onTexts: scanner.fromCamera, onWords: (words) => ((app.cameraNote = words), showNote()) });
  const duty = openDuty({ app, ask, show, syncNow });
  app.dialogs = openDialogs({ app, duty, ask, syncNow, end, showState });
  listen();
  instruction.listen(syncNow);
  serveOffline(dataset.serviceWorker).catch(() => {});
  byId("pair-storage").hidden = await store.works();
  const token = await store.kept("token").catch(() => null);
  if (token && !location.hash) {
    sync.state.clockOffset = (await store.kept("clockOffset")) ?? 0;
    sync.state.grants = (await store.kept("grants")) ?? {};
    sync.state.partyNote = (await store.kept("partyNote")) ?? "";
    signals.mute(Boolean(await store.kept("soundOff")));
    sync.state.storageKept = (await navigator.storage?.persisted?.()) ?? null;
    await instruction.load();
    await rosterOf.load();
    await open(token);
  } else {
    const isUnsent = !location.hash && (await store.kept("handIn").catch(() => null));
    if (isUnsent) byId("ended-why").textContent = UNSENT;
    screen.showPane(isUnsent ? "ended" : "pairing");
    takePairingCode();
    pairing.show();
  }
  keepInStep();
}

init();
