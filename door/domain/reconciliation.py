"""How do the scans of a ticket become what stands: its admission, and the conflicts to settle?"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from door.domain import standing as fold_of
from door.domain.scans import is_late
from door.domain.standing import Did, Move, Standing, fold
from door.domain.verdicts import LET_IN, Verdict
from door.models import Admission, CheckIn, Conflict


def move_of(check_in: CheckIn, *, told: str = "") -> Move:
    """told: what the steward was shown, where the device said so only after the scan was known."""
    said = told or check_in.verdict
    did: Did
    if check_in.direction == CheckIn.Direction.EXIT:
        did = "out" if said == Verdict.LEFT else ""
    elif said in LET_IN:
        did = "in"
    elif _may_have_been_let_in(check_in, told):
        did = "perhaps"
    else:
        did = ""
    return Move(
        check_in_id=check_in.pk,
        at=check_in.happened_at,
        did=did,
        verdict=said,
        device_id=check_in.device_id,
        is_overridden=bool(check_in.override_reason),
    )


def counts(check_in: CheckIn) -> bool:
    """Whether a scan has any weight: not practised, not quarantined, no undo."""
    return not (check_in.is_practice or check_in.is_quarantined or check_in.undoes_id)


def settle(
    *, ticket_ids: Iterable[int], door_list_id: int, now: datetime
) -> tuple[dict[int, Standing], dict[int, Conflict]]:
    """Bring admissions and conflicts of these tickets in line with their scans; the caller holds the tickets.

    Answers what stands for each ticket, and the conflicts by check-in. Three reads, and writes only for
    what changed.
    """
    ticket_ids = sorted(set(ticket_ids))
    rows = CheckIn.objects.filter(ticket__in=ticket_ids, door_list=door_list_id)
    histories: dict[int, list[CheckIn]] = defaultdict(list)
    undone = set()
    for row in rows.order_by("id"):
        histories[row.ticket_id or 0].append(row)
        undone.add(row.undoes_id)
    conflicts = {
        conflict.check_in_id: conflict
        for conflict in Conflict.objects.filter(
            check_in__ticket__in=ticket_ids, check_in__door_list=door_list_id
        )
    }
    standings = {}
    for ticket_id in ticket_ids:
        standings[ticket_id] = fold(
            move_of(row, told=conflicts[row.pk].decided if row.pk in conflicts else "")
            for row in histories[ticket_id]
            if counts(row) and row.pk not in undone
        )
    _write_admissions(standings, door_list_id, now)
    _write_conflicts(standings, conflicts, now)
    return standings, conflicts


def standing_of(
    check_in: CheckIn, *, is_undone: bool, conflict: Conflict | None, standing: Standing | None
) -> str:
    """What holds now of one scan: a verdict, or conflict, settled, undone, quarantined, practice."""
    if is_undone:
        return fold_of.UNDONE
    if check_in.is_quarantined:
        return fold_of.QUARANTINED
    if check_in.is_practice:
        return fold_of.PRACTICE
    if conflict is not None:
        return fold_of.SETTLED if conflict.settled_at else fold_of.CONFLICT
    return standing.standings.get(check_in.pk, check_in.verdict) if standing else check_in.verdict


def _may_have_been_let_in(check_in: CheckIn, told: str) -> bool:
    return (
        check_in.verdict == Verdict.ALREADY_ADMITTED
        and not check_in.decided
        and not told
        and is_late(happened=check_in.happened_at, now=check_in.recorded_at)
    )


def _write_admissions(standings: dict[int, Standing], door_list_id: int, now: datetime) -> None:
    existing = {
        admission.ticket_id: admission
        for admission in Admission.objects.standing().filter(ticket__in=standings, door_list=door_list_id)
    }
    new, changed = [], []
    for ticket_id, standing in standings.items():
        admission, by = existing.get(ticket_id), standing.admitted_by
        if by is None:
            if admission is not None:
                admission.ended_at = admission.changed_at = now
                changed.append(admission)
            continue
        values = {
            "check_in_id": by.check_in_id,
            "admitted_at": by.at,
            "is_inside": standing.is_inside,
            "last_at": standing.last_at,
        }
        if admission is None:
            new.append(
                Admission(
                    ticket_id=ticket_id, door_list_id=door_list_id, recorded_at=now, changed_at=now, **values
                )
            )
        elif any(getattr(admission, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(admission, name, value)
            admission.changed_at = now
            changed.append(admission)
    Admission.objects.bulk_create(new)
    if changed:
        Admission.objects.bulk_update(
            changed, ["check_in", "admitted_at", "is_inside", "last_at", "changed_at", "ended_at"]
        )


def _write_conflicts(standings: dict[int, Standing], conflicts: dict[int, Conflict], now: datetime) -> None:
    """Two admissions of one ticket; conflicts over the ticket itself were written with their scan."""
    found = {later: stands for standing in standings.values() for later, stands in standing.conflicts.items()}
    new, gone = [], []
    for check_in_id, stands_id in found.items():
        conflict = conflicts.get(check_in_id)
        if conflict is None:
            conflict = Conflict(
                check_in_id=check_in_id,
                stands_id=stands_id,
                server_verdict=Verdict.ALREADY_ADMITTED,
                found_at=now,
            )
            new.append(conflict)
        elif conflict.stands_id != stands_id:
            conflict.stands_id = stands_id
            conflict.save(update_fields=["stands"])
    for check_in_id, conflict in conflicts.items():
        of_two = conflict.server_verdict == Verdict.ALREADY_ADMITTED and not conflict.decided
        if of_two and conflict.settled_at is None and check_in_id not in found:
            gone.append(conflict.pk)
    Conflict.objects.bulk_create(new)
    conflicts.update({conflict.check_in_id: conflict for conflict in new})
    if gone:
        Conflict.objects.filter(pk__in=gone).delete()
        for check_in_id in [key for key, conflict in conflicts.items() if conflict.pk in gone]:
            del conflicts[check_in_id]
