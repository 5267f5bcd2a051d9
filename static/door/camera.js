/** Which codes does the rear camera see? One frame at a time goes to the worker; the others are dropped. */

const WANTED = {
  audio: false,
  video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } },
};

let worker;
let stream;
let busy = false;
let wakeLock;

/** Warm the decoder up before anybody presses start. urls: worker, zxing, wasm. */
export function prepare(urls) {
  worker ??= new Promise((resolve, reject) => {
    const made = new Worker(urls.worker);
    made.onerror = () => reject(new Error("the decoder did not start"));
    made.onmessage = () => resolve(made);
    made.postMessage({ start: { zxing: urls.zxing, wasm: urls.wasm } });
  });
  return worker;
}

export async function start(video, urls, onCode) {
  const [decoder, camera] = await Promise.all([prepare(urls), navigator.mediaDevices.getUserMedia(WANTED)]);
  stream = camera;
  busy = false;
  decoder.onmessage = ({ data }) => {
    busy = false;
    if (data.text && stream) onCode(data.text);
  };
  video.srcObject = stream;
  await video.play();
  await stayAwake();
  eachFrame(video, async () => {
    if (busy || !stream) return;
    busy = true;
    try {
      const frame = await createImageBitmap(video);
      decoder.postMessage({ frame }, [frame]);
    } catch {
      busy = false; // the camera was just closed or has no picture yet
    }
  });
}

export function stop(video) {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
  video.srcObject = null;
}

/** The page needs the screen no longer. */
export function letSleep() {
  wakeLock?.release().catch(() => {});
  wakeLock = undefined;
}

export function isRunning() {
  return Boolean(stream);
}

export function hasTorch() {
  return Boolean(stream?.getVideoTracks()[0]?.getCapabilities?.().torch);
}

export async function setTorch(on) {
  await stream?.getVideoTracks()[0]?.applyConstraints({ advanced: [{ torch: on }] });
}

/** The screen stays on where the browser lets us; asked again whenever the page comes back. */
export async function stayAwake() {
  if (wakeLock && !wakeLock.released) return;
  try {
    wakeLock = await navigator.wakeLock?.request("screen");
  } catch {
    wakeLock = undefined;
  }
}

function eachFrame(video, look) {
  const next = () => {
    if (!stream) return;
    look();
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(next);
    else requestAnimationFrame(next);
  };
  next();
}
