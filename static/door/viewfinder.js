/** What does a steward do with the camera? On and off, light, zoom and another lens; at pairing, too. */

import * as camera from "./camera.js";
import { byId } from "./screen.js";
import * as signals from "./signals.js";
import * as store from "./store.js";

let given;
let zoom = 0; // which of the steps

/** urls of the decoder; onTexts: the codes of one picture; onWords: what is wrong with the camera. */
export function listen(wanted) {
  given = wanted;
  byId("start").addEventListener("click", () => (camera.isRunning() ? off() : on()));
  byId("torch").addEventListener("click", async ({ currentTarget }) => {
    const isOn = currentTarget.getAttribute("aria-pressed") !== "true";
    await camera.setTorch(isOn);
    currentTarget.setAttribute("aria-pressed", isOn);
  });
  byId("zoom").addEventListener("click", async () => {
    const steps = camera.zooms();
    zoom = (zoom + 1) % steps.length;
    await camera.setZoom(steps[zoom]);
    show();
  });
  byId("lens").addEventListener("click", async () => {
    const [, next] = await camera.cameras();
    await store.tryToKeep("camera", next);
    await on();
  });
}

async function on() {
  signals.allowSound();
  const chosen = (await store.kept("camera").catch(() => null)) ?? null;
  zoom = 0;
  byId("torch").setAttribute("aria-pressed", "false");
  await camera.start({ ...given, video: byId("camera"), chosen, onWords: told });
  await show();
}

export function off() {
  camera.stop();
  told("");
}

function told(words) {
  given.onWords(words);
  show();
}

async function show() {
  const isOn = camera.isRunning();
  byId("camera").hidden = !isOn;
  byId("idle").hidden = isOn;
  byId("start").textContent = isOn ? "Stop camera" : "Start camera";
  byId("torch").hidden = !isOn || !camera.hasTorch();
  byId("zoom").hidden = !isOn || camera.zooms().length < 2;
  byId("zoom").textContent = `Zoom ${zoom + 1} times`;
  byId("lens").hidden = !isOn || (await camera.cameras()).length < 2;
}
