"""Does the list of rules broken by hand still speak of the code as it stands?"""

import ast
from pathlib import Path

import pytest

from tests.mutants.breaks import BREAKS, Break

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("one", BREAKS, ids=[one.rule for one in BREAKS])
def test_a_break_can_still_be_made(one: Break):
    whole = (ROOT / one.file).read_text(encoding="utf-8")

    assert whole.count(one.text) == 1
    assert ast.dump(ast.parse(whole)) != ast.dump(ast.parse(whole.replace(one.text, one.instead)))
    assert [test for test in one.tests if not (ROOT / test).is_file()] == []
