"""What does this floor do in the background? Files: for large parties, and for organisers."""

import logging
from datetime import datetime
from functools import partial

from events.exports import csv_file, xlsx_file
from tickets.domain.exporting import drop_old_exports, next_export, table_of
from tickets.domain.exporting import finish as finish_export
from tickets.domain.sheets import drop_old_sheets, finish, next_sheet, say_how_far
from tickets.models import Export, TicketSheet
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


def make_exports(*, now: datetime) -> int:
    """Make the files that organisers asked for, one after the other; return how many."""
    made = 0
    while (export := next_export(now=now)) is not None:
        try:
            content = _file(export)
        except Exception:
            log.exception("export %s could not be made", export.pk)
            content = None
        finish_export(export=export, content=content)
        made += 1
    return made + drop_old_exports(now=now)


def _file(export: Export) -> bytes:
    rows = list(table_of(export=export))
    if export.format == Export.Format.CSV:
        return csv_file(rows).encode("utf-8", "replace")
    return xlsx_file(title=export.get_kind_display(), rows=rows)
