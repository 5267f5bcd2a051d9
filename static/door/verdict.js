/**
 * Which verdict follows from the facts of a scan? Pure; the twin of door/domain/verdicts.py.
 * Both answer to tests/door/verdicts.json: change the table first, then both.
 */

export const LET_IN = new Set(["admitted", "readmitted"]);

export const WORDS = {
  unknown: ["Stop", "We do not know this code. Ask for their newest ticket, or call a supervisor."],
  wrong_event: ["Stop", "This ticket is for another event. Look at the date on it together."],
  replaced: ["Stop", "A newer ticket was sent. Ask them to open the newest one and scan that."],
  cancelled: ["Stop", "This ticket was cancelled. They may be able to register again now."],
  on_hold: ["Wait", "A parent or guardian still has to say yes, by the link in their mail."],
  blocked: ["Stop", "The organiser has paused this ticket. Call a supervisor."],
  too_early: ["Wait", "This door opens at {opens}. Ask them to come back then."],
  too_late: ["Stop", "This door closed at {closes}. Call a supervisor if they should still come in."],
  wrong_session: ["Stop", "They have no place in this session. Show them what is on now."],
  already_admitted: ["Stop", "Already let in at {time}, {gate}. Check their name, or call a supervisor."],
  full: ["Wait", "Good ticket, but we are full. Ask them to wait, and scan again soon."],
  admitted: ["Let in", "Welcome."],
  readmitted: ["Let in", "Welcome back."],
  left: ["Out", "Goodbye. The same ticket lets them back in."],
  malformed: ["Again", "We could not read this scan. Scan the ticket once more."],
};
const ELSEWHERE = "Their place is in {room} at {time}. Show them the way.";
const STAND_INS = { time: "an earlier time", gate: "another gate", opens: "a later time", closes: "its end" };

/** Facts as in the Python twin; at, opensAt and closesAt in milliseconds. */
export function decide(facts) {
  if (facts.ticket === "none") return "unknown";
  if (facts.ticket === "other-event") return "wrong_event";
  if (facts.direction === "exit") return "left";
  if (facts.codeIsReplaced) return "replaced";
  if (facts.state === "cancelled") return "cancelled";
  if (facts.state === "on-hold") return "on_hold";
  if (facts.state === "blocked") return "blocked";
  if (facts.at < facts.opensAt) return "too_early";
  if (facts.at >= facts.closesAt) return "too_late";
  if (!facts.expectedHere) return "wrong_session";
  if (facts.admission === "inside") return "already_admitted";
  if (facts.safeCapacity !== null && facts.inside >= facts.safeCapacity) return "full";
  return facts.admission === "outside" ? "readmitted" : "admitted";
}

/** A supervisor's override lets in what was refused, except an unknown code. */
export function override(verdict, facts) {
  if (verdict === "unknown" || verdict === "left" || LET_IN.has(verdict)) return verdict;
  return facts.admission === "outside" ? "readmitted" : "admitted";
}

export function sentence(verdict, parts = {}) {
  const template = verdict === "wrong_session" && parts.room ? ELSEWHERE : WORDS[verdict][1];
  return template.replace(/\{(\w+)\}/g, (_, name) => parts[name] ?? STAND_INS[name] ?? "");
}
