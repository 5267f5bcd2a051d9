/** Is the camera really being read? Pure: what was seen of it and when, in milliseconds; a word for what is wrong comes out. */

export const STARTS_WITHIN = 8000; // milliseconds; a decoder of 1 MB on a slow network
const ANSWERS_WITHIN = 3000;
const PICTURES_WITHIN = 3000;

/**
 * "": all is well. "decoder": a frame was sent and nobody answers. "camera": the track has ended, or no new
 * picture comes. "muted": the phone holds the camera back, as in a call.
 */
export function wrongWith({ now, startedAt, pictureAt, sentAt, answeredAt, trackState, isMuted, isHidden }) {
  if (isHidden) return ""; // a page in the background gets no pictures, and nobody looks at it
  if (trackState !== "live") return "camera";
  if (isMuted) return "muted";
  if (sentAt > answeredAt && now - sentAt > ANSWERS_WITHIN) return "decoder";
  if (now - Math.max(pictureAt, startedAt) > PICTURES_WITHIN) return "camera";
  return "";
}

export const WORDS = {
  decoder: "The camera was not being read. We have started the reader again.",
  "no decoder": "The code reader did not load. We try again by ourselves; type the code meanwhile.",
  camera: "The camera stopped. We are starting it again; type the code meanwhile.",
  muted: "Another app or a call holds the camera. We start it again when it is free; type the code meanwhile.",
  refused: "The camera does not open. Allow it in the browser’s settings, or type the code.",
};
