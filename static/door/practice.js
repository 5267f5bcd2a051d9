/** Is this phone practising? Its scans reach no figure, it looks another way, and it ends by itself. */

import { wallClock } from "./roster.js";
import { byId } from "./screen.js";

export const LASTS = 15 * 60_000; // milliseconds

let until = 0;

export const isOn = () => Date.now() < until;

export function begin() {
  until = Date.now() + LASTS;
  show();
}

export function end() {
  until = 0;
  show();
}

/** Called at every change, and each second while it lasts: a phone that slept ends it when it wakes. */
export function show() {
  const on = isOn();
  const words = on ? `Practice until ${wallClock(until)}. Nothing counts.` : "";
  byId("scanning").classList.toggle("is-practice", on);
  if (byId("practice-note").textContent !== words) byId("practice-note").textContent = words;
  byId("practice-note").hidden = !on;
  const key = document.querySelector("[data-do=practice]");
  key.setAttribute("aria-pressed", on);
  key.textContent = on ? "End practice" : "Practice";
}
