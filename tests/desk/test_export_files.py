"""Do files of rows hold what they may, reach whoever asked and nobody else, and go after a day?"""

import csv
import io
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone
from openpyxl import load_workbook

from desk.domain import export_files
from desk.models import Export
from desk.tasks import make_exports
from door.domain.admission import admit
from outbox.domain.due import run_all
from tests import factories
from tests.door.factories import make_phone, make_scan
from tests.page_text import page_text


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def event(db, now):
    event = factories.make_event(starts_at=now - timedelta(minutes=30), ends_at=now + timedelta(hours=4))
    ada = factories.sign_up(event, "Ada Example", now=now, access_needs="a ramp")
    factories.sign_up(event, "=cmd|' /C calc'!A0", age=14, now=now)
    admit(scan=make_scan(ada, now), device=make_phone(event), now=now)
    return event


def base(event):
    return f"/desk/events/{event.slug}/exports/"


def make(event, organiser, now, kind="registrations", format="csv"):
    export = export_files.ask_for_export(event=event, kind=kind, format=format, by=organiser, now=now)
    make_exports(now=now)
    export.refresh_from_db()
    return export


def test_a_csv_opens_in_a_spreadsheet_and_runs_nothing(event, organiser, now):
    content = bytes(make(event, organiser, now).content)

    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert content.startswith(b"\xef\xbb\xbf")
    assert [row["name"] for row in rows] == ["Ada Example", "'=cmd|' /C calc'!A0"]
    assert [bool(row["came"]) for row in rows] == [True, False]
    for secret in (b"example.org", b"a ramp", b"01632", b"Gail"):
        assert secret not in content


def test_a_workbook_holds_the_same_as_text(event, organiser, now):
    book = load_workbook(io.BytesIO(bytes(make(event, organiser, now, format="xlsx").content)))

    rows = list(book.active.iter_rows(values_only=True))
    name = rows[0].index("name")
    assert [row[name] for row in rows[1:]] == ["Ada Example", "'=cmd|' /C calc'!A0"]
    assert all(cell.data_type != "f" for row in book.active.iter_rows() for cell in row)


def test_check_ins_name_nobody(event, organiser, now):
    content = bytes(make(event, organiser, now, kind="check-ins").content).decode()

    assert "admitted" in content
    assert "Ada" not in content


def test_the_background_makes_it_and_says_how_far(event, organiser, now):
    export = export_files.ask_for_export(
        event=event, kind="registrations", format="csv", by=organiser, now=now
    )
    again = export_files.ask_for_export(
        event=event, kind="registrations", format="csv", by=organiser, now=now
    )

    _, failed = run_all(now=now)

    export.refresh_from_db()
    assert again.pk == export.pk
    assert failed == []
    assert (export.state, export.rows_done, export.rows_in_all) == ("done", 2, 2)


def test_what_a_dead_worker_left_is_made_again_and_given_up_after_three_tries(event, organiser, now):
    export_files.ask_for_export(event=event, kind="registrations", format="csv", by=organiser, now=now)
    Export.objects.take(now=now)

    assert Export.objects.take(now=now) is None
    for hours in (1, 2):
        assert Export.objects.take(now=now + timedelta(hours=hours)).tries == hours + 1
    assert Export.objects.take(now=now + timedelta(hours=3)) is None
    assert Export.objects.get().state == "failed"


def test_a_fault_is_tried_again_and_then_said(desk, event, organiser, now, monkeypatch):
    monkeypatch.setattr("desk.tasks.csv_file", lambda rows: 1 / 0)

    export = make(event, organiser, now)
    for hours in (1, 2):
        make_exports(now=now + timedelta(hours=hours))

    export.refresh_from_db()
    assert (export.state, export.tries, export.last_error) == ("failed", 3, "ZeroDivisionError")
    assert b"could not be made" in desk.get(base(event)).content


def test_it_is_asked_for_watched_and_fetched(desk, event, organiser, now):
    desk.post(base(event), {"kind": "registrations", "format": "csv"})
    waiting = desk.get(base(event)).content
    make_exports(now=timezone.now())
    ready = page_text(desk.get(base(event)))
    file = desk.get(f"{base(event)}{Export.objects.get().uid}/file/")

    assert b"Look again" in waiting
    assert "Look again" not in ready
    assert "2 rows" in ready
    assert file["Content-Disposition"] == 'attachment; filename="showcase-registrations.csv"'
    assert "no-store" in file["Cache-Control"]
    assert LogEntry.objects.filter(actor=organiser, action=LogEntry.Action.ACCESS).count() == 2


def test_it_is_bound_to_whoever_asked_and_to_the_event_and_gone_after_a_day(client, event, organiser, now):
    export = make(event, organiser, now)
    other = factories.make_event("other")
    client.force_login(factories.make_user("organiser", email="second@example.org"))
    assert client.get(f"{base(event)}{export.uid}/file/").status_code == 404
    assert str(export.uid).encode() not in client.get(base(event)).content
    client.force_login(organiser)
    assert client.get(f"{base(other)}{export.uid}/file/").status_code == 404

    make_exports(now=now + timedelta(hours=23))
    kept = Export.objects.count()
    Export.objects.update(expires_at=now)
    late = client.get(f"{base(event)}{export.uid}/file/")
    make_exports(now=now + timedelta(hours=24))

    assert (kept, late.status_code, Export.objects.count()) == (1, 404, 0)


@pytest.mark.parametrize("fault", [{"kind": "secrets"}, {"format": "exe"}, {"kind": ""}])
def test_what_is_not_on_offer_is_refused(desk, event, fault):
    assert desk.post(base(event), {"kind": "registrations", "format": "csv"} | fault).status_code == 422
    assert not Export.objects.exists()


@pytest.mark.parametrize("role", ["", "supervisor", "welfare", "venue", "board"])
def test_only_an_organiser_asks(client, event, organiser, now, role):
    export = make(event, organiser, now)
    urls = [base(event), f"{base(event)}{export.uid}/file/"]
    assert {client.get(url).status_code for url in urls} == {302}
    client.force_login(factories.make_user(role))
    assert {client.get(url).status_code for url in urls} == {403}
    assert client.post(base(event), {"kind": "registrations", "format": "csv"}).status_code == 403


@pytest.mark.parametrize("people", [1, 3])
def test_a_file_costs_the_same(event, organiser, now, people, django_assert_num_queries):
    for number in range(people):
        factories.sign_up(event, f"Person{number} Example", now=now)
    export = export_files.ask_for_export(
        event=event, kind="registrations", format="csv", by=organiser, now=now
    )

    with django_assert_num_queries(4):
        list(export_files.table_of(export=export))
