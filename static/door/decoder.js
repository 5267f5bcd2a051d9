/** Who reads the frames? The worker, started when it is wanted, told from one that died, and started again. */

import { STARTS_WITHIN } from "./watch.js";

let starting = null; // the promise of a worker that is ready
let worker = null;
let heard = () => {};
let canvas;

/** Warm it up before anybody presses start. urls: worker, zxing, wasm. Rejects where it does not load; ask again. */
export function prepare(urls) {
  starting ??= begin(urls).catch((error) => {
    stop();
    throw error;
  });
  return starting;
}

/** What each frame held: a list of texts, empty for none. */
export const onAnswer = (listener) => (heard = listener);

export function stop() {
  worker?.terminate();
  worker = null;
  starting = null;
}

/** video: what the camera shows now. Resolves when the frame is on its way. */
export async function send(video) {
  if (!worker) return;
  if (worker.takesFrames) {
    const frame = await createImageBitmap(video);
    worker?.postMessage({ frame }, [frame]);
  } else {
    const pixels = pixelsOf(video);
    worker.postMessage({ pixels }, [pixels.data.buffer]);
  }
}

function begin(urls) {
  return new Promise((resolve, reject) => {
    const made = new Worker(urls.worker);
    const late = setTimeout(() => reject(new Error("the decoder is late")), STARTS_WITHIN);
    worker = made;
    made.onerror = (event) => {
      event.preventDefault();
      reject(new Error("the decoder did not start"));
    };
    made.onmessage = ({ data }) => {
      clearTimeout(late);
      if (!data.ready) return reject(new Error(data.failed));
      made.takesFrames = data.takesFrames;
      made.onmessage = (event) => made === worker && heard(event.data.texts);
      return resolve(made);
    };
    made.postMessage({ start: { zxing: urls.zxing, wasm: urls.wasm } });
  });
}

/** For browsers whose workers have no canvas. */
function pixelsOf(video) {
  canvas ??= document.createElement("canvas");
  canvas.width = video.videoWidth;
  canvas.height = video.videoHeight;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(video, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
