"""How do bookings and use figures look as CSV and XLSX? No person in them, and no cell that counts as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from events.domain.use import SpaceUse, hire_value
from events.domain.wall_time import wall_time
from events.models import Booking

FORMULA_STARTS = ("=", "+", "-", "@", "＝", "\t", "\r")
BOOKING_COLUMNS = [
    "number", "venue", "space", "title", "edition", "state", "option", "starts", "ends", "blocked from",
    "blocked until", "people", "layout", "layout capacity", "capacity confirmed by", "hold until",
    "confirmed", "released", "reason", "value in pounds",
]  # fmt: skip
USE_COLUMNS = ["venue", "space", "open hours", "confirmed hours", "held hours", "per cent", "value in pounds"]
Cell = str | int | float | None


def booking_rows(bookings: Iterable[Booking]) -> list[list[Cell]]:
    """A heading and a row each; times as on the clock in Liverpool with their offset."""
    return [
        list(BOOKING_COLUMNS),
        *(
            [
                one.pk, one.space.venue.name, one.space.name, one.title, one.event.title if one.event else "",
                one.state, one.rank, _moment(one.starts_at), _moment(one.ends_at), _moment(one.blocked_from),
                _moment(one.blocked_until), one.people, one.layout.name if one.layout else "",
                one.layout.capacity if one.layout else None, one.layout.confirmed_by if one.layout else "",
                _moment(one.hold_until), _moment(one.confirmed_at), _moment(one.released_at), one.release_reason,
                _pounds(hire_value(booking=one)),
            ]
            for one in bookings
        ),
    ]  # fmt: skip


def use_rows(figures: Sequence[SpaceUse]) -> list[list[Cell]]:
    return [
        list(USE_COLUMNS),
        *(
            [
                one.space.venue.name,
                one.space.name,
                _pounds(one.open_hours),
                _pounds(one.confirmed_hours),
                _pounds(one.held_hours),
                one.share,
                _pounds(one.value),
            ]
            for one in figures
        ),
    ]


def csv_file(rows: Iterable[Sequence[Cell]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows([[harmless(cell) for cell in row] for row in rows])
    return "\ufeff" + file.getvalue()


def xlsx_file(*, title: str, rows: Sequence[Sequence[Cell]]) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append([harmless(cell) for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for column in sheet.columns:
        widest = max(len(str(cell.value or "")) for cell in column)
        sheet.column_dimensions[column[0].column_letter].width = min(widest + 2, 48)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def harmless(cell: Cell) -> Cell:
    """Text that a spreadsheet would run gets an apostrophe in front; what it cannot hold goes."""
    if not isinstance(cell, str):
        return cell
    text = ILLEGAL_CHARACTERS_RE.sub("", cell)
    return f"'{text}" if text.lstrip().startswith(FORMULA_STARTS) or text.startswith(FORMULA_STARTS) else text


def _moment(moment) -> str:
    return wall_time(moment).isoformat(timespec="minutes") if moment else ""


def _pounds(amount) -> float | None:
    return None if amount is None else float(amount)
