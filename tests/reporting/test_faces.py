"""Do all faces show the same figures, and only to those who may see them?"""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import page
import pymupdf  # comes with outloud
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from django.utils.html import escape

from accounts.domain.tokens import issue_token
from reporting.domain.presenter import tell
from reporting.domain.publishing import publish_report
from reporting.exports import report_rows
from tests.reporting.programme import make_programme

OUTLOUD = str(Path(sys.executable).with_name("outloud"))
pytestmark = pytest.mark.django_db


@pytest.fixture
def target():
    return make_programme()[0]


def test_all_faces_show_the_same_figure(client, target, organiser):
    client.force_login(organiser)
    at = "?as_at=2026-11-20T12:00:00%2B00:00"

    told = json.loads(client.get(f"/desk/reach/{target.slug}/report.json{at}").content)
    rows = list(
        csv.reader(
            io.StringIO(client.get(f"/desk/reach/{target.slug}/report.csv{at}").content.decode("utf-8-sig"))
        )
    )
    sheet = openpyxl.load_workbook(
        io.BytesIO(client.get(f"/desk/reach/{target.slug}/report.xlsx{at}").content)
    )["All figures"]
    html = client.get(f"/desk/reach/{target.slug}/{at}").content.decode()

    figures = {(row[0], row[1], row[2]): row[3] for row in rows}
    assert figures["figure", "value", "young people reached"] == str(told["value"])
    assert figures["People by home borough", "Halton", "People"] == str(told["by_borough"]["halton"])
    assert [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)][
        1:
    ] == rows[1:]
    assert f"{told['value']} of 500 young people reached" in " ".join(re.sub("<[^>]*>", " ", html).split())


@pytest.mark.thorough
@pytest.mark.parametrize("public", ["", "&public=1"])
def test_every_figure_of_every_table_stands_on_every_face(client, target, organiser, tmp_path, public):
    client.force_login(organiser)
    address, at = f"/desk/reach/{target.slug}/", f"?as_at=2026-11-20T12:00:00%2B00:00{public}"
    token = issue_token(user=organiser, now=timezone.now())
    path = tmp_path / "report.json"

    values = client.get(f"{address}report.json{at}").json()
    told = tell(values)
    page_text = " ".join(re.sub(r"<[^>]+>", " ", client.get(address + at).content.decode()).split())
    paper = pymupdf.open(stream=client.get(f"{address}report.pdf{at}").content, filetype="pdf")
    paper_text = " ".join(" ".join(sheet.get_text() for sheet in paper).split())
    written = client.get(f"{address}report.csv{at}").content.decode("utf-8-sig")
    over_the_api = client.get(
        f"/api/v1/reach/{target.slug}/{at}", headers={"authorization": f"Bearer {token}"}
    ).json()
    arguments = ["--public"] if public else []
    call_command(
        "reach_report",
        target.slug,
        "--as-at",
        "2026-11-20T12:00:00+00:00",
        "-o",
        str(path),
        *arguments,
        stdout=io.StringIO(),
    )

    assert over_the_api == values
    assert json.loads(path.read_text()) == values
    assert list(csv.reader(io.StringIO(written)))[1:] == report_rows(told)[1:]
    rows = [" ".join(cell for cell in row if cell) for one in told.tables.values() for row in one.rows]
    assert len(rows) > 40
    for row in rows:
        assert escape(row) in page_text, row
        assert row in paper_text, row


def test_pdf_passes_both_checkers(client, target, organiser, tmp_path):
    client.force_login(organiser)
    path = tmp_path / "report.pdf"

    path.write_bytes(client.get(f"/desk/reach/{target.slug}/report.pdf").content)

    assert page.validate_pdf_bytes(path.read_bytes(), profile="ua1").is_compliant
    verdict = subprocess.run(
        [OUTLOUD, "--fail-on", "warning", str(path)], capture_output=True, text=True, check=False
    )
    assert verdict.returncode == 0, verdict.stdout


@pytest.mark.parametrize("ending", ["pdf", "csv", "json", "xlsx"])
def test_command_writes_a_whole_file_or_none(target, tmp_path, ending):
    path = tmp_path / f"report.{ending}"

    call_command("reach_report", target.slug, "-o", str(path), "--public", stdout=io.StringIO())

    assert path.stat().st_size > 1000
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_command_refuses_in_words(target, tmp_path):
    for args in (
        ["no-such-target", "-o", str(tmp_path / "x.pdf")],
        [target.slug, "-o", str(tmp_path / "x.doc")],
        [target.slug, "-o", str(tmp_path / "no" / "x.pdf")],
        [target.slug, "-o", str(tmp_path / "x.pdf"), "--as-at", "soon"],
    ):
        with pytest.raises(CommandError):
            call_command("reach_report", *args, stdout=io.StringIO())
    assert not list(tmp_path.iterdir())


def test_interrupted_report_leaves_no_half_file(target, tmp_path, monkeypatch):
    path = tmp_path / "report.json"
    path.write_text("the report of yesterday")

    def cut(file):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", cut)
    with pytest.raises(KeyboardInterrupt):
        call_command("reach_report", target.slug, "-o", str(path), stdout=io.StringIO())

    assert path.read_text() == "the report of yesterday"
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_verify_figures_agrees_and_names_a_difference(target, organiser):
    report = publish_report(target=target, by=organiser, now=timezone.now())
    said = io.StringIO()

    call_command("verify_figures", stdout=said)
    report.aggregates["value"] += 1
    report.save()
    wrong = io.StringIO()
    with pytest.raises(CommandError):
        call_command("verify_figures", stdout=wrong)

    assert "1 published reports agree" in said.getvalue()
    assert "showcase-reach report 1: value was" in wrong.getvalue()
