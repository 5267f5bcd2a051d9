"""Is a file that grows, or has no end, refused in words? Every form that takes one is tried. (SE-19, 26)"""

import io
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.tickets.test_party_names import bring
from tickets.domain import codes

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]

MEGABYTE = 1024 * 1024
ROOT = Path(__file__).resolve().parents[2]
APPS = {"accounts", "config", "desk", "door", "events", "outbox", "people", "plan", "reporting", "tickets"}


def zipped_sheet() -> bytes:
    """A sheet that says it has a thousand million cells, and holds sixteen million: 64 MB out of 64 KB."""
    file = io.BytesIO()
    book = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9)
    with book, book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
        sheet.write(b'<worksheet><dimension ref="A1:XFD65536"/><sheetData>')
        for _ in range(64):
            sheet.write(b"<row>" + b"<c/>" * (MEGABYTE // 4) + b"</row>")
        sheet.write(b"</sheetData></worksheet>")
    return file.getvalue()


BOMBS = {
    "a zipped sheet": zipped_sheet(),
    "a line without end": b"a" * (100 * MEGABYTE),
    "a line as long as may come": b"a" * (5 * MEGABYTE),
    "a cell just above what csv reads": b'"' + b"a" * 140_000 + b'",12\n',
    "a quote that never closes": b'"' + b"a,\n" * 60_000,
    "a million commas": b"," * 190_000,
    "a million lines": b"a\n" * 99_000,
}


@pytest.fixture
def party(event, noon):
    return bring(event, now=noon).registration


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_list_of_names_that_is_a_bomb_is_refused_and_changes_nothing(client, party, bomb):
    address = f"/my/{codes.owner_secret(party)}/names/"
    before = list(party.tickets.values_list("serial", "name", "age"))

    as_file = client.post(address, {"names": "", "file": SimpleUploadedFile("names.csv", BOMBS[bomb])})
    pasted = client.post(address, {"names": BOMBS[bomb].decode("latin-1")})

    for answer in (as_file, pasted):
        assert answer.status_code in {413, 422}
        assert len(answer.content) < len(BOMBS[bomb]) + MEGABYTE  # what was pasted stays in the form
    assert list(party.tickets.values_list("serial", "name", "age")) == before


def test_every_form_that_takes_a_file_is_tried_here():
    """A new one adds its bombs above."""
    forms_with_files = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if "forms.FileField" in path.read_text(encoding="utf-8")
    }

    assert forms_with_files == {"tickets/forms/group.py"}
