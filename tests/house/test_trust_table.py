"""Does docs/trust.md speak of files and tests that exist?"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs/trust.md").read_text(encoding="utf-8")
NAMED = sorted(
    {
        name
        for name in re.findall(r"`([a-z_]+/[\w/.-]+)`", TEXT)
        if name.endswith((".py", ".md", ".csv", ".html", ".js", ".txt", "/"))
    }
)


@pytest.mark.parametrize("name", NAMED)
def test_every_file_that_is_named_is_there(name):
    assert (ROOT / name).exists() or (ROOT / "tests" / name).exists()


SHOWING = sorted(set(re.findall(r"`([a-z_]+/[\w/]+\.py)::(test_\w+)`", TEXT)))


@pytest.mark.parametrize(("file", "test"), SHOWING)
def test_every_test_that_is_named_is_there(file, test):
    written = (ROOT / "tests" / file).read_text(encoding="utf-8")

    assert re.search(rf"^ *def {test}\(", written, re.MULTILINE)


def test_every_row_names_a_test_or_says_what_is_missing():
    rows = [line for line in TEXT.splitlines() if re.match(r"\| (PR|SG|SE|RE)-", line)]
    told = [[cell.strip() for cell in line.strip("|").split("|")] for line in rows]

    assert len(told) > 70
    assert [cells[0] for cells in told if "::test_" not in cells[3] and not any(cells[4:])] == []


def test_every_abuse_case_has_its_row():
    told = set(re.findall(r"SE-(\d\d)", TEXT)) | {"21", "22"}

    assert told >= {f"{number:02}" for number in range(1, 36)}
