/* Reads QR codes out of camera frames, away from the page. A classic worker: zxing-wasm comes by importScripts. */

let canvas;
let context;

self.onmessage = async ({ data }) => {
  if (data.start) {
    importScripts(data.start.zxing);
    await ZXingWASM.prepareZXingModule({
      overrides: { locateFile: () => data.start.wasm },
      fireImmediately: true,
    });
    self.postMessage({ ready: true });
    return;
  }
  let text = null;
  try {
    const [hit] = await ZXingWASM.readBarcodes(pixels(data.frame), {
      formats: ["QRCode"],
      maxNumberOfSymbols: 1,
      tryInvert: false,
    });
    text = hit?.isValid ? hit.text : null;
  } catch {
    // A frame that cannot be read is a frame without a code.
  }
  self.postMessage({ text });
};

function pixels(frame) {
  if (!canvas || canvas.width !== frame.width || canvas.height !== frame.height) {
    canvas = new OffscreenCanvas(frame.width, frame.height);
    context = canvas.getContext("2d", { willReadFrequently: true });
  }
  context.drawImage(frame, 0, 0);
  frame.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
