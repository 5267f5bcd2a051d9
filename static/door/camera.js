/** Which codes does the rear camera see? Watched while it is on: what stops is said, and started again. */

import * as decoder from "./decoder.js";
import { WORDS, wrongWith } from "./watch.js";

const LOOK_EVERY = 1000; // milliseconds
const SAID_FOR = 6000; // that it was started again
const WANTED = { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } };

const state = { video: null, urls: null, stream: null, isWanted: false, chosen: null, isBusy: false };
const seen = { startedAt: 0, pictureAt: 0, sentAt: 0, answeredAt: 0 };
let onCodes = () => {};
let onTrouble = () => {};
let looking;
let isMending = false;
let trouble = { words: "", at: 0 };

function say(words) {
  trouble = { words, at: Date.now() };
  onTrouble(words);
}

export const prepare = decoder.prepare;
export const isRunning = () => state.isWanted;

/** onTexts: the codes of one picture; onWords: what is wrong, in words, or "". chosen: a camera's id, or null. */
export async function start({ video, urls, onTexts, onWords, chosen = null }) {
  Object.assign(state, { video, urls, isWanted: true, chosen });
  onCodes = onTexts;
  onTrouble = onWords;
  trouble = { words: "", at: 0 };
  clearInterval(looking);
  looking = setInterval(look, LOOK_EVERY);
  await open();
}

export function stop() {
  state.isWanted = false;
  clearInterval(looking);
  close();
}

function close() {
  for (const track of state.stream?.getTracks() ?? []) track.stop();
  state.stream = null;
  if (state.video) state.video.srcObject = null;
}

/** The page is seen again: pictures and answers are waited for anew. */
export function woke() {
  state.isBusy = false;
  Object.assign(seen, { startedAt: Date.now(), sentAt: 0, answeredAt: 0 });
  return look();
}

/** Camera and decoder together; which of them failed is said, and tried again while the camera is wanted. */
async function open() {
  isMending = true;
  close();
  decoder.onAnswer(answered);
  const [reader, camera] = await Promise.allSettled([decoder.prepare(state.urls), newStream()]);
  isMending = false;
  if (!state.isWanted) {
    for (const track of camera.value?.getTracks() ?? []) track.stop();
    return;
  }
  if (camera.status === "rejected") {
    const isRefused = camera.reason?.name === "NotAllowedError";
    if (isRefused) stop(); // asking again and again would not help
    say(WORDS[isRefused ? "refused" : "camera"]);
    return;
  }
  state.stream = camera.value;
  state.isBusy = false;
  const now = Date.now();
  Object.assign(seen, { startedAt: now, pictureAt: now, sentAt: 0, answeredAt: 0 });
  track().onended = () => look();
  state.video.srcObject = state.stream;
  await state.video.play().catch(() => {}); // no picture: the watch says so
  if (reader.status === "rejected") say(WORDS["no decoder"]);
  else if (!trouble.words || trouble.words === WORDS["no decoder"]) say("");
  eachFrame(state.stream, send);
}

function newStream() {
  const which = state.chosen ? { deviceId: { exact: state.chosen }, width: WANTED.width, height: WANTED.height } : WANTED;
  return navigator.mediaDevices.getUserMedia({ audio: false, video: which }).catch((error) => {
    if (!state.chosen) throw error;
    state.chosen = null; // that camera is gone: any other
    return navigator.mediaDevices.getUserMedia({ audio: false, video: WANTED });
  });
}

async function send() {
  seen.pictureAt = Date.now();
  if (state.isBusy) return;
  state.isBusy = true;
  seen.sentAt = Date.now();
  try {
    await decoder.send(state.video);
  } catch {
    state.isBusy = false; // the camera was just closed or has no picture yet
    seen.answeredAt = Date.now();
  }
}

function answered(texts) {
  state.isBusy = false;
  seen.answeredAt = Date.now();
  if (state.stream) onCodes(texts);
}

/** Called every second, when a track ends, and when the page is seen again. */
export async function look() {
  if (!state.isWanted || isMending || document.hidden) return null;
  if (!state.stream) return open();
  const wrong = wrongWith({ now: Date.now(), ...seen, trackState: track().readyState, isMuted: track().muted, isHidden: document.hidden });
  if (!wrong) {
    if (trouble.words && Date.now() - trouble.at > SAID_FOR) say("");
    return null;
  }
  if (trouble.words !== WORDS["no decoder"]) say(WORDS[wrong]);
  if (wrong === "muted") return null; // the phone gives it back by itself
  if (wrong === "decoder") decoder.stop();
  return open();
}

const track = () => state.stream.getVideoTracks()[0];
const abilities = () => (state.stream ? (track().getCapabilities?.() ?? {}) : {});

export const hasTorch = () => Boolean(abilities().torch);

export async function setTorch(on) {
  await track().applyConstraints({ advanced: [{ torch: on }] });
}

/** Steps of zoom that this camera has, the first being none at all. */
export function zooms() {
  const { zoom } = abilities();
  return zoom?.max > zoom?.min ? [1, 2, 3].map((times) => zoom.min * times).filter((one) => one <= zoom.max) : [];
}

export async function setZoom(zoom) {
  await track().applyConstraints({ advanced: [{ zoom }] });
}

/** Ids of the cameras, the one in use first. */
export async function cameras() {
  const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  const ids = all.filter(({ kind, deviceId }) => kind === "videoinput" && deviceId).map(({ deviceId }) => deviceId);
  const now = state.stream && track().getSettings?.().deviceId;
  return ids.includes(now) ? [now, ...ids.filter((id) => id !== now)] : ids;
}

function eachFrame(stream, each) {
  const { video } = state;
  const next = () => {
    if (state.stream !== stream) return;
    each();
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(next);
    else requestAnimationFrame(next);
  };
  next();
}
