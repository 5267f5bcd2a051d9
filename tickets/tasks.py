"""What does this floor do in the background? The files of large parties."""

import logging
from datetime import datetime
from functools import partial

from tickets.domain.ticket_sheets import drop_old_sheets, finish, next_sheet, say_how_far
from tickets.models import TicketSheet
from tickets.pdf import tickets_pdf_in_parts

log = logging.getLogger(__name__)


def make_sheets(*, now: datetime) -> int:
    """Make the files that are asked for, one after the other; return how many."""
    made = 0
    while (sheet := next_sheet(now=now)) is not None:
        try:
            content = tickets_pdf_in_parts(
                registration=sheet.registration, after_part=partial(_say_how_far, sheet)
            )
        except Exception:
            log.exception("sheet %s could not be made", sheet.pk)
            content = None
        finish(sheet=sheet, content=content)
        made += 1
    return made + drop_old_sheets(now=now)


def _say_how_far(sheet: TicketSheet, tickets_done: int) -> None:
    say_how_far(sheet=sheet, tickets_done=tickets_done)
