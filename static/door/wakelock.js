/** Does the screen stay on? Asked again whenever the page comes back; a refusal is said on the readiness page. */

let lock;

export const holds = () => Boolean(lock && !lock.released);

export async function hold() {
  if (holds()) return;
  try {
    lock = await navigator.wakeLock?.request("screen");
  } catch {
    lock = undefined;
  }
}

export function letGo() {
  lock?.release().catch(() => {});
  lock = undefined;
}
