/** What happens when a code is seen: by the camera, by a hand scanner, or typed? Asked at once, kept, or passed over. */

import { clean, find, normalise } from "./codes.js";
import * as instruction from "./instruction.js";
import * as practice from "./practice.js";
import * as rollCall from "./rollcall.js";
import * as rosterOf from "./roster.js";
import * as scanning from "./scanning.js";
import * as screen from "./screen.js";
import { sightings, sorted } from "./sightings.js";
import * as signals from "./signals.js";
import * as sync from "./sync.js";
import { turns } from "./turns.js";
import { LET_IN } from "./verdict.js";
import { layoutWords } from "./wedge.js";

const NOT_A_TICKET = "This is not a ticket. Ask for the code on their ticket.";
const EMERGENCY = "There is an emergency. Nobody is let in until the all-clear.";
const NOT_KEPT = "This phone could not keep the scan. Use another phone.";
const { byId } = screen;

const openSheet = () => document.querySelector("dialog[open]");

/** app: what the page knows; onRefused: the server knows this phone no more; onRead: "camera" or "scanner" has read. */
export function openScanner({ app, onRevoked, showState, onPairing, onRead }) {
  const seen = sightings();
  const queue = turns({
    mayAsk: () => !openSheet() && !screen.isVerdictShown() && Boolean(sync.state.token),
    ask: ({ text }) => ask(text, { isNew: true }),
    onChange: (count) => screen.showWaiting(count, openSheet()),
  });

  /** Asked as soon as nothing is open and nothing is shown. */
  function keep(text) {
    if (!isOurs(text)) return screen.showWaiting(queue.waiting(), openSheet(), "That was not a ticket.");
    if (queue.keep({ text })) signals.signal("kept");
    return null;
  }

  function given(text) {
    if (openSheet()) keep(text);
    else ask(text);
  }

  async function fromScanner(scan) {
    const text = await readingOf(scan);
    if (!sync.state.token) return onPairing(text);
    app.layout = scan.layout;
    onRead("scanner", scan.layout);
    if (rollCall.isCard(text) && byId("card").open) {
      byId("card").close();
      return ask(text);
    }
    given(text);
    return showState();
  }

  /** texts: every code of one picture. A poster beside a ticket is passed over; a second ticket waits its turn. */
  function fromCamera(texts) {
    const at = Date.now();
    if (texts.length) onRead("camera");
    if (openSheet()) return texts.forEach((text) => seen.stay(text, at));
    const { codes, others } = sorted(texts.map(clean), rollCall.isCard);
    const words = codes.map((text) => [text, seen.inPicture(text, at)]);
    const [first, ...more] = words.filter(([, word]) => word === "new").map(([text]) => text);
    if (first !== undefined) ask(first, { isNew: true });
    else if (words.some(([text, word]) => word === "again" && screen.isGreenOf(text))) sayAgain();
    more.forEach(keep);
    if (!codes.length) for (const text of others) if (seen.inPicture(text, at) === "new") notATicket();
    return null;
  }

  async function ask(text, more = {}) {
    if (!sync.state.token) return;
    if (!more.override && !more.isNew && seen.given(text, Date.now()) === "again") {
      if (screen.isGreenOf(text)) sayAgain();
      return;
    }
    if (rollCall.isCard(text)) return openRollCall(text);
    if (!isOurs(text)) return notATicket(app.layout);
    const turn = queue.begin();
    screen.showAsking();
    const direction = more.direction ?? document.querySelector("[name=direction]:checked").value;
    if (direction === "entry" && instruction.stopsEntry() && !more.override) {
      signals.signal("wait");
      screen.showVerdict({ verdict: "full", message: EMERGENCY }, {});
      return; // no scan was made: nothing is kept or sent
    }
    let { collection } = more;
    if (direction === "exit" && collection === undefined && !instruction.isEvacuation()) {
      const asked = await app.dialogs.askCollection(text);
      if (asked === "stay") return screen.hideVerdict();
      if (asked !== null) collection = asked;
    }
    await decide({ text, direction, override: more.override, collection: collection || undefined }, turn);
  }

  async function decide({ text, direction, override, collection }, turn) {
    app.lastScanAt = Date.now();
    try {
      const { answer, isHere, scan } = await scanning.decide({ text, direction, practice: practice.isOn(), override, collection });
      if (queue.isLast(turn)) {
        const name = screen.nameOf(answer.ticket) || (answer.ticket ? `ticket ${answer.ticket.serial}` : "no ticket");
        app.lastScan = { text, direction, name, ticket: answer.ticket };
        app.party = direction === "entry" && answer.ticket?.flags.includes("group") && !practice.isOn() ? app.lastScan : null;
      }
      show(answer, isHere, scan, { turn, text });
    } catch (error) {
      if (error instanceof sync.Revoked) await onRevoked();
      else show({ verdict: "malformed", message: NOT_KEPT }, true, null, { turn });
    }
  }

  /** An answer that is not of the last scan goes to the list alone. turn: none for what was done in a sheet. */
  function show(answer, isHere, scan, { turn = queue.begin(), text = "" } = {}) {
    screen.listScan(answer, Date.now(), {
      isPractice: practice.isOn(),
      onUndo: scan && ((words, row) => app.dialogs.askUndo(scan.scan_id, words, row)),
    });
    if (queue.isLast(turn)) {
      signals.signal(screen.lookOf(answer.verdict));
      const canOverride = app.dialogs.isSupervisor() && app.lastScan !== null && scan?.direction === "entry";
      screen.showVerdict(answer, { isHere, canOverride, isPractice: practice.isOn(), text: LET_IN.has(answer.verdict) ? text : "" });
    }
    showState();
  }

  function notATicket(layout) {
    queue.begin();
    signals.signal("wait");
    const message = layout ? `${layoutWords(layout)} Use the camera, or type the code.` : NOT_A_TICKET;
    screen.showVerdict({ verdict: "malformed", message }, { isPractice: practice.isOn() });
  }

  /** The card's key goes nowhere: not into the queue, not to the server. */
  async function openRollCall(text) {
    const turn = queue.begin();
    screen.hideVerdict();
    const words = await rollCall.open(text);
    if (words) show({ verdict: "malformed", message: words }, true, null, { turn });
  }

  function sayAgain() {
    signals.signal("wait");
    screen.sayAgain();
  }

  document.addEventListener("close", () => setTimeout(() => queue.next()), true);
  screen.onHide(() => setTimeout(() => queue.next()));
  return { ask, given, fromScanner, fromCamera, show, forget: queue.forget };
}

const isOurs = (text) => rollCall.isCard(text) || normalise(text) !== null;

/** A scanner set to another language than the phone: the place of the keys says what it meant. */
async function readingOf({ text, byPosition }) {
  const typed = clean(text);
  const placed = clean(byPosition);
  if (typed === placed || !isOurs(placed)) return typed;
  if (!isOurs(typed)) return placed;
  const { roster } = rosterOf;
  const isKnown = async (one) => Boolean(roster && normalise(one) && (await find(normalise(one), roster)));
  return !(await isKnown(typed)) && (await isKnown(placed)) ? placed : typed;
}
