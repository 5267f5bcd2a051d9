"""What did the door leave for a supervisor to settle? Conflicts, and scans that were kept for review."""

from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction

from accounts.models import User
from door.domain.scans import plain_text
from door.domain.standing import reconcile
from door.domain.verdicts import LET_IN, Verdict
from door.models import CheckIn, Conflict, ScanReview
from events.models import Event
from foundation.refusals import InvalidInput, Refusal
from tickets.models import Ticket

SETTLEMENT_MAX = 200
_SPACE = UUID("4f5bb7a5-3a0b-4f0e-8f3c-5a7d0f9f7f10")


class ReviewedAlready(Refusal):
    slug = "reviewed-already"
    title = "This was settled already"


def conflicts_of(*, event: Event, settled: bool) -> list[Conflict]:
    """Oldest first, with both scans, their gates and phones. One query."""
    return list(
        Conflict.objects.filter(check_in__event=event, settled_at__isnull=not settled)
        .select_related(
            "check_in__ticket",
            "check_in__gate",
            "check_in__device",
            "check_in__door_list__session",
            "stands__gate",
            "stands__device",
            "settled_by",
        )
        .order_by("check_in__happened_at")
    )


def settle_conflict(*, event: Event, scan_id: UUID, words: str, by: User, now: datetime) -> Conflict:
    """Write down what came of it. People are counted once either way.

    :raises Conflict.DoesNotExist: this event has no such conflict
    :raises InvalidInput: no words
    :raises ReviewedAlready: somebody was faster
    """
    try:
        words = plain_text(words, at_most=SETTLEMENT_MAX)
    except ValueError as error:
        raise InvalidInput(str(error), fields={"words": [str(error)]}) from None
    conflict = Conflict.objects.get(check_in__event=event, check_in__scan_id=scan_id)
    done = Conflict.objects.filter(pk=conflict.pk, settled_at__isnull=True).update(
        settled_at=now, settled_by=by, settlement=words
    )
    if not done:
        raise ReviewedAlready()
    conflict.refresh_from_db()
    return conflict


def settle_kind(*, event: Event, kind: str, words: str, by: User, now: datetime) -> int:
    """Write the same finding to all open conflicts of one kind, the server's verdict; answers how many.

    :raises InvalidInput: no words
    :raises ReviewedAlready: none is open
    """
    try:
        words = plain_text(words, at_most=SETTLEMENT_MAX)
    except ValueError as error:
        raise InvalidInput(str(error), fields={"words": [str(error)]}) from None
    done = Conflict.objects.filter(
        check_in__event=event, server_verdict=kind, settled_at__isnull=True
    ).update(settled_at=now, settled_by=by, settlement=words)
    if not done:
        raise ReviewedAlready()
    return done


def scans_to_review(*, event: Event) -> list[CheckIn]:
    """Scans that let nobody in until somebody has looked at them, oldest first. One query."""
    return list(
        CheckIn.objects.filter(event=event, is_quarantined=True, review__isnull=True, is_practice=False)
        .select_related("ticket", "gate", "device")
        .order_by("happened_at")
    )


def review_scan(*, event: Event, scan_id: UUID, accept: bool, by: User, now: datetime) -> ScanReview:
    """Accept a kept scan, by a check-in of its own that counts at the time it happened, or dismiss it.

    :raises CheckIn.DoesNotExist: this event keeps no such scan
    :raises ReviewedAlready: somebody was faster
    """
    with transaction.atomic():
        kept = CheckIn.objects.get(event=event, scan_id=scan_id, is_quarantined=True)
        if kept.ticket_id is not None:
            Ticket.objects.select_for_update().only("id").get(pk=kept.ticket_id)
        review, is_new = ScanReview.objects.get_or_create(
            check_in=kept, defaults={"reviewed_at": now, "reviewed_by": by}
        )
        if not is_new:
            raise ReviewedAlready()
        if accept and kept.ticket_id is not None:
            review.accepted = _counted(kept, now)
            review.save(update_fields=["accepted"])
            reconcile(ticket_ids=[kept.ticket_id], door_list_id=kept.door_list_id, now=now)
    return review


def _counted(kept: CheckIn, now: datetime) -> CheckIn:
    """An override without a grant was kept as refused: accepting it is the grant."""
    verdict = kept.decided or kept.verdict
    overridden = kept.overridden_verdict
    if kept.override_reason and verdict not in LET_IN and kept.direction == CheckIn.Direction.ENTRY:
        verdict, overridden = Verdict.ADMITTED, verdict
    return CheckIn.objects.create(
        scan_id=uuid5(_SPACE, str(kept.scan_id)),
        event_id=kept.event_id,
        door_list_id=kept.door_list_id,
        gate_id=kept.gate_id,
        device_id=kept.device_id,
        ticket_id=kept.ticket_id,
        direction=kept.direction,
        verdict=verdict,
        decided=kept.decided,
        collection=kept.collection,
        override_reason=kept.override_reason,
        overridden_verdict=overridden,
        scanned_at=kept.scanned_at,
        happened_at=kept.happened_at,
        recorded_at=now,
    )
