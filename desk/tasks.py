"""What does the desk do in the background? The files that organisers asked for."""

from datetime import datetime
from functools import partial

from desk.domain.export_files import count_rows, drop_old_exports, table_of
from desk.models import Export
from foundation.spreadsheets import csv_file, xlsx_file
from outbox.domain.work import work_off


def make_exports(*, now: datetime) -> int:
    """Make the files that organisers asked for, one after the other; return how many."""
    drop_old_exports(now=now)
    return work_off(Export.objects.defer("content"), partial(_make, now=now), now=now)


def _make(export: Export, *, now: datetime) -> bool:
    count_rows(export=export)
    return export.finish(now=now, content=_file(export))


def _file(export: Export) -> bytes:
    rows = list(table_of(export=export))
    if export.format == Export.Format.CSV:
        return csv_file(rows).encode("utf-8", "replace")
    return xlsx_file(title=export.get_kind_display(), rows=rows)
