/** How does a verdict sound and feel? Three clearly different patterns, so that it works with eyes elsewhere. */

const SOUNDS = {
  "let-in": [[660, 0, 0.09], [990, 0.1, 0.16]],
  out: [[990, 0, 0.09], [660, 0.1, 0.16]],
  wait: [[440, 0, 0.35]],
  kept: [[550, 0, 0.06]],
  stop: [[180, 0, 0.18], [180, 0.26, 0.18], [180, 0.52, 0.18]],
};
const BUZZES = { "let-in": [80], out: [80], wait: [250], stop: [140, 90, 140, 90, 140], kept: [40] };

let audio;
let isMuted = false;

export const isSoundOff = () => isMuted;

/** Without sound a verdict is still felt, where the phone has a motor. */
export function mute(off) {
  isMuted = off;
}

/** Browsers allow sound after a first tap only. */
export function allowSound() {
  try {
    audio ??= new AudioContext();
    audio.resume();
  } catch {
    audio = undefined; // no sound here: word, shape and colour are left
  }
}

export function canSound() {
  return audio?.state === "running" && !isMuted;
}

export function signal(look) {
  navigator.vibrate?.(BUZZES[look]);
  if (!audio || isMuted) return;
  for (const [pitch, from, length] of SOUNDS[look]) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.type = look === "stop" ? "sawtooth" : "sine";
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.4, audio.currentTime + from);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + from + length);
    tone.connect(volume).connect(audio.destination);
    tone.start(audio.currentTime + from);
    tone.stop(audio.currentTime + from + length);
  }
}
