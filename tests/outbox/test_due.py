"""Is it known which due work did not run, and does one that fails stop no other?"""

from datetime import timedelta

import pytest
from django.utils import timezone

from outbox.domain import due
from outbox.domain.mail_queue import queue_message
from outbox.models import WorkRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(monkeypatch):
    """Three pieces of work in two lanes; what they did."""
    did = []
    monkeypatch.setattr(due, "_work", {})

    def broken(now):
        raise OSError

    due.register("lapse", lambda now: did.append("lapse") or 1)
    due.register("break", broken)
    due.register("count", lambda now: did.append("count") or 2, every=timedelta(hours=1), lane="reports")
    return did


def test_a_lane_runs_its_own_and_one_that_fails_stops_no_other(work, noon):
    assert due.lanes() == ["house", "reports"]

    assert due.run_all(now=noon, lane="house") == ({"lapse": 1}, ["break"])
    assert due.run_all(now=noon, lane="reports") == ({"count": 2}, [])


def test_a_loop_leaves_out_what_ran_just_now_and_a_new_process_knows_it(work, noon):
    last = {}
    for minutes in (0, 1, 59, 60):
        due.run_all(now=noon + timedelta(minutes=minutes), last=last)
    due.run_all(now=noon + timedelta(minutes=61), last=due.last_runs())

    assert work.count("lapse") == 5
    assert work.count("count") == 2


def test_what_did_not_run_is_named(work, noon):
    assert due.late_work(now=noon) == ["lapse", "break", "count"]

    due.run_all(now=noon)

    assert due.late_work(now=noon + due.LATE - timedelta(seconds=1)) == ["break"]
    assert due.late_work(now=noon + due.LATE) == ["lapse", "break"]
    assert due.late_work(now=noon + timedelta(hours=1) + due.LATE) == ["lapse", "break", "count"]


def test_a_run_is_noted_about_twice_a_minute(work, noon):
    for seconds in (0, 29, 30, 31):
        due.run_all(now=noon + timedelta(seconds=seconds), lane="house")

    assert WorkRun.objects.get(name="lapse").ran_at == noon + due.NOTED_EVERY


def test_readyz_names_what_is_late_and_mail_that_lies(client):
    now = timezone.now()
    assert client.get("/readyz").json()["work"] == "late: all of it"
    due.run_all(now=now)
    assert client.get("/readyz").json()["work"] == "ok"

    queue_message(purpose="reminder-1", key="x", context={}, now=now - due.ROWS_LATE)

    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["work"]) == (200, "late: send mail")


def test_readyz_looks_at_each_disk(client, settings, tmp_path, monkeypatch):
    full = tmp_path / "full"

    def usage(folder):
        from shutil import _ntuple_diskusage

        return _ntuple_diskusage(100, 99, 1) if folder == full else _ntuple_diskusage(100, 1, 99)

    monkeypatch.setattr("config.pages.shutil.disk_usage", usage)
    full.mkdir()
    assert client.get("/readyz").json()["disk"] == "ok"

    settings.ERASURE_LEDGER = full / "not yet" / "ledger.log"
    assert client.get("/readyz").json()["disk"] == "low: ledger"
    settings.VAR_DIR = full
    assert client.get("/readyz").json()["disk"] == "low: files, ledger"
    settings.ON_SQLITE = True
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(full / "db.sqlite3"))
    assert client.get("/readyz").json()["disk"] == "low: database, files, ledger"
