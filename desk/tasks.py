"""What does the desk do in the background? The files that organisers asked for."""

import logging
from datetime import datetime

from desk.domain.export_files import drop_old_exports, finish, next_export, table_of
from desk.models import Export
from foundation.spreadsheets import csv_file, xlsx_file

log = logging.getLogger(__name__)


def make_exports(*, now: datetime) -> int:
    """Make the files that organisers asked for, one after the other; return how many."""
    made = 0
    while (export := next_export(now=now)) is not None:
        try:
            content = _file(export)
        except Exception:
            log.exception("export %s could not be made", export.pk)
            content = None
        finish(export=export, content=content)
        made += 1
    return made + drop_old_exports(now=now)


def _file(export: Export) -> bytes:
    rows = list(table_of(export=export))
    if export.format == Export.Format.CSV:
        return csv_file(rows).encode("utf-8", "replace")
    return xlsx_file(title=export.get_kind_display(), rows=rows)
