/** What does the duty team ask? Names, walk-ins, whole groups and whom to call; all of it needs the network but heads. */

import { beyond, sizesOf } from "./party.js";
import * as rollCall from "./rollcall.js";
import * as scanning from "./scanning.js";
import { bandOf, byId } from "./screen.js";
import * as store from "./store.js";
import * as sync from "./sync.js";

const NEEDS_NETWORK = "This needs the network. Try again when we are online.";

/** Words for a call that did not work; field words where the server gave some. */
function wordsOf(error) {
  if (!(error instanceof sync.Refused)) return NEEDS_NETWORK;
  const fields = Object.values(error.problem?.errors ?? {}).flat();
  return fields.length ? fields.join(". ") : error.message;
}

export function openDuty({ app, ask, show, syncNow }) {
  let walkInId = null;
  let members = [];
  let sizes = null; // of the group that is open, where it is known: also with no network, once it was seen

  const fail = (id, error) => {
    byId(id).textContent = wordsOf(error);
    if (error instanceof sync.Revoked) syncNow();
  };

  // Search by name

  async function search(event) {
    event.preventDefault();
    byId("search-error").textContent = "";
    try {
      const { tickets, more } = await sync.duty("search/", { name: byId("search-name").value });
      byId("search-list").replaceChildren(...tickets.map(hit));
      if (!tickets.length) byId("search-error").textContent = "Nobody of that name. Try a part of it, or walk them in.";
      else if (more) byId("search-error").textContent = "There are more. Write more of the name.";
    } catch (error) {
      fail("search-error", error);
    }
  }

  function hit({ code, name, age_band, organisation, is_inside }) {
    const row = document.createElement("li");
    const key = document.createElement("button");
    key.type = "button";
    key.className = "key key--row";
    const who = document.createElement("strong");
    who.textContent = name;
    who.dir = "auto";
    const more = document.createElement("small");
    more.textContent = [bandOf(age_band), organisation, is_inside === true && "inside", is_inside === false && "left"]
      .filter(Boolean)
      .join(", ");
    key.append(who, more);
    key.addEventListener("click", () => {
      closeSearch();
      ask(code, { isNew: true });
    });
    row.append(key);
    return row;
  }

  function closeSearch() {
    byId("search-name").value = "";
    byId("search-list").replaceChildren();
    byId("search").close();
  }

  // Walk-ins

  /** Below which ages a guardian answers, a guardian books, and somebody is called: the server says. */
  function ages() {
    const { guardianBelow, booksBelow, calledBelow } = byId("walk-in-form").dataset;
    return { guarded: Number(guardianBelow), booked: Number(booksBelow), called: Number(calledBelow) };
  }

  /** What is asked follows from the age, and from who answered for an under-16. */
  function askByAge() {
    const form = new FormData(byId("walk-in-form"));
    const age = Number.parseInt(form.get("age"), 10);
    const isGuarded = age < ages().guarded;
    const isUnanswered = isGuarded && form.get("answer") === "nobody";
    byId("walk-in-adult").hidden = !(age < ages().called);
    byId("walk-in-guarded").hidden = !isGuarded;
    byId("walk-in-unanswered").hidden = !isUnanswered;
    byId("walk-in-adult-photo").hidden = !isGuarded || isUnanswered;
    byId("walk-in-news").hidden = age < ages().booked;
    byId("walk-in-adult-name-label").textContent = isGuarded ? "Parent or guardian’s name" : "Whom to call in an emergency";
    byId("walk-in-email-label").textContent = isGuarded ? "Parent or guardian’s email" : "Their email";
    const isHeld = isUnanswered && !form.get("override_reason").trim();
    byId("walk-in-send").textContent = isHeld ? "Keep a place, on hold" : "Let them in";
  }

  async function walkIn(event) {
    event.preventDefault();
    byId("walk-in-error").textContent = "";
    const form = new FormData(byId("walk-in-form"));
    const age = Number.parseInt(form.get("age"), 10);
    const text = (name) => (form.get(name) ?? "").trim();
    const answer = age < ages().guarded ? text("answer") : "";
    walkInId ??= crypto.randomUUID();
    const body = {
      scan_id: walkInId,
      scanned_at: new Date(sync.serverNow()).toISOString(),
      name: text("name"),
      age: Number.isInteger(age) ? age : -1,
      borough: text("borough"),
      email: text("email"),
      adult_name: age < ages().called ? text("adult_name") : "",
      adult_phone: age < ages().called ? text("adult_phone") : "",
      adult_is_here: answer === "here",
      adult_agreed_by_phone: answer === "telephone",
      adult_photo: ["here", "telephone"].includes(answer) && form.has("adult_photo"),
      override_reason: answer === "nobody" ? text("override_reason") : "",
      access_needs: text("access_needs"),
      photo: form.has("photo"),
      news: !(age < ages().booked) && form.has("news"),
    };
    try {
      const decision = await sync.duty("walk-ins/", body);
      closeWalkIn();
      app.lastScan = app.party = null; // what stands on the screen now is not the code scanned before
      show(decision, false, { scan_id: decision.scan_id, direction: "entry" });
      syncNow();
    } catch (error) {
      if (error instanceof sync.Refused) walkInId = null;
      fail("walk-in-error", error);
    }
  }

  function closeWalkIn() {
    walkInId = null;
    byId("walk-in-form").reset();
    askByAge();
    byId("walk-in").close();
  }

  // A whole group

  async function openParty() {
    members = [];
    byId("party-error").textContent = "";
    byId("party-title").textContent = "Group";
    byId("party-list").replaceChildren();
    byId("party-ticks").hidden = true;
    byId("party").showModal();
    try {
      const party = await sync.duty("parties/", { code: app.party.text });
      members = party.members;
      byId("party-title").textContent = party.organisation || "Group";
      byId("party-list").replaceChildren(...members.map(memberRow));
      byId("party-ticks").hidden = false;
      sizes = sizesOf(members);
      await keepSizes();
    } catch (error) {
      sizes = (await store.kept("partySizes").catch(() => null))?.[app.party?.ticket?.serial] ?? null;
      const offline = sizes ? "No network: count heads below." : "No network, and this phone does not know the group’s size: count with care.";
      byId("party-error").textContent = error instanceof sync.Refused ? wordsOf(error) : `${offline} Everybody you count is let in.`;
    }
    for (const input of document.querySelectorAll("[data-heads]")) {
      const has = sizes?.[input.dataset.heads] ?? 0;
      input.closest("label").hidden = Boolean(sizes) && !has;
      input.placeholder = sizes ? `of ${has}` : "";
    }
    countTicks();
  }

  /** How many, by age; no name. Whoever of the group is scanned later opens it. */
  async function keepSizes() {
    const all = (await store.kept("partySizes").catch(() => null)) ?? {};
    for (const { serial } of members) all[serial] = sizes;
    await store.tryToKeep("partySizes", all);
  }

  function memberRow(member) {
    const row = document.createElement("li");
    const label = document.createElement("label");
    label.className = "tick-row";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.value = member.serial;
    box.checked = member.is_inside === true;
    box.disabled = member.is_inside === true;
    box.addEventListener("change", countTicks);
    const words = document.createElement("span");
    words.dir = "auto";
    words.textContent = `${member.name || `Guest ${member.serial}`}, ${member.is_adult ? "adult" : bandOf(member.age_band)}${member.is_inside ? ", inside" : ""}`;
    label.append(box, words);
    row.append(label);
    return row;
  }

  const ticked = () => [...byId("party-list").querySelectorAll("input:checked:not(:disabled)")].map((box) => Number(box.value));

  function countTicks() {
    const count = ticked().length;
    byId("party-let-in").textContent = count ? `Let in the ${count} ticked` : "Tick who is here";
  }

  function headsNow() {
    const heads = {};
    let adults = 0;
    for (const input of document.querySelectorAll("[data-heads]")) {
      const count = Number.parseInt(input.value, 10) || 0;
      if (input.dataset.heads === "adults") adults = count;
      else if (count) heads[input.dataset.heads] = count;
    }
    return { heads, adults, all: adults + Object.values(heads).reduce((sum, count) => sum + count, 0) };
  }

  async function arrive(more, count) {
    const body = { scan_id: crypto.randomUUID(), code: app.party.text, scanned_at: new Date().toISOString(), device_now: new Date().toISOString(), ...more };
    try {
      const answer = await sync.duty("parties/arrive/", body);
      partyDone(answer);
    } catch (error) {
      if (!(error instanceof sync.Away) || !more.heads) return fail("party-error", error);
      try {
        await scanning.countParty({ code: app.party.text, party: more, heads: count });
        partyDone({ admitted: { length: count }, refused: [], surplus: {}, isHere: true });
      } catch {
        byId("party-error").textContent = "This phone could not keep the count. Use another phone.";
      }
    }
    return null;
  }

  function partyDone({ admitted, refused, surplus, isHere }) {
    for (const input of document.querySelectorAll("[data-heads]")) input.value = "";
    byId("party-list").replaceChildren();
    byId("party").close();
    const extra = Object.values(surplus).reduce((sum, count) => sum + count, 0);
    const words = [`${admitted.length} of the group are let in.`];
    if (refused.length) words.push(`${refused.length} must wait: ${refused[0].message}`);
    if (extra) words.push(`${extra} more have no ticket: walk them in.`);
    const verdict = refused.length || extra ? "full" : "admitted";
    show({ verdict, message: words.join(" ") }, Boolean(isHere), null);
    syncNow();
  }

  // Whom to call

  async function call(reason) {
    byId("contact-error").textContent = "";
    byId("contact-answer").replaceChildren();
    if (!app.lastScan) return (byId("contact-error").textContent = "Scan their ticket first.");
    try {
      const { name, phone, relation } = await sync.duty("contacts/", { code: app.lastScan.text, reason });
      const who = document.createElement("p");
      who.className = "contact-name";
      who.dir = "auto";
      who.textContent = `${name}, ${relation}`;
      byId("contact-answer").append(who);
      const number = document.createElement(phone ? "a" : "p");
      if (phone) {
        number.href = `tel:${phone.replace(/[^\d+]/g, "")}`;
        number.className = "key key--main";
      }
      number.textContent = phone ? `Call ${phone}` : "No number was given.";
      byId("contact-answer").append(number);
    } catch (error) {
      fail("contact-error", error);
    }
    return null;
  }

  function closeContact() {
    byId("contact-answer").replaceChildren();
    byId("contact-reason").value = "";
    byId("contact").close();
  }

  rollCall.listen();
  byId("search-form").addEventListener("submit", search);
  byId("walk-in-form").addEventListener("submit", walkIn);
  byId("walk-in-form").addEventListener("input", askByAge);
  byId("party-open").addEventListener("click", openParty);
  byId("party-all").addEventListener("click", () => {
    for (const box of byId("party-list").querySelectorAll("input:not(:disabled)")) box.checked = true;
    countTicks();
  });
  byId("party-let-in").addEventListener("click", () => {
    const serials = ticked();
    if (serials.length) arrive({ serials }, serials.length);
  });
  byId("party-heads").addEventListener("submit", (event) => {
    event.preventDefault();
    const { heads, adults, all } = headsNow();
    const [over] = beyond(sizes, { heads, adults });
    const who = over && (over.name === "adults" ? `${over.has} adults` : `${over.has} of ${bandOf(over.name)}`);
    if (over) byId("party-error").textContent = `The group has ${who}. Count again, and walk in who has no ticket.`;
    else if (all) arrive({ heads, adults }, all);
    else byId("party-error").textContent = "Enter how many are here, by age.";
  });
  for (const key of document.querySelectorAll("[data-call]")) key.addEventListener("click", () => call(key.dataset.call));
  byId("contact-form").addEventListener("submit", (event) => {
    event.preventDefault();
    if (byId("contact-reason").value.trim()) call(byId("contact-reason").value.trim());
  });
  byId("card-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = byId("card-text").value;
    const words = await rollCall.open(rollCall.isCard(text) ? text : `DUTY-${text}`);
    byId("card-error").textContent = words;
    if (!words) byId("card").close();
    byId("card-text").value = "";
  });
  for (const [id, close] of [["search", closeSearch], ["walk-in", closeWalkIn], ["contact", closeContact], ["roll-call", rollCall.close]])
    byId(id).addEventListener("close", () => byId(id).open || close());

  return {
    search: () => byId("search").showModal(),
    "walk-in": () => byId("walk-in").showModal(),
    contact: () => byId("contact").showModal(),
    "roll-call": () => ((byId("card-error").textContent = ""), byId("card").showModal()),
  };
}
