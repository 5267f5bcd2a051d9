"""Does NOTICES.md name all licences of what is shipped, and does make audit say what it does not know?"""

import json
import re
from pathlib import Path

import pytest

from tools import notices
from tools.audit import CLEAN, HOLES, NOT_ASKED, browser_words, python_words

ROOT = Path(__file__).resolve().parents[2]
WRITTEN = (ROOT / "NOTICES.md").read_text(encoding="utf-8")


def test_it_is_what_is_installed():
    assert notices.notices() == WRITTEN, "make notices"


def test_every_locked_package_has_its_row():
    """Not those for other systems: their markers keep them away."""
    locked = re.findall(
        r"^([a-z][a-z0-9-]+)(?:\[[a-z,-]+\])?==\S+( ;)?",
        (ROOT / "requirements/base.txt").read_text(),
        re.MULTILINE,
    )
    parts = list(json.loads((ROOT / "package.json").read_text())["dependencies"])

    wanted = [name for name, elsewhere in locked if not elsewhere] + parts

    assert len(wanted) > 50
    assert [name for name in wanted if f"| {name} | " not in WRITTEN] == []


def test_every_row_names_a_licence():
    rows = re.findall(r"^\| (.+) \| (.*) \|$", WRITTEN, re.MULTILINE)

    assert [name for name, licence in rows if not re.search(r"[A-Za-z]{2}", licence)] == []


def test_copyleft_is_named_and_is_what_we_may_use():
    rows = re.findall(r"^\| (.+) \| (.*) \|$", WRITTEN, re.MULTILINE)

    bound = {name for name, licence in rows if re.search(r"GPL|EUPL|MPL|SSPL", licence)}

    assert {"psycopg", "pyphen"} <= bound
    assert bound <= {
        "psycopg",
        "psycopg-binary",
        "psycopg-pool",
        "pyphen",
        "fido2",
        "libpango-1.0-0",
        "libpangoft2-1.0-0",
    }


def test_the_image_installs_what_is_named():
    line = re.search(r"--no-install-recommends (.+?) *\\", (ROOT / "Dockerfile").read_text())

    assert line is not None
    assert set(line[1].split()) == set(notices.SYSTEM)


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        ('{"dependencies": [{"name": "a", "version": "1", "vulns": []}]}', CLEAN, "no known hole"),
        (
            '{"dependencies": [{"name": "a", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}'
            ', {"name": "b", "skip_reason": "away"}]}',
            HOLES,
            "a 1: X-1, mended in 2",
        ),
        ('{"dependencies": [{"name": "a", "skip_reason": "away"}]}', NOT_ASKED, "nothing is known"),
        ("", NOT_ASKED, "could not be reached"),
    ],
)
def test_an_audit_of_python_that_was_not_one_says_so(answer, outcome, words):
    found, lines = python_words(answer)

    assert found == outcome
    assert words in lines[0]


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        ('{"vulnerabilities": {}}', CLEAN, "no known hole"),
        ('{"vulnerabilities": {"idb": {"severity": "high"}}}', HOLES, "idb: high"),
        ('{"message": "405 Method Not Allowed"}', NOT_ASKED, "could not be reached"),
    ],
)
def test_an_audit_of_browser_parts_that_was_not_one_says_so(answer, outcome, words):
    found, lines = browser_words(answer)

    assert found == outcome
    assert words in lines[0]
