"""Which verdict follows from the facts of a scan?

A pure function with a twin in JavaScript (static/door/verdict.js). Both answer to one truth table,
tests/door/verdicts.json: change the table first, then both.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from door.models import CheckIn
from tickets.models import Ticket

Verdict = CheckIn.Verdict

LET_IN = frozenset({Verdict.ADMITTED, Verdict.READMITTED})
# An exit passes everything but these two: here it is not clear that the person belongs to this event.
NOT_OURS = frozenset({Verdict.UNKNOWN, Verdict.WRONG_EVENT})
MALFORMED = "malformed"

# The word is read at arm's length; the sentence says what to do next, and never blames.
WORDS: dict[str, tuple[str, str]] = {
    Verdict.UNKNOWN: (
        "Stop",
        "We do not know this code. Ask for their newest ticket, or call a supervisor.",
    ),
    Verdict.WRONG_EVENT: ("Stop", "This ticket is for another event. Look at the date on it together."),
    Verdict.REPLACED: ("Stop", "A newer ticket was sent. Ask them to open the newest one and scan that."),
    Verdict.CANCELLED: ("Stop", "This ticket was cancelled. They may be able to register again now."),
    Verdict.ON_HOLD: ("Wait", "A parent or guardian still has to say yes, by the link in their mail."),
    Verdict.BLOCKED: ("Stop", "The organiser has paused this ticket. Call a supervisor."),
    Verdict.TOO_EARLY: ("Wait", "This door opens at {opens}. Ask them to come back then."),
    Verdict.TOO_LATE: (
        "Stop",
        "This door closed at {closes}. Call a supervisor if they should still come in.",
    ),
    Verdict.WRONG_SESSION: ("Stop", "They have no place in this session. Show them what is on now."),
    Verdict.ALREADY_ADMITTED: (
        "Stop",
        "Already let in at {time}, {gate}. Check their name, or call a supervisor.",
    ),
    Verdict.FULL: ("Wait", "Good ticket, but we are full. Ask them to wait, and scan again soon."),
    Verdict.ADMITTED: ("Let in", "Welcome."),
    Verdict.READMITTED: ("Let in", "Welcome back."),
    Verdict.LEFT: ("Out", "Goodbye. The same ticket lets them back in."),
    MALFORMED: ("Again", "We could not read this scan. Scan the ticket once more."),
}
ELSEWHERE = "Their place is in {room} at {time}. Show them the way."


Direction = Literal["entry", "exit"]
Belonging = Literal["none", "other-event", "this-event"]
Presence = Literal["none", "inside", "outside"]


@dataclass(frozen=True)
class Facts:
    """What is known at the moment of the scan, as of the corrected scan time.

    ticket: "none" (no ticket has this code), "other-event" or "this-event".
    expected_here: at the event's entrance always; at a session's door, whether the ticket has a place
    there or the session takes whoever is in.
    admission: what stands at this door list: "none", "inside" or "outside" (left, may come back).
    inside, safe_capacity: people at this door list; a safe_capacity of None is not known and not held.
    """

    direction: Direction
    ticket: Belonging
    at: datetime
    opens_at: datetime
    closes_at: datetime
    code_is_replaced: bool = False
    state: str = Ticket.State.VALID
    expected_here: bool = True
    admission: Presence = "none"
    inside: int = 0
    safe_capacity: int | None = None


def decide(facts: Facts) -> Verdict:
    """The first verdict that applies, in the order of door.md."""
    if facts.ticket == "none":
        return Verdict.UNKNOWN
    if facts.ticket == "other-event":
        return Verdict.WRONG_EVENT
    if facts.direction == "exit":
        return Verdict.LEFT
    return _entry_refused(facts) or _entry_at_capacity(facts)


def override(verdict: str, facts: Facts) -> Verdict:
    """What a supervisor's override makes of a verdict: everything but unknown is let in."""
    if verdict == Verdict.UNKNOWN or verdict in LET_IN or verdict == Verdict.LEFT:
        return Verdict(verdict)
    return Verdict.READMITTED if facts.admission == "outside" else Verdict.ADMITTED


def sentence(verdict: str, **parts: str) -> str:
    """The steward's sentence. parts:
    time and gate of the admission, opens, closes, room and time of a session."""
    if verdict == Verdict.WRONG_SESSION and parts.get("room"):
        return ELSEWHERE.format(**parts)
    return WORDS[verdict][1].format_map(_Parts(parts))


def _entry_refused(facts: Facts) -> Verdict | None:
    if facts.code_is_replaced:
        return Verdict.REPLACED
    if facts.state == Ticket.State.CANCELLED:
        return Verdict.CANCELLED
    if facts.state == Ticket.State.ON_HOLD:
        return Verdict.ON_HOLD
    if facts.state == Ticket.State.BLOCKED:
        return Verdict.BLOCKED
    if facts.at < facts.opens_at:
        return Verdict.TOO_EARLY
    if facts.at >= facts.closes_at:
        return Verdict.TOO_LATE
    if not facts.expected_here:
        return Verdict.WRONG_SESSION
    if facts.admission == "inside":
        return Verdict.ALREADY_ADMITTED
    return None


def _entry_at_capacity(facts: Facts) -> Verdict:
    if facts.safe_capacity is not None and facts.inside >= facts.safe_capacity:
        return Verdict.FULL
    return Verdict.READMITTED if facts.admission == "outside" else Verdict.ADMITTED


class _Parts(dict):
    """A part that is not known reads as a plain stand-in rather than as an error at the door."""

    STAND_INS = {
        "time": "an earlier time",
        "gate": "another gate",
        "opens": "a later time",
        "closes": "its end",
    }

    def __missing__(self, key: str) -> str:
        return self.STAND_INS.get(key, "")
