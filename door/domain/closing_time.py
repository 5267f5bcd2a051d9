"""Who is still counted inside when the doors have closed? Nobody: closing time checks them out."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q

from door.domain.standing import reconcile
from door.domain.verdicts import Verdict
from door.models import Admission, CheckIn
from tickets.models import Ticket

AFTER_A_LATE_ENTRY = timedelta(hours=1)  # let in by a supervisor after closing: they have an hour
AT_ONCE = 500  # people in one transaction
_SPACE = UUID("c2b0a7f4-57f2-4b43-9d0c-5be1a0c0d9aa")


def check_out_at_closing(*, now: datetime) -> int:
    """Check out everybody who is inside after closing time, by a row each; answers how many.

    Closing time is the end of the event, or of the session at its door: an instant, so it is right on
    the night the clocks change. A scan that comes in late is folded in before it, as it happened before.
    """
    done = 0
    while True:
        batch = _check_out_some(now)
        done += batch
        if batch < AT_ONCE:
            return done


def _check_out_some(now: datetime) -> int:
    with transaction.atomic():
        over = Q(door_list__session__isnull=True, door_list__event__ends_at__lte=now) | Q(
            door_list__session__ends_at__lte=now
        )
        late = now - AFTER_A_LATE_ENTRY
        found = [
            one
            for one in Admission.objects.inside()
            .filter(over)
            .select_related("door_list__event", "door_list__session")
            .order_by("ticket_id")[: AT_ONCE * 2]
            if one.last_at < _closes_at(one) or one.last_at <= late
        ][:AT_ONCE]
        if not found:
            return 0
        list(
            Ticket.objects.select_for_update().filter(pk__in=[one.ticket_id for one in found]).order_by("pk")
        )
        CheckIn.objects.bulk_create([_exit(one, now) for one in found], ignore_conflicts=True)
        by_list: dict[int, list[int]] = {}
        for one in found:
            by_list.setdefault(one.door_list_id, []).append(one.ticket_id)
        for door_list_id, tickets in by_list.items():
            reconcile(ticket_ids=tickets, door_list_id=door_list_id, now=now)
        return len(found)


def _exit(admission: Admission, now: datetime) -> CheckIn:
    closes_at = _closes_at(admission)
    at = closes_at if admission.last_at < closes_at else admission.last_at + AFTER_A_LATE_ENTRY
    return CheckIn(
        scan_id=uuid5(_SPACE, f"{admission.pk} {admission.last_at.isoformat()}"),
        event_id=admission.door_list.event_id,
        door_list_id=admission.door_list_id,
        ticket_id=admission.ticket_id,
        direction=CheckIn.Direction.EXIT,
        verdict=Verdict.LEFT,
        scanned_at=at,
        happened_at=at,
        recorded_at=now,
        is_automatic=True,
    )


def _closes_at(admission: Admission) -> datetime:
    door_list = admission.door_list
    return door_list.session.ends_at if door_list.session else door_list.event.ends_at
