/** What is asked in a sheet over the page? Undo, collection of an under-16, PINs, overrides, readiness. */

import { layoutWords } from "./wedge.js";
import * as practice from "./practice.js";
import * as rosterOf from "./roster.js";
import { byId, nameOf } from "./screen.js";
import * as signals from "./signals.js";
import * as store from "./store.js";
import * as sync from "./sync.js";
import * as wakeLock from "./wakelock.js";

const FRESH = 15 * 60_000; // milliseconds; an older list is no list to open the doors with
const CLOCK_RIGHT = 2 * 60_000;
const ROOM = 20_000_000; // bytes; the list and a day of scans take 2

export function openDialogs({ app, duty, ask, syncNow, end, showState }) {
  const sheet = (id) => byId(id);
  let undoing = null;

  function askUndo(scanId, words, row) {
    undoing = { scanId, row };
    byId("undo-what").textContent = words;
    byId("undo-error").textContent = "";
    sheet("undo").showModal();
  }

  async function undo(reason) {
    if (!reason) return sheet("undo").close();
    try {
      if (await store.queueLength()) await sync.drain();
      const answer = await sync.undo(undoing.scanId, reason);
      if (answer.occupancy) rosterOf.roster.inside = answer.occupancy.inside;
      undoing.row.querySelector("button")?.remove();
      undoing.row.querySelector("span").textContent += " (undone)";
      sheet("undo").close();
      await syncNow();
    } catch (error) {
      byId("undo-error").textContent =
        error instanceof sync.Refused ? error.message : "This needs the network. Try again when we are online.";
    }
    return null;
  }

  /**
   * null: nothing to ask. Otherwise what was really done: name-matches, adult-came, leaves-alone, "" for
   * an emergency or somebody of 16 and over, or stay. A ticket that this phone cannot open may be a child's.
   */
  async function askCollection(text) {
    const here = await rosterOf.decideHere({ text, direction: "exit", now: sync.serverNow() });
    const flags = here.ticket?.flags ?? [];
    if (here.verdict !== "left" || (here.isOpened && !flags.includes("under_16"))) return null;
    byId("collect-title").textContent = here.isOpened ? "Under 16. Who collects them?" : "Are they under 16? Who collects them?";
    byId("collect-who").textContent = nameOf(here.ticket);
    byId("collect-adult").textContent = here.collector;
    byId("collect-match").hidden = !here.collector;
    const offered = {
      "name-matches": here.collector,
      "adult-came": !here.collector,
      "leaves-alone": flags.includes("may_leave_alone"),
      older: !here.isOpened,
    };
    for (const [answer, isOffered] of Object.entries(offered))
      sheet("collect").querySelector(`[data-collection=${answer}]`).hidden = !isOffered;
    sheet("collect").returnValue = "";
    sheet("collect").showModal();
    return new Promise((resolve) => {
      sheet("collect").onclose = () => {
        byId("collect-adult").textContent = "";
        resolve(sheet("collect").returnValue || "stay");
      };
    }).then((value) => (["emergency", "older"].includes(value) ? "" : value));
  }

  const isSupervisor = () => sync.hasGrant("supervisor");

  async function unlock(event) {
    event.preventDefault();
    const error = byId("unlock-error");
    error.textContent = "";
    try {
      await sync.unlock(byId("pin").value);
      byId("pin").value = "";
      sheet("unlock").close();
      showState();
    } catch (refused) {
      error.textContent =
        refused instanceof sync.Refused ? refused.message : "This needs the network. Try again when we are online.";
    }
  }

  async function showReady() {
    app.isStorageTold = true;
    sheet("ready").showModal(); // at once: between two sheets no scan is asked
    const rows = await readiness(app);
    byId("ready-list").replaceChildren(
      ...rows.map(([fine, words]) => {
        const row = document.createElement("li");
        row.dataset.fine = fine;
        row.textContent = words;
        return row;
      }),
    );
  }

  async function signOut() {
    const menu = byId("menu-facts");
    try {
      await sync.drain();
      await sync.signOut();
      sheet("menu").close();
      await end("You are signed out. Thank you for your help.");
    } catch {
      menu.textContent = "Sign out needs the network, so that no scan is lost. Try again when we are online.";
    }
  }

  function showSound() {
    document.querySelector("[data-do=sound]").textContent = signals.isSoundOff() ? "Turn the sound on" : "Turn the sound off";
  }

  /** What a role may do is shown to that role alone. */
  function showMenu() {
    const { roster } = rosterOf;
    const roles = ["supervisor", "welfare"].filter((role) => sync.hasGrant(role));
    const where = roster ? `${roster.event.title}, ${roster.gate.name}` : "";
    byId("menu-facts").textContent = roles.length ? `${where}. Unlocked: ${roles.join(" and ")}.` : where;
    for (const key of document.querySelectorAll("[data-role]")) key.hidden = !sync.hasGrant(key.dataset.role);
    byId("contact-who").textContent = app.lastScan ? `The last ticket scanned: ${app.lastScan.name}` : "Scan their ticket first.";
    showSound();
    sheet("menu").showModal();
  }

  const from = (open) => () => (sheet("menu").close(), open());
  const actions = {
    ...Object.fromEntries(Object.entries(duty).map(([name, open]) => [name, from(open)])),
    ready: () => (sheet("menu").close(), showReady()),
    practice: () => {
      if (practice.isOn()) practice.end();
      else practice.begin();
      sheet("menu").close();
    },
    sound: async () => {
      signals.mute(!signals.isSoundOff());
      showSound();
      await store.tryToKeep("soundOff", signals.isSoundOff());
    },
    unlock: () => (sheet("menu").close(), sheet("unlock").showModal()),
    sync: async () => {
      byId("menu-facts").textContent = (await syncNow()) ? "Everything is up to date." : "We cannot reach the server now.";
    },
    "sign-out": signOut,
    "try-sound": () => {
      signals.allowSound();
      ["let-in", "wait", "stop"].forEach((look, place) => setTimeout(() => signals.signal(look), place * 900));
    },
    close: (button) => button.closest("dialog").close(),
  };

  byId("more").addEventListener("click", showMenu);
  for (const button of document.querySelectorAll("dialog [data-do]"))
    button.addEventListener("click", () => actions[button.dataset.do](button));
  for (const button of document.querySelectorAll("[data-reason]"))
    button.addEventListener("click", () => undo(button.dataset.reason));
  for (const button of document.querySelectorAll("[data-collection]"))
    button.addEventListener("click", () => sheet("collect").close(button.dataset.collection || "emergency"));
  byId("unlock-form").addEventListener("submit", unlock);
  byId("verdict-override").addEventListener("click", () => {
    sheet("override").showModal();
  });
  byId("override-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = byId("override-reason").value.trim();
    if (!reason || !app.lastScan) return;
    byId("override-reason").value = "";
    sheet("override").close();
    ask(app.lastScan.text, { direction: app.lastScan.direction, override: reason });
  });

  return { askUndo, askCollection, isSupervisor };
}

/** What a phone needs before the doors open: pairs of whether it is so, and words. */
async function readiness({ read, layout }) {
  const { roster } = rosterOf;
  const age = roster ? sync.serverNow() - roster.asAt : Infinity;
  const battery = await navigator.getBattery?.().catch(() => null);
  const cameras = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
  const offset = Math.abs(sync.state.clockOffset);
  const room = await store.room();
  const keeps = (await store.works()) && !store.isFull();
  const opensOffline = Boolean((await navigator.serviceWorker?.getRegistration("/door/").catch(() => null))?.active);
  const by = Object.keys(read).map((way) => (way === "camera" ? "the camera" : "the hand scanner"));
  const rows = [
    [sync.state.isOnline, sync.state.isOnline ? "Online" : "Offline: sync once before doors open"],
    [age < FRESH, roster ? `List of ${rosterOf.wallClock(roster.asAt)}: ${roster.tickets.size} tickets` : "No list yet"],
    [offset < CLOCK_RIGHT, offset < CLOCK_RIGHT ? "Clock is right" : `Clock is ${Math.round(offset / 60_000)} minutes off; we correct it`],
    [keeps, keeps ? "Scans are kept when the phone restarts" : "This phone cannot keep scans: it is full, or the browser refuses. Free some space or use another phone"],
    [opensOffline, opensOffline ? "This page opens without network" : "This page does not open without network yet. Free some space, then open it again"],
    ...(room !== null && room < ROOM ? [[false, "This phone is nearly full. Delete something before the day"]] : []),
    [sync.state.storageKept !== false, sync.state.storageKept === false ? "The browser may clear unsent scans: keep this page open. Next time add it to the home screen first, then pair" : "Storage is safe"],
    [cameras.some((device) => device.kind === "videoinput"), "A camera is there"],
    [by.length > 0, by.length ? `Test scan read by ${by.join(" and ")}` : "Test scan: start the camera and hold a ticket up, or scan one. Practice first"],
    ...(layout ? [[false, layoutWords(layout)]] : []),
    [wakeLock.holds(), wakeLock.holds() ? "The screen stays on" : "The screen may go dark: set it to stay on in the phone’s settings, and charge the phone"],
    [signals.canSound(), signals.canSound() ? "Sound is on" : signals.isSoundOff() ? "Sound is off" : "Try the sounds, and turn the volume up"],
    [!sync.state.unsent, sync.state.unsent ? `${sync.state.unsent} scans are unsent` : "Nothing is unsent"],
  ];
  if (battery) {
    const charged = battery.charging || battery.level > 0.6;
    rows.push([charged, `Battery at ${Math.round(battery.level * 100)} percent`]);
  }
  return rows;
}
