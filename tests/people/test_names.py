"""Which two names are one name, which may be, and do all who ask agree?

names.csv is the truth table: pairs of made-up names as people of the region type them. What everybody who
compares names makes of it is asked here and in the tests that read it through name_pairs().
"""

import csv
from pathlib import Path

import pytest

from people.domain.keys import person_digest
from people.domain.names import fold_name, name_fault
from people.domain.near_names import likeness

TABLE = Path(__file__).parent / "names.csv"


def name_pairs(*verdicts: str) -> list[dict[str, str]]:
    """Rows of the table with one of these verdicts."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["verdict"] in verdicts]


def verdict(one: str, other: str) -> str:
    folded, other_folded = fold_name(one), fold_name(other)
    if folded == other_folded:
        return "same"
    return "near" if likeness(folded, other_folded) else "different"


def test_every_pair_of_the_table_is_what_it_says():
    rows = name_pairs("same", "near", "different")

    wrong = [
        (row["one"], row["other"], row["why"], row["verdict"], found)
        for row in rows
        if (found := verdict(row["one"], row["other"])) != row["verdict"]
    ]

    assert wrong == []
    assert len(rows) > 500


def test_likeness_does_not_depend_on_the_order():
    rows = name_pairs("near", "different")

    assert [row for row in rows if verdict(row["other"], row["one"]) != row["verdict"]] == []


def test_the_digest_is_one_for_the_same_name_and_another_for_any_other(settings):
    for row in name_pairs("same", "near", "different"):
        digests = {person_digest(row[side], "home@example.org") for side in ("one", "other")}

        assert (len(digests) == 1) is (row["verdict"] == "same"), row


@pytest.mark.parametrize("name", ["", " ", "\u200b", "\u2800", "\u3164 \u202e", "\u00ad"])
def test_a_name_of_which_nothing_is_seen_is_no_name(name):
    assert name_fault(name) == "Enter a name"


@pytest.mark.parametrize(("one", "other"), [("😀 😀", "😎"), ("!!!", "???"), ("ᓄ", "ᑕ")])
def test_names_without_letters_that_we_know_are_not_one_name(one, other):
    assert fold_name(one)
    assert fold_name(one) != fold_name(other)
