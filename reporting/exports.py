"""How does a report look as CSV, XLSX and JSON? The same strings as on page and paper, row by row."""

import csv
import io
import json

from openpyxl import Workbook
from openpyxl.styles import Font

from foundation.spreadsheets import harmless
from reporting.domain.presenter import Told


def report_json(values: dict) -> str:
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def report_rows(told: Told) -> list[list[str]]:
    """Section, name, measure, figure: one figure a row, in the order of the report."""
    rows = [["section", "name", "measure", "figure"]]
    values = told.values
    rows.append(["report", "title", "", told.title])
    rows.append(["report", "as at", "", values["as_at"]])
    if told.number:
        rows.append(["report", "number", "", str(told.number)])
    rows.append(["report", "precision", "", told.precision])
    rows.append(["report", "definition", "", told.definition])
    rows.append(["report", "rule version", "", values["rule_version"]])
    rows.append(["report", "digest of the rows", "", values["digest"] or "not shown"])
    for name in ("goal", "value", "low", "high"):
        shown = told.goal if name == "goal" else values[name]
        rows.append(["figure", name, told.unit, _plain(shown)])
    rows.extend(["fact", name, "", text] for name, text in told.facts)
    for table in told.tables.values():
        for row in table.rows:
            for column, text in zip(table.columns[1:], row[1:], strict=True):
                rows.append([table.caption, row[0], column, _plain(text)])
    rows.extend(["note", "", "", note] for note in told.notes)
    return rows


def report_csv(told: Told) -> str:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerows([[harmless(cell) for cell in row] for row in report_rows(told)])
    return "\ufeff" + file.getvalue()


def report_xlsx(told: Told) -> bytes:
    """A sheet with all figures, and one for each table."""
    book = Workbook()
    sheet = book.active
    sheet.title = "All figures"
    _fill(sheet, report_rows(told))
    for table in told.tables.values():
        sheet = book.create_sheet(
            table.caption.split(",")[0].split(" by ")[-1][:28].capitalize() or table.key
        )
        _fill(sheet, [table.columns, *table.rows])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _fill(sheet, rows: list[list[str]]) -> None:
    for row in rows:
        sheet.append([_number(str(harmless(cell))) for cell in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for column, cells in enumerate(zip(*rows, strict=True)):
        width = min(60, max(len(cell) for cell in cells) + 2)
        sheet.column_dimensions[chr(ord("A") + column)].width = width


def _plain(text) -> str:
    """1,234 as 1234, for programs; any other text as it is."""
    text = str(text)
    bare = text.replace(",", "")
    return bare if bare.isdigit() else text


def _number(text: str) -> int | str:
    bare = text.replace(",", "")
    return int(bare) if bare.isdigit() and len(bare) < 10 else text
