"""What does this floor do in the background? The files of large parties."""

from datetime import datetime
from functools import partial

from outbox.domain.work import work_off
from tickets.domain.ticket_sheets import drop_old_sheets, say_how_far
from tickets.models import TicketSheet
from tickets.pdf import tickets_pdf_in_parts


def make_sheets(*, now: datetime) -> int:
    """Make the files that are asked for, one after the other; return how many."""
    sheets = TicketSheet.objects.select_related("registration")
    return work_off(sheets, partial(_make, now=now), now=now) + drop_old_sheets(now=now)


def _make(sheet: TicketSheet, *, now: datetime) -> bool:
    content = tickets_pdf_in_parts(registration=sheet.registration, after_part=partial(_say_how_far, sheet))
    return sheet.finish(now=now, content=content)


def _say_how_far(sheet: TicketSheet, tickets_done: int) -> None:
    say_how_far(sheet=sheet, tickets_done=tickets_done)
