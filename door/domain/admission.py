"""Who is let in? One scan at a time, many at once, and undone.

A live scan costs one read and one write transaction of at most two inserts. Whatever is not that
simple (late, decided offline, overridden, practised, out of order) goes through uploads.admit_together,
which folds all scans of the ticket in the order of their corrected time.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction

from accounts.models import User
from door.domain.decisions import Decision, facts_of, message, shown
from door.domain.late_scans import admit_together, new_check_in
from door.domain.reconciliation import settle
from door.domain.replays import answers_to
from door.domain.scans import Scan, happened_at, is_late
from door.domain.ticket_lookup import DeviceRefused, Known, look_up
from door.domain.verdicts import Presence, Verdict, decide
from door.models import Admission, CheckIn, Device, DoorList
from events.models import Event
from foundation.refusals import Kind, Refusal
from tickets.models import Ticket

__all__ = ["DeviceRefused", "NothingToUndo", "UndoForbidden", "admit", "admit_all", "undo"]

TRIES = 8
# So near to the safe capacity the event is locked and counted again: more than there are doors.
NEAR_CAPACITY = 64  # people
_UNDO_SPACE = UUID("6a0f6d0e-6d0c-4d55-9d0a-2f1b8a9c4e11")


class NothingToUndo(Refusal):
    slug = "nothing-to-undo"
    title = "This scan let nobody in or out"


class UndoForbidden(Refusal):
    slug = "undo-not-allowed"
    title = "Only the phone that made this scan, or a supervisor, may undo it"
    kind = Kind.FORBIDDEN


class _Overtaken(Exception):
    """Another door was faster: look again."""


def admit(
    *,
    scan: Scan,
    now: datetime,
    token: str | None = None,
    device: Device | None = None,
    door_list: DoorList | None = None,
) -> Decision:
    """Decide one scan by a device (or its token), or at a door list, and keep it.

    At most three queries for a live entry: one read and two inserts; two more near the safe capacity.

    :raises DeviceRefused: the device may not scan
    :raises MalformedScan: the scan_id belongs to a scan of another door
    """
    for _ in range(TRIES):
        known = look_up(
            code=scan.code, scan_id=scan.scan_id, token=token, device=device, door_list=door_list, now=now
        )
        happened = happened_at(scan=scan, clock_offset=known.post.clock_offset, now=now)
        try:
            if _is_simple(known, scan, happened, now):
                return _admit_at_once(known, scan, happened, now)
            with transaction.atomic(savepoint=False):
                return admit_together(post=known.post, scans=[scan], now=now)[0]
        except (IntegrityError, _Overtaken):
            if _in_outer_transaction():
                raise
    raise RuntimeError("a scan was overtaken again and again")


def admit_all(
    *,
    scans: Sequence[Scan],
    now: datetime,
    token: str | None = None,
    device: Device | None = None,
    door_list: DoorList | None = None,
    quarantine: bool = False,
) -> list[Decision]:
    """Decide many scans in one transaction, in the order of their corrected time; answers in the order sent.

    The number of queries does not depend on the number of scans. quarantine keeps all for review.

    :raises DeviceRefused: the device may not scan
    """
    for _ in range(TRIES):
        post = look_up(
            code="", token=token, device=device, door_list=door_list, now=now, even_if_revoked=quarantine
        ).post
        try:
            with transaction.atomic(savepoint=False):
                return admit_together(post=post, scans=scans, now=now, quarantine=quarantine)
        except IntegrityError:
            if _in_outer_transaction():
                raise
    raise RuntimeError("an upload was overtaken again and again")


def undo(
    *,
    scan_id: UUID,
    reason: str,
    now: datetime,
    device: Device | None = None,
    by: User | None = None,
) -> Decision:
    """Take back a scan that let somebody in or out, by a row of its own. Repeating it changes nothing.

    by: a supervisor at the desk, instead of a device.

    :raises CheckIn.DoesNotExist: no such scan at this event
    :raises UndoForbidden: another phone's scan, and no supervisor
    :raises NothingToUndo: the scan was refused, quarantined or practised
    """
    mine = {"event": device.event_id} if device else {}
    check_in = CheckIn.objects.select_related("door_list").get(scan_id=scan_id, undoes__isnull=True, **mine)
    if device and check_in.device_id != device.pk and not _is_supervisor(device, now):
        raise UndoForbidden()
    if check_in.is_quarantined or check_in.is_practice or check_in.ticket_id is None:
        raise NothingToUndo()
    if check_in.verdict not in {Verdict.ADMITTED, Verdict.READMITTED, Verdict.LEFT}:
        raise NothingToUndo()
    with transaction.atomic():
        Ticket.objects.select_for_update().only("id").get(pk=check_in.ticket_id)
        row, is_new = CheckIn.objects.get_or_create(
            undoes=check_in,
            defaults={
                "scan_id": uuid5(_UNDO_SPACE, str(scan_id)),
                "event_id": check_in.event_id,
                "door_list_id": check_in.door_list_id,
                "gate_id": device.gate_id if device else None,
                "device": device,
                "ticket_id": check_in.ticket_id,
                "direction": check_in.direction,
                "verdict": check_in.verdict,
                "undo_reason": reason,
                "scanned_at": now,
                "happened_at": now,
                "recorded_at": now,
            },
        )
        settle(ticket_ids=[check_in.ticket_id], door_list_id=check_in.door_list_id, now=now)
    post = look_up(code="", door_list=check_in.door_list, now=now).post
    answer = answers_to(rows=[check_in], post=post)[0]
    return replace(answer, scan_id=row.scan_id, message="Taken back.", is_replay=not is_new)


def _is_simple(known: Known, scan: Scan, happened: datetime, now: datetime) -> bool:
    """Live, new, plain and the newest scan of its ticket here: nothing before it can change."""
    return not (
        known.replay_id
        or scan.decided
        or scan.override_reason
        or scan.is_practice
        or is_late(happened=happened, now=now)
        or (known.latest_at and known.latest_at > happened)
    )


def _admit_at_once(known: Known, scan: Scan, happened: datetime, now: datetime) -> Decision:
    verdict = decide(_facts(known, scan, happened, known.post.inside))
    with transaction.atomic(savepoint=False):
        inside = known.post.inside
        if _needs_count(known, verdict):
            inside = _count_inside(known)
            verdict = decide(_facts(known, scan, happened, inside))
        check_in = _keep(known, scan, verdict, happened, now)
        inside += _move(known, check_in, verdict, happened, now)
    standing = known.standing
    first_admitted_at = standing.admitted_at if standing else None
    if verdict == Verdict.ADMITTED:
        first_admitted_at = happened
    is_ours = verdict not in {Verdict.UNKNOWN, Verdict.WRONG_EVENT}
    return Decision(
        scan_id=scan.scan_id,
        verdict=verdict,
        standing=verdict,
        message=message(
            verdict=verdict,
            post=known.post,
            at=happened,
            ticket=known.ticket,
            admitted_at=standing.admitted_at if standing else None,
            gate_name=standing.gate_name if standing else "",
        ),
        ticket=shown(known.ticket, verdict),
        first_admitted_at=first_admitted_at if is_ours else None,
        gate=standing.gate_slug if standing and is_ours else known.post.gate_slug,
        inside=inside,
        safe_capacity=known.post.safe_capacity,
    )


def _facts(known: Known, scan: Scan, happened: datetime, inside: int):
    standing = known.standing
    admission: Presence = "none" if standing is None else "inside" if standing.is_inside else "outside"
    return facts_of(
        post=known.post,
        ticket=known.ticket,
        direction=scan.direction,
        at=happened,
        admission=admission,
        inside=inside,
    )


def _needs_count(known: Known, verdict: Verdict) -> bool:
    """Two doors must not both let in the last one."""
    safe = known.post.safe_capacity
    enters = verdict in {Verdict.ADMITTED, Verdict.READMITTED, Verdict.FULL}
    return enters and safe is not None and known.post.inside >= safe - NEAR_CAPACITY


def _count_inside(known: Known) -> int:
    Event.objects.select_for_update().only("id").get(pk=known.post.event_id)
    return Admission.objects.inside().filter(door_list=known.post.door_list_id).count()


def _keep(known: Known, scan: Scan, verdict: Verdict, happened: datetime, now: datetime) -> CheckIn:
    check_in = new_check_in(
        post=known.post, ticket=known.ticket, scan=scan, verdict=verdict, happened=happened, now=now
    )
    check_in.save(force_insert=True)
    return check_in


def _move(known: Known, check_in: CheckIn, verdict: Verdict, happened: datetime, now: datetime) -> int:
    """Bring the admission in line; answers the change in the number of people inside.

    :raises _Overtaken: another door moved this person since we looked
    """
    if verdict == Verdict.ADMITTED and known.ticket is not None:
        Admission.objects.create(
            ticket_id=known.ticket.id,
            door_list_id=known.post.door_list_id,
            check_in=check_in,
            admitted_at=happened,
            last_at=happened,
            recorded_at=now,
            changed_at=now,
        )
        return 1
    if verdict not in {Verdict.READMITTED, Verdict.LEFT} or known.standing is None:
        return 0
    was_inside = known.standing.is_inside
    moved = Admission.objects.filter(
        pk=known.standing.id, ended_at__isnull=True, is_inside=was_inside, last_at__lte=happened
    ).update(is_inside=verdict == Verdict.READMITTED, last_at=happened, changed_at=now)
    if not moved:
        raise _Overtaken
    return (verdict == Verdict.READMITTED) - was_inside


def _is_supervisor(device: Device, now: datetime) -> bool:
    return device.supervisor_until is not None and device.supervisor_until > now


def _in_outer_transaction() -> bool:
    """Inside somebody else's transaction a failed statement cannot be tried again."""
    return transaction.get_connection().in_atomic_block
