"""What does this floor hold about a ticket, and what of it leaves with the names?"""

from datetime import datetime

from reporting.models import AttendanceCorrection

ERASED = "(erased)"


def attendance_by_hand(tickets: list[int]) -> list[dict]:
    """For the owner's my-data page: what somebody recorded by hand about these tickets."""
    rows = (
        AttendanceCorrection.objects.filter(ticket__in=tickets)
        .select_related("ticket")
        .order_by("recorded_at")
    )
    return [
        {
            "ticket": row.ticket.serial,
            "attendance": row.get_attendance_display(),
            "reason": row.reason,
            "recorded_at": row.recorded_at.isoformat(),
        }
        for row in rows
    ]


def forget_reasons(*, now: datetime) -> int:
    """A typed reason may hold a name: it leaves once the ticket's names have left; the record stays."""
    rows = AttendanceCorrection.objects.filter(ticket__registration__erased_at__lte=now).exclude(
        reason=ERASED
    )
    return rows.update(reason=ERASED)
