/** What does this phone keep, so that nothing is lost when it is killed? One IndexedDB; no name ever. */

import { openDB } from "../vendor/idb/index.js";

const NAME = "door";
const VERSION = 1;
const DURABLE = { durability: "strict" };

const unkept = new Set(); // what a write failed for, until it goes through again
let opened;

/** True while something could not be written: no room, or a browser that keeps nothing. */
export const isFull = () => unkept.size > 0;
export const isUnkept = (name) => unkept.has(name);

async function written(name, write) {
  try {
    const result = await write();
    unkept.delete(name);
    return result;
  } catch (error) {
    unkept.add(name);
    throw error;
  }
}

function database() {
  opened ??= openDB(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore("kept"); // pairing, roster and settings, by name
      db.createObjectStore("queue", { keyPath: "scan_id" }); // scans that the server has not answered
      db.createObjectStore("own", { keyPath: "serial" }); // who went in or out at this phone
      db.createObjectStore("unread", { keyPath: "scan_id" }); // scans that the server could not read
    },
    terminated() {
      opened = undefined;
    },
  }).catch((error) => {
    opened = undefined; // a disk that was full for a moment is asked again
    throw error;
  });
  return opened;
}

export async function keep(name, value) {
  return written(name, async () => (await database()).put("kept", value, name));
}

/** As keep, for what this phone can do without until it is closed. */
export async function tryToKeep(name, value) {
  await keep(name, value).catch(() => {});
}

export async function kept(name) {
  return (await database()).get("kept", name);
}

export async function drop(name) {
  return (await database()).delete("kept", name);
}

/** Resolves when the scan is on the disk: only then may a decision be shown. */
export async function enqueue(scan) {
  return written("queue", async () => {
    const write = (await database()).transaction("queue", "readwrite", DURABLE);
    await Promise.all([write.store.put(scan), write.done]);
  });
}

export async function queued(limit = Infinity) {
  const all = await (await database()).getAll("queue");
  all.sort((one, other) => (one.scanned_at < other.scanned_at ? -1 : 1));
  return all.slice(0, limit);
}

export async function queueLength() {
  return (await database()).count("queue");
}

export async function dequeue(scanIds) {
  const write = (await database()).transaction("queue", "readwrite", DURABLE);
  for (const scanId of scanIds) write.store.delete(scanId);
  return write.done;
}

/** Set aside what the server cannot read, so that it neither blocks the queue nor is lost. */
export async function setAside(scan) {
  const write = (await database()).transaction(["queue", "unread"], "readwrite", DURABLE);
  write.objectStore("unread").put(scan);
  write.objectStore("queue").delete(scan.scan_id);
  return write.done;
}

export async function noteOwn(serial, at, inside) {
  return written("own", async () => (await database()).put("own", { serial, at, inside }));
}

export async function own() {
  return (await database()).getAll("own");
}

/** At sign-out, expiry and revocation. keepQueue: unsent scans of a revoked phone can still be handed in. */
export async function wipe({ keepQueue = false } = {}) {
  const db = await database();
  const names = keepQueue ? ["kept", "own"] : ["kept", "own", "queue", "unread"];
  const write = db.transaction(names, "readwrite", DURABLE);
  for (const name of names) write.objectStore(name).clear();
  unkept.clear();
  return write.done;
}

/** Whether the browser promised not to clear this storage by itself; null where it cannot say. */
export async function askToPersist() {
  if (!navigator.storage?.persist) return null;
  return (await navigator.storage.persisted()) || navigator.storage.persist();
}

/** True where something can really be written and read back. */
export async function works() {
  try {
    const probe = crypto.randomUUID();
    await keep("probe", probe);
    const back = await kept("probe");
    await drop("probe");
    return back === probe;
  } catch {
    return false;
  }
}

/** Bytes that are left for this page, as far as the browser says; null where it does not. */
export async function room() {
  const { quota, usage } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
  return quota === undefined ? null : quota - usage;
}
