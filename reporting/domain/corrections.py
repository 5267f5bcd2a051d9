"""What was counted or put right by hand? With a reason and an author; superseded, never edited."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from events.models import Event
from foundation.refusals import InvalidInput, Refusal
from people.domain.age_bands import AGE_BANDS
from people.domain.names import text_fault
from reporting.models import AttendanceCorrection, HandCount
from tickets.models import Ticket

MOST_HEADS = 5_000
SHORTEST_REASON = 10  # letters: a sentence, not a dot
BANDS = {band for _, _, band in AGE_BANDS}


class AlreadySuperseded(Refusal):
    slug = "already-superseded"
    title = "Somebody has put this right already"


def record_heads(
    *,
    event: Event,
    heads: int,
    reason: str,
    by: User,
    now: datetime,
    age_band: str = "",
    is_online: bool = False,
    supersedes: HandCount | None = None,
) -> HandCount:
    """Note heads without names at an edition; supersedes: the count that this one puts right.

    :raises InvalidInput: fields says why
    :raises AlreadySuperseded: the earlier count does not stand any more
    """
    faults = _faults(event, reason, now)
    if not 0 <= heads <= MOST_HEADS or (heads == 0 and supersedes is None):
        faults["heads"] = [f"Enter a number between 1 and {MOST_HEADS:,}"]
    if age_band and age_band not in BANDS:
        faults["age_band"] = ["Choose an age band"]
    if faults:
        raise InvalidInput("Check what you entered.", fields=faults)
    with transaction.atomic():
        if supersedes is not None:
            standing = HandCount.objects.select_for_update().filter(pk=supersedes.pk, event=event).first()
            if standing is None or HandCount.objects.filter(supersedes=standing).exists():
                raise AlreadySuperseded("Reload the page and look at the count that stands.")
        return HandCount.objects.create(
            event=event,
            heads=heads,
            age_band=age_band,
            is_online=is_online,
            reason=reason.strip(),
            recorded_by=by,
            recorded_at=now,
            supersedes=supersedes,
        )


def correct_attendance(
    *, ticket: Ticket, attendance: str, reason: str, by: User, now: datetime
) -> AttendanceCorrection:
    """Record by hand whether a ticket came; the latest record holds and supersedes the one before.

    :raises InvalidInput: the edition has not begun, or the reason is missing
    """
    faults = _faults(ticket.event, reason, now)
    if attendance not in AttendanceCorrection.Attendance.values:
        faults["attendance"] = ["Choose one of the three"]
    if faults:
        raise InvalidInput("Check what you entered.", fields=faults)
    with transaction.atomic():
        Ticket.objects.select_for_update().get(pk=ticket.pk)
        latest = AttendanceCorrection.objects.filter(ticket=ticket).order_by("-recorded_at", "-pk").first()
        return AttendanceCorrection.objects.create(
            ticket=ticket,
            attendance=attendance,
            reason=reason.strip(),
            recorded_by=by,
            recorded_at=now,
            supersedes=latest,
        )


def ticket_of_event(*, event: Event, serial: int) -> Ticket:
    """:raises InvalidInput: the edition has no ticket with this number"""
    found = Ticket.objects.select_related("event").filter(event=event, serial=serial).first()
    if found is None:
        raise InvalidInput(fields={"serial": ["There is no ticket with this number at this edition"]})
    return found


def _faults(event: Event, reason: str, now: datetime) -> dict[str, list[str]]:
    faults = {}
    if len(reason.strip()) < SHORTEST_REASON:
        faults["reason"] = ["Say why, in a few words, so that the board can trust it"]
    elif len(reason) > 300:
        faults["reason"] = ["Use 300 characters or fewer"]
    elif fault := text_fault(reason):
        faults["reason"] = [fault]
    if event.doors_open_at > now:
        faults["event"] = ["The doors of this edition have not opened yet"]
    return faults
