"""What stands for one ticket at one door list, given all its scans?

A pure fold over the scans in the order of their corrected time, so that the order of arrival cannot
matter. Scans that were undone, practised or quarantined are left out before.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from door.domain.verdicts import Verdict

CONFLICT = "conflict"
UNDONE = "undone"
QUARANTINED = "quarantined"
PRACTICE = "practice"
SETTLED = "settled"


Did = Literal["in", "out", "perhaps", ""]


@dataclass(frozen=True)
class Move:
    """One scan and what really happened at it.

    did: "in" and "out" (the person passed), "perhaps" (a late scan that the server refused as already
    admitted, and nobody told us what the steward did), "" (turned away).
    """

    check_in_id: int
    at: datetime
    did: Did
    verdict: str
    device_id: int | None = None
    is_overridden: bool = False


@dataclass
class Standing:
    """admitted_by: the check-in that the admission points at. standings: check-in to what holds of it.

    conflicts: a later admission that went into the house while the earlier one was inside, to the
    check-in that stands instead.
    """

    admitted_by: Move | None = None
    is_inside: bool = False
    last_at: datetime | None = None
    standings: dict[int, str] = field(default_factory=dict)
    conflicts: dict[int, int] = field(default_factory=dict)


def fold(moves: Iterable[Move]) -> Standing:
    """moves may come in any order; ties of time go by receipt."""
    standing = Standing()
    current: Move | None = None  # the one that brought the person in
    for move in sorted(moves, key=lambda move: (move.at, move.check_in_id)):
        standing.standings[move.check_in_id] = move.verdict
        if move.did == "out":
            standing.last_at = move.at
            standing.is_inside = False
        elif move.did and not standing.is_inside:
            came_back = standing.admitted_by is not None
            standing.admitted_by = standing.admitted_by or move
            standing.is_inside, standing.last_at, current = True, move.at, move
            standing.standings[move.check_in_id] = Verdict.READMITTED if came_back else Verdict.ADMITTED
        elif move.did and current and not move.is_overridden and _is_second_person(move, current):
            standing.standings[move.check_in_id] = CONFLICT
            standing.conflicts[move.check_in_id] = current.check_in_id
    if standing.admitted_by is None:
        standing.is_inside = False
    return standing


def _is_second_person(move: Move, current: Move) -> bool:
    """A device that scanned both would have known; another door may have let a second person in."""
    return move.did == "in" or move.device_id != current.device_id
