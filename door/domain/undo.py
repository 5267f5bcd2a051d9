"""Who may take a scan back? By a row of its own: the first one stays as it was."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q

from accounts.models import User
from door.domain.decisions import Decision, answer_to
from door.domain.devices import post_of
from door.domain.standing import bring_in_line, histories_of
from door.domain.ticket_lookup import known_tickets
from door.domain.verdicts import Verdict
from door.models import Admission, CheckIn, Device
from foundation.refusals import Kind, Refusal
from tickets.models import Ticket

_UNDO_SPACE = UUID("6a0f6d0e-6d0c-4d55-9d0a-2f1b8a9c4e11")


class NothingToUndo(Refusal):
    slug = "nothing-to-undo"
    title = "This scan let nobody in or out"


class UndoForbidden(Refusal):
    slug = "undo-not-allowed"
    title = "Only the phone that made this scan, or a supervisor, may undo it"
    kind = Kind.FORBIDDEN


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
        histories, _ = histories_of(ticket_ids=[check_in.ticket_id], door_lists=[check_in.door_list_id])
        bring_in_line(histories, now=now)
    [(*_, ticket)] = known_tickets(Q(pk=check_in.ticket_id))
    answer = answer_to(
        check_in,
        post=post_of(door_list=check_in.door_list, now=now),
        history=histories[check_in.ticket_id, check_in.door_list_id],
        ticket=ticket,
        inside=Admission.objects.inside().filter(door_list=check_in.door_list_id).count(),
        is_replay=False,
    )
    return replace(answer, scan_id=row.scan_id, message="Taken back.", is_replay=not is_new)


def _is_supervisor(device: Device, now: datetime) -> bool:
    return device.supervisor_until is not None and device.supervisor_until > now
