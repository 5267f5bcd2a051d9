"""Do Python and JavaScript give the verdicts of the one truth table, in its order?"""

import json
import re
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from door.domain.verdicts import WORDS, Facts, decide, override, sentence
from door.models import CheckIn

HERE = Path(__file__).parent
TABLE = json.loads((HERE / "verdicts.json").read_text(encoding="utf-8"))


def facts_of(row: dict) -> Facts:
    values = TABLE["usual_facts"] | row["facts"]
    times = {name: datetime.fromisoformat(values[name]) for name in ("at", "opens_at", "closes_at")}
    return Facts(**(values | times))


@pytest.mark.parametrize("row", TABLE["rows"], ids=lambda row: row["says"])
def test_verdict_follows_the_table(row):
    facts = facts_of(row)

    verdict = decide(facts)

    assert (verdict, override(verdict, facts)) == (row["verdict"], row["overridden"])


@pytest.mark.parametrize("row", TABLE["sentences"], ids=lambda row: row["sentence"][:30])
def test_sentence_follows_the_table(row):
    assert sentence(row["verdict"], **row["parts"]) == row["sentence"]


def test_table_covers_every_verdict_in_the_order_of_the_model():
    assert TABLE["order"] == CheckIn.Verdict.values
    assert {row["verdict"] for row in TABLE["rows"]} == set(CheckIn.Verdict.values)


def test_words_are_the_tables():
    assert {str(name): list(words) for name, words in WORDS.items()} == TABLE["words"]


def test_javascript_follows_the_same_table():
    node = shutil.which("node")
    assert node, "node is needed to test the door page"

    result = subprocess.run(
        [node, "--test", "--test-reporter=tap", HERE / "verdicts.test.mjs"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert result.returncode == 0, result.stdout
    passed = int(re.search(r"^# pass (\d+)$", result.stdout, re.M).group(1))
    assert passed == len(TABLE["rows"]) + len(TABLE["sentences"]) + 1
