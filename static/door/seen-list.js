/** How does a steward work through a roll-call of a thousand? Rows are made once; a tap changes one of them. */

import { wallClock } from "./roster.js";
import { byId } from "./screen.js";

let rows = new Map(); // serial to {person, row, words, key, seen}
let handlers;
let wanted = { text: "", group: "" };

/** people: in the order of the list; markOf(serial): {at, by} or null; onTap(serial). */
export function fill(people, { markOf, onTap }) {
  handlers = { markOf, onTap };
  rows = new Map();
  wanted = { text: "", group: "" };
  byId("roll-call-search").value = "";
  const groups = [...new Set(people.map(({ group }) => group).filter(Boolean))].sort((one, other) => one.localeCompare(other, "en-GB"));
  const choices = [["", "Everybody"], ["under16", "Under 16"], ["needsHelp", "May need help"], ...groups.map((group) => [`=${group}`, group])];
  byId("roll-call-group").replaceChildren(...choices.map(([value, label]) => new Option(label, value)));
  byId("roll-call-list").replaceChildren();
  byId("roll-call-seen").replaceChildren();
  for (const person of people) add(person);
  update(people);
}

export function empty() {
  rows = new Map();
  for (const id of ["roll-call-list", "roll-call-seen", "roll-call-group"]) byId(id).replaceChildren();
  byId("roll-call-search").value = "";
}

/** Bring the rows in line with who is inside and who was seen; rows that stay as they are are left alone. */
export function update(people) {
  const inside = new Set(people.map(({ serial }) => serial));
  for (const [serial, one] of rows)
    if (!inside.has(serial)) {
      one.row.remove();
      rows.delete(serial);
    }
  for (const person of people) {
    if (!rows.has(person.serial)) add(person);
    show(rows.get(person.serial));
  }
  count();
}

/** After a tap: this one row, and the focus goes on to the next who was not seen. */
export function tapped(serial) {
  const one = rows.get(serial);
  const next = one.row.nextElementSibling?.querySelector("button");
  const hadFocus = one.row.contains(document.activeElement);
  show(one);
  count();
  if (hadFocus) (next ?? byId("roll-call-list")).focus({ preventScroll: true });
}

function add(person) {
  const row = document.createElement("li");
  const words = document.createElement("span");
  const name = document.createElement("strong");
  name.textContent = person.name;
  name.dir = "auto";
  const more = document.createElement("small");
  more.textContent = [person.under16 && "Under 16", person.needsHelp && "May need help", person.group].filter(Boolean).join(", ");
  const seen = document.createElement("small");
  words.append(name, more, seen);
  const key = document.createElement("button");
  key.type = "button";
  key.className = "key";
  key.addEventListener("click", () => handlers.onTap(person.serial));
  row.append(words, key);
  const one = { person, row, key, seen, isSeen: null, said: null };
  rows.set(person.serial, one);
  row.hidden = !isWanted(person);
  byId("roll-call-list").append(row);
  return one;
}

function show(one) {
  const mark = handlers.markOf(one.person.serial);
  const said = mark ? `Seen ${wallClock(mark.at)}${mark.by ? ` by ${mark.by}` : ""}` : "";
  if (one.said === said) return;
  one.said = said;
  one.seen.textContent = said;
  one.key.textContent = mark ? "Take back" : "Mark seen";
  one.key.setAttribute("aria-label", `${one.key.textContent}: ${one.person.name}`);
  const isSeen = Boolean(mark);
  if (one.isSeen === isSeen) return;
  const isNew = one.isSeen === null;
  one.isSeen = isSeen;
  if (isSeen) byId("roll-call-seen").prepend(one.row);
  else if (!isNew) byId("roll-call-list").prepend(one.row); // a mistake: where it is looked for
}

function count() {
  const all = rows.size;
  const seen = byId("roll-call-seen").children.length;
  byId("roll-call-count").textContent = `${seen} of ${all} seen`;
  byId("roll-call-rest").hidden = seen === 0;
}

function isWanted({ name, group, ...person }) {
  const fits = !wanted.text || fold(`${name} ${group}`).includes(wanted.text);
  if (!wanted.group) return fits;
  return fits && (wanted.group[0] === "=" ? group === wanted.group.slice(1) : Boolean(person[wanted.group]));
}

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

function filter() {
  wanted = { text: fold(byId("roll-call-search").value.trim()), group: byId("roll-call-group").value };
  let found = 0;
  for (const { person, row } of rows.values()) {
    const isHidden = !isWanted(person);
    if (row.hidden !== isHidden) row.hidden = isHidden;
    if (!isHidden) found += 1;
  }
  byId("roll-call-none").hidden = found > 0;
}

export function listen() {
  byId("roll-call-search").addEventListener("input", filter);
  byId("roll-call-group").addEventListener("change", filter);
}
