/** What does a scanned text stand for? Normalise, fingerprint, look up and unseal; nothing is kept. */

const CODE = /^[A-Z2-7]{26}$/;
const TYPED = /^[A-Z2-7]{10,26}$/;
const IGNORED = /[\s\u200b\ufeff.·-]+/g;
const LOOKALIKES = { 0: "O", 1: "I", 8: "B" };
const FULL_BYTES = 16;
const SHORT_BYTES = 5;
const NONCE_BYTES = 6;
const TYPED_LENGTH = 10;
const SALT = new TextEncoder().encode("lcr-creative-events door");
const FLAGS = { p: "no_photos", u: "under_16", a: "may_leave_alone", g: "group", t: "group_adult" };

/** What was read, without the mark of a code's kind that some scanners set before it, and with spaces as spaces. */
export function clean(text) {
  const bare = text.trim().replace(/^\][A-Za-z][0-9A-Za-z]/, "");
  return /^[A-Za-z0-9+\s-]+$/.test(bare) ? bare.replaceAll("+", " ") : bare;
}

/** {code, isFull}, or null where it can be no ticket of any kind. */
export function normalise(text) {
  const upper = text.trim().toUpperCase();
  const at = upper.lastIndexOf("/T/");
  const after = at < 0 ? upper : upper.slice(at + 3).split(/[?#/]/, 1)[0];
  const code = after.replace(IGNORED, "").replace(/[018]/g, (letter) => LOOKALIKES[letter]);
  if (CODE.test(code)) return { code, isFull: true };
  return TYPED.test(code) ? { code: code.slice(0, TYPED_LENGTH), isFull: false } : null;
}

/** Serial and generation of a normalised code in the roster, or null. */
export async function find(wanted, roster) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(`id${wanted.code}`));
  const bytes = new Uint8Array(digest);
  const place = wanted.isFull
    ? placeOf(roster.codes, bytes, FULL_BYTES)
    : placeOf(roster.shortCodes, bytes, SHORT_BYTES);
  if (place < 0) return null;
  return {
    serial: Math.floor(place / roster.generations) + 1,
    generation: (place % roster.generations) + 1,
  };
}

/** {firstName, initial, ageBand, flags, sessions, collector}, by the ticket's own code alone; null where it does not fit. */
export async function unseal(sealed, code, serial) {
  if (!sealed) return null;
  const bytes = fromBase64(sealed);
  const nonce = new Uint8Array(12);
  nonce.set(bytes.subarray(0, NONCE_BYTES));
  try {
    const plain = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: nonce, additionalData: new TextEncoder().encode(String(serial)) },
      await keyOf(code),
      bytes.subarray(NONCE_BYTES),
    );
    const [firstName, initial, ageBand, letters, sessions, collector = ""] = JSON.parse(new TextDecoder().decode(plain));
    return { firstName, initial, ageBand, flags: [...letters].map((letter) => FLAGS[letter]), sessions, collector };
  } catch {
    return null;
  }
}

export function fromBase64(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}

function placeOf(codes, wanted, size) {
  for (let at = 0; at < codes.length; at += size) {
    let same = 0;
    while (same < size && codes[at + same] === wanted[same]) same += 1;
    if (same === size) return at / size;
  }
  return -1;
}

async function keyOf(code) {
  const material = await crypto.subtle.importKey("raw", new TextEncoder().encode(code), "HKDF", false, [
    "deriveKey",
  ]);
  return crypto.subtle.deriveKey(
    { name: "HKDF", hash: "SHA-256", salt: SALT, info: new TextEncoder().encode("details") },
    material,
    { name: "AES-GCM", length: 128 },
    false,
    ["decrypt"],
  );
}
