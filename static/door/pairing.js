/** How does a phone join the door team? Installed first, then paired: by the page's own camera, by link, or typed. */

import * as camera from "./camera.js";
import { byId } from "./screen.js";
import * as signals from "./signals.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

const LINK = /\/door\/#(.+)$/i;

/** urls of the decoder; onPaired is called with the token; before: what is owed to an earlier pairing. */
export function listen({ urls, onPaired, before }) {
  byId("pair-form").addEventListener("submit", (event) => {
    event.preventDefault();
    signals.allowSound();
    pair({ onPaired, before });
  });
  byId("pair-scan").addEventListener("click", () => (camera.isRunning() ? close() : look(urls)));
}

export async function show() {
  const isInstalled = navigator.standalone || matchMedia("(display-mode: standalone)").matches;
  byId("pair-install").hidden = isInstalled || Boolean(await navigator.storage?.persisted?.().catch(() => false));
}

async function pair({ onPaired, before }) {
  const error = byId("pair-error");
  error.textContent = "";
  if (!(await store.works())) {
    byId("pair-storage").hidden = false;
    return; // the code is not spent on a phone that would lose scans
  }
  try {
    await before();
    const { body } = await sync.pair(byId("pairing-code").value, byId("steward-name").value);
    if (!body?.token) throw new Error("no token");
    await store.wipe();
    await store.keep("token", body.token);
    // Some browsers ask the person first: pairing does not wait for them.
    store.askToPersist().then((kept) => (sync.state.storageKept = kept), () => {});
    close();
    await onPaired(body.token);
  } catch (refused) {
    error.textContent =
      refused instanceof sync.Refused
        ? (refused.problem.errors?.name?.[0] ?? refused.message)
        : "We cannot reach the server. Check the network and try again.";
  }
}

async function look(urls) {
  const video = byId("pair-camera");
  video.hidden = false;
  byId("pair-scan").textContent = "Stop the camera";
  byId("pair-error").textContent = "";
  await camera.start({ video, urls, onTexts: found, onWords: (words) => (byId("pair-error").textContent = words) });
  if (!camera.isRunning()) close();
}

function found(texts) {
  if (!texts.length) return;
  const link = texts.find((text) => LINK.test(text));
  if (link) take(link);
  else byId("pair-error").textContent = "This is no pairing code. It is on the organiser’s screen.";
}

export function close() {
  if (!byId("pair-camera").hidden) camera.stop();
  byId("pair-camera").hidden = true;
  byId("pair-scan").textContent = "Scan the pairing code";
}

/** A link, or what a scanner typed of it. False where there is no code in it. */
export function take(text) {
  const code = decodeURIComponent(LINK.exec(text)?.[1] ?? "");
  if (!code) return false;
  close();
  byId("pair-error").textContent = "";
  byId("pairing-code").value = code;
  byId("steward-name").focus();
  return true;
}
