"""What stands for one ticket at one door list, given all its scans?

A pure fold over the scans in the order of their corrected time, so that the order of arrival cannot
matter; then the admission, and the conflicts to settle, are brought in line with it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Q

from door.domain.verdicts import LET_IN, Presence, Verdict
from door.models import Admission, CheckIn, Conflict

CONFLICT = "conflict"
UNDONE = "undone"
QUARANTINED = "quarantined"
PRACTICE = "practice"
SETTLED = "settled"

Did = Literal["in", "out", "perhaps", ""]
Place = tuple[int | None, int]  # ticket, door list


@dataclass(frozen=True)
class Move:
    """One scan and what really happened at it.

    did: "in" and "out" (the person passed), "perhaps" (a late scan that the server refused as already
    admitted, and nobody told us what the steward did), "" (turned away).
    """

    scan_id: UUID
    at: datetime
    did: Did
    verdict: str
    device_id: int | None = None
    is_overridden: bool = False


@dataclass
class Standing:
    """admitted_by: the scan that the admission points at. of_scans: scan to what holds of it.

    conflicts: a later admission that went into the house while the earlier one was inside, to the
    scan that stands instead.
    """

    admitted_by: Move | None = None
    is_inside: bool = False
    last_at: datetime | None = None
    of_scans: dict[UUID, str] = field(default_factory=dict)
    conflicts: dict[UUID, UUID] = field(default_factory=dict)

    @property
    def presence(self) -> Presence:
        if self.admitted_by is None:
            return "none"
        return "inside" if self.is_inside else "outside"


def fold(moves: Iterable[Move]) -> Standing:
    """moves in the order of receipt, which breaks ties of time."""
    standing = Standing()
    current: Move | None = None  # the one that brought the person in
    for move in sorted(moves, key=lambda move: move.at):
        standing.of_scans[move.scan_id] = move.verdict
        if move.did == "out":
            standing.last_at = move.at
            standing.is_inside = False
        elif move.did and not standing.is_inside:
            came_back = standing.admitted_by is not None
            standing.admitted_by = standing.admitted_by or move
            standing.is_inside, standing.last_at, current = True, move.at, move
            standing.of_scans[move.scan_id] = Verdict.READMITTED if came_back else Verdict.ADMITTED
        elif move.did and current and not move.is_overridden and _is_second_person(move, current):
            standing.of_scans[move.scan_id] = CONFLICT
            standing.conflicts[move.scan_id] = current.scan_id
    if standing.admitted_by is None:
        standing.is_inside = False
    return standing


@dataclass
class History:
    """All scans of one ticket at one door list in the order of receipt, and the admission that stands."""

    rows: list[CheckIn] = field(default_factory=list)
    conflicts: dict[UUID, Conflict] = field(default_factory=dict)  # by their later scan
    undone: set[int | None] = field(default_factory=set)
    admission: Admission | None = None
    standing: Standing = field(default_factory=Standing)

    def add(self, row: CheckIn, conflict: Conflict | None = None) -> None:
        self.rows.append(row)
        if conflict is not None:
            self.conflicts[row.scan_id] = conflict
        if row.undoes_id:
            self.undone.add(row.undoes_id)

    def counted(self) -> list[CheckIn]:
        """Scans that have any weight: not practised, quarantined or undone, and no undo."""
        return [row for row in self.rows if _counts(row) and (row.pk is None or row.pk not in self.undone)]

    def refold(self) -> None:
        self.standing = fold(map(self._move, self.counted()))

    def standing_at(self, at: datetime) -> Standing:
        return fold(self._move(row) for row in self.counted() if row.happened_at <= at)

    def practised_at(self, at: datetime, *, device_id: int | None) -> Standing:
        mine = [row for row in self.rows if row.is_practice and row.device_id == device_id]
        return fold(self._move(row) for row in mine if row.happened_at <= at)

    def last_at(self) -> datetime | None:
        return max((row.happened_at for row in self.counted()), default=None)

    def of_scan(self, row: CheckIn) -> str:
        """What holds now of one scan: a verdict, or conflict, settled, undone, quarantined, practice."""
        if row.pk in self.undone:
            return UNDONE
        if row.is_quarantined:
            return QUARANTINED
        if row.is_practice:
            return PRACTICE
        conflict = self.conflicts.get(row.scan_id)
        if conflict is not None:
            return SETTLED if conflict.settled_at else CONFLICT
        return self.standing.of_scans.get(row.scan_id, row.verdict)

    def _move(self, row: CheckIn) -> Move:
        conflict = self.conflicts.get(row.scan_id)
        # What the steward was shown, where the device said so only after the scan was known.
        told = conflict.decided if conflict else ""
        said = told or row.verdict
        did: Did
        if row.direction == CheckIn.Direction.EXIT:
            did = "out" if said == Verdict.LEFT else ""
        elif said in LET_IN:
            did = "in"
        elif row.verdict == Verdict.ALREADY_ADMITTED and not (row.decided or told or row.is_live):
            did = "perhaps"
        else:
            did = ""
        return Move(
            scan_id=row.scan_id,
            at=row.happened_at,
            did=did,
            verdict=said,
            device_id=row.device_id,
            is_overridden=bool(row.override_reason),
        )


def histories_of(
    *, ticket_ids: Collection[int], door_lists: Collection[int], scan_ids: Collection[UUID] = ()
) -> tuple[dict[Place, History], dict[UUID, CheckIn]]:
    """Scans of these tickets at these doors, and scans by their ids. Three queries; one where all is new."""
    mine = Q(ticket__in=ticket_ids, door_list__in=door_lists)
    found = CheckIn.objects.filter(mine | Q(scan_id__in=scan_ids) if scan_ids else mine)
    rows = list(found.order_by("id"))
    conflicts = conflicts_over(rows)
    histories: dict[Place, History] = defaultdict(History)
    stored = {}
    for row in rows:
        if row.scan_id in scan_ids:
            stored[row.scan_id] = row
        if row.ticket_id in ticket_ids and row.door_list_id in door_lists:
            histories[row.ticket_id, row.door_list_id].add(row, conflicts.get(row.pk))
    if histories:
        standing = Admission.objects.standing().filter(ticket__in=ticket_ids, door_list__in=door_lists)
        for admission in standing.select_related("check_in__gate"):
            histories[admission.ticket_id, admission.door_list_id].admission = admission
    for history in histories.values():
        history.refold()
    return histories, stored


def conflicts_over(rows: Collection[CheckIn]) -> dict[int, Conflict]:
    """By the key of their later scan. One query; none for no rows."""
    if not rows:
        return {}
    return {one.check_in_id: one for one in Conflict.objects.filter(check_in__in=rows)}


def reconcile(*, ticket_ids: Iterable[int], door_list_id: int, now: datetime) -> None:
    """Bring admissions and conflicts of these tickets in line with their scans; the caller holds the tickets.

    Three reads, and writes only for what changed.
    """
    histories, _ = histories_of(ticket_ids=sorted(set(ticket_ids)), door_lists=[door_list_id])
    bring_in_line(histories, now=now)


def bring_in_line(histories: Mapping[Place, History], *, now: datetime) -> int:
    """Write the admissions and conflicts that follow from these histories, all of whose rows are stored.

    Answers by how many more people are inside than before.
    """
    before = sum(one.admission.is_inside for one in histories.values() if one.admission)
    for history in histories.values():
        history.refold()
    _write_admissions(histories, now)
    _write_conflicts(histories, now)
    return sum(one.admission.is_inside for one in histories.values() if one.admission) - before


def _counts(row: CheckIn) -> bool:
    return not (row.is_practice or row.is_quarantined or row.undoes_id)


def _is_second_person(move: Move, current: Move) -> bool:
    """A device that scanned both would have known; another door may have let a second person in."""
    return move.did == "in" or move.device_id != current.device_id


def _write_admissions(histories: Mapping[Place, History], now: datetime) -> None:
    new, changed = [], []
    for (ticket_id, door_list_id), history in histories.items():
        admission, standing, by = history.admission, history.standing, history.standing.admitted_by
        if by is None or ticket_id is None:
            if admission is not None:
                admission.ended_at = admission.changed_at = now
                history.admission = None
                changed.append(admission)
            continue
        check_in = next(row for row in history.rows if row.scan_id == by.scan_id)
        values = {
            "admitted_at": by.at,
            "is_inside": standing.is_inside,
            "last_at": standing.last_at,
        }
        if admission is None:
            history.admission = Admission(
                ticket_id=ticket_id,
                door_list_id=door_list_id,
                check_in=check_in,
                recorded_at=now,
                changed_at=now,
                **values,
            )
            new.append(history.admission)
        elif admission.check_in_id != check_in.pk or any(
            getattr(admission, name) != value for name, value in values.items()
        ):
            for name, value in values.items():
                setattr(admission, name, value)
            if admission.check_in_id != check_in.pk:
                admission.check_in = check_in
            admission.changed_at = now
            changed.append(admission)
    if new:
        Admission.objects.bulk_create(new)
    if changed:
        Admission.objects.bulk_update(
            changed, ["check_in", "admitted_at", "is_inside", "last_at", "changed_at", "ended_at"]
        )


def _write_conflicts(histories: Mapping[Place, History], now: datetime) -> None:
    """Two admissions of one ticket; conflicts over the ticket itself were written with their scan."""
    new, gone = [], []
    for history in histories.values():
        rows = {row.scan_id: row for row in history.rows}
        found = history.standing.conflicts
        for scan_id, stands_id in found.items():
            stands, conflict = rows[stands_id], history.conflicts.get(scan_id)
            if conflict is None:
                conflict = history.conflicts[scan_id] = Conflict(
                    check_in=rows[scan_id],
                    stands=stands,
                    server_verdict=Verdict.ALREADY_ADMITTED,
                    found_at=now,
                )
                new.append(conflict)
            elif conflict.stands_id != stands.pk:
                conflict.stands = stands
                conflict.save(update_fields=["stands"])
        for scan_id, conflict in list(history.conflicts.items()):
            of_two = conflict.server_verdict == Verdict.ALREADY_ADMITTED and not conflict.decided
            if of_two and conflict.settled_at is None and scan_id not in found:
                gone.append(conflict.pk)
                del history.conflicts[scan_id]
    if new:
        Conflict.objects.bulk_create(new)
    if gone:
        Conflict.objects.filter(pk__in=gone).delete()
