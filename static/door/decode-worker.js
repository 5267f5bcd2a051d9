/* Reads QR codes out of camera frames, away from the page. A classic worker: zxing-wasm comes by importScripts. */

const AT_ONCE = 6; // codes in one picture: a ticket beside posters
let canvas;
let context;

self.onmessage = async ({ data }) => {
  if (data.start) return start(data.start);
  let texts = [];
  try {
    const hits = await ZXingWASM.readBarcodes(data.pixels ?? pixels(data.frame), {
      formats: ["QRCode"],
      maxNumberOfSymbols: AT_ONCE,
      tryInvert: true, // dark mode turns tickets over
    });
    texts = hits.filter((hit) => hit.isValid).map((hit) => hit.text);
  } catch {
    // A frame that cannot be read is a frame without a code.
  }
  return self.postMessage({ texts });
};

async function start({ zxing, wasm }) {
  try {
    importScripts(zxing);
    await ZXingWASM.prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
    const takesFrames = Boolean(self.OffscreenCanvas && new OffscreenCanvas(1, 1).getContext("2d"));
    self.postMessage({ ready: true, takesFrames });
  } catch (error) {
    self.postMessage({ failed: String(error) });
  }
}

function pixels(frame) {
  if (!canvas || canvas.width !== frame.width || canvas.height !== frame.height) {
    canvas = new OffscreenCanvas(frame.width, frame.height);
    context = canvas.getContext("2d", { willReadFrequently: true });
  }
  context.drawImage(frame, 0, 0);
  frame.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
