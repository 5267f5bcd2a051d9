"""Does no cell start a formula, whichever face it is written on?"""

import re
from pathlib import Path

import pytest

from foundation.spreadsheets import csv_file, harmless

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_stays_text(sign):
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"
    assert f"'{sign}1+1" in csv_file([[f"{sign}1+1"]])


@pytest.mark.parametrize("cell", ["Ada", "1 - 2", "O'Neill", -1, 2.5, None])
def test_anything_else_is_left_as_it_is(cell):
    assert harmless(cell) == cell


def test_the_guard_stands_once():
    """Whoever writes a table asks it: no other module lists the signs."""
    lists = re.compile(r"""["']=["'],\s*["']\+["']""")
    modules = [
        path
        for path in ROOT.glob("*/**/*.py")
        if path.parts[len(ROOT.parts)] not in {"tests", ".venv", "node_modules"}
    ]

    assert [
        str(path.relative_to(ROOT)) for path in modules if lists.search(path.read_text(encoding="utf-8"))
    ] == ["foundation/spreadsheets.py"]
