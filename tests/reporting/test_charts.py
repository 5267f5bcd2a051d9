"""Do drawings say what their tables say, and no more?"""

import re

import pytest

from reporting.charts import NARROW, bars, charts_of, columns, progress
from reporting.domain.formatting import Table, say, share_of
from reporting.domain.goal import Goal
from reporting.domain.presenter import tell
from reporting.exports import report_csv

VALUES = {
    "target": "t",
    "title": "=Reach",
    "rung": "reached",
    "definition": "Reached.",
    "as_at": "2026-11-24T12:00:00+00:00",
    "goal": 500,
    "value": 120,
    "low": 118,
    "high": 120,
    "due_date": "2027-12-31",
    "plan": 250,
    "forecast": None,
    "by_borough": {
        "halton": 0,
        "knowsley": "*",
        "liverpool": 60,
        "sefton": 30,
        "st-helens": 20,
        "wirral": 10,
        "elsewhere": 0,
        "not-known": 0,
    },
    "by_age_band": {},
    "editions": [],
    "arrivals": [],
    "left_out": [],
    "is_met": False,
    "notes": [],
    "attendances": 130,
    "heads": 0,
    "heads_by_age": {},
    "took_part_online": 0,
    "peak": 60,
    "rule_version": "2",
    "digest": "",
    "funnel": {"registered": 160, "came": 130, "did_not_come": 30, "not_recorded": 0},
    "evidence": {"scans": 130},
}


def table(*series) -> Table:
    return Table(
        key="x", finding="What it says", caption="X", columns=["A", "B"], rows=[], series=list(series)
    )


def test_a_hidden_number_has_the_same_bar_whatever_it_was():
    svg = bars(table(("Halton", "*"), ("Wirral", 400)))

    widths = re.findall(r'<rect x="190"[^>]* width="([\d.]+)"', svg)
    assert widths == ["10.0", "370.0"]
    assert "url(#hatch-x)" in svg


def test_the_title_of_a_drawing_is_its_finding():
    for draw in (bars, columns):
        assert "<title>What it says</title>" in draw(table(("A", 1), ("B", 0)))
    assert "stands at 120 and 500 were promised" in progress(VALUES)


def test_drawings_of_nothing_divide_by_nothing():
    assert "<svg" in bars(table(("A", 0)))
    assert "<svg" in columns(table(("A", 0)))
    assert "<svg" in progress(
        VALUES | {"value": 0, "low": 0, "high": 0, "plan": None, "goal": {"low": 5, "high": 10}}
    )


def test_findings_name_who_is_missing():
    told = tell(VALUES)

    assert told.tables["by_borough"].finding == "Halton is not reached yet"
    assert told.sentence == "120 of 500 young people reached; 380 to go by 31 December 2027."
    assert told.range_sentence.startswith("Between 118 and 120")


@pytest.mark.parametrize(
    ("number", "base", "share"),
    [(12, 24, ""), (10, 25, "40 %"), ("*", 100, ""), (5, "*", ""), (0, 100, "0 %")],
)
def test_shares_are_withheld_under_25_people(number, base, share):
    assert share_of(number, base) == share


def test_numbers_in_words():
    assert (say(1234), say("*"), say(None), str(Goal(5, 10))) == (
        "1,234",
        "*",
        "not shown",
        "5 to 10",
    )


def test_no_cell_of_the_csv_starts_a_formula():
    text = report_csv(tell(VALUES))

    assert "report,title,,'=Reach" in text
    assert not any(
        cell.startswith(("=", "+", "-", "@")) for line in text.splitlines() for cell in line.split(",")
    )


def test_a_report_is_told_in_one_order_however_it_was_stored():
    shuffled = {
        key: dict(sorted(value.items())) if isinstance(value, dict) else value
        for key, value in VALUES.items()
    }
    shuffled["by_borough"] = dict(reversed(VALUES["by_borough"].items()))

    assert report_csv(tell(shuffled)) == report_csv(tell(VALUES))


def test_a_phone_gets_a_drawing_whose_letters_it_can_read():
    """A label stands over its bar there,
    so that 400 units are as wide as the phone and letters stay large."""
    chart = charts_of(tell(VALUES), phones=True)["by_borough"]
    narrow = bars(table(("All of music, film & TV and games", 12), ("One", 3)), sheet=NARROW)

    assert 'viewBox="0 0 400 ' in narrow
    assert "All of music, film &amp; TV and games</text>" in narrow
    assert 'viewBox="0 0 400 ' in chart.narrow
    assert charts_of(tell(VALUES))["by_borough"].narrow == ""


def test_a_promised_range_is_drawn_from_end_to_end():
    drawn = progress(VALUES | {"value": 6, "low": 6, "high": 6, "plan": None, "goal": {"low": 5, "high": 10}})

    assert "promised 5 to 10</text>" in drawn
    assert "M630.0 18V70 M320.0 20H630.0" in drawn
