"""Which faces does one report have? The same object as PDF, CSV, XLSX and JSON."""

from collections.abc import Callable
from dataclasses import dataclass

from reporting.domain.presenter import tell
from reporting.exports import report_csv, report_json, report_xlsx
from reporting.pdf import report_pdf


@dataclass(frozen=True)
class Face:
    content: bytes
    content_type: str


_MAKERS: dict[str, tuple[str, Callable[[dict], bytes]]] = {
    "pdf": ("application/pdf", lambda values: report_pdf(tell(values))),
    "csv": ("text/csv; charset=utf-8", lambda values: report_csv(tell(values)).encode()),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        lambda values: report_xlsx(tell(values)),
    ),
    "json": ("application/json", lambda values: report_json(values).encode()),
}
FACES = tuple(_MAKERS)


def face_of(name: str, values: dict) -> Face:
    """name: one of FACES; values: a report's values, exact or public."""
    content_type, make = _MAKERS[name]
    return Face(content=make(values), content_type=content_type)


def content_type_of(name: str) -> str:
    return _MAKERS[name][0]
