"""What is broken, how often, and what was lost by it? Each answers a row of the table."""

import contextlib
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.databases import Sqlite, database
from tests.faults.disks import small_disk
from tests.faults.house import ROOT, House
from tests.faults.load import Clients, Journal, losses
from tests.faults.sink import Sink


@dataclass
class Outcome:
    fault: str
    on: str
    times: int
    acknowledged: int
    lost: dict[str, int]
    note: str = ""
    journal: Journal = field(default_factory=Journal)

    @property
    def is_whole(self) -> bool:
        return not any(self.lost.values())


def server_killed(*, on: str, kills: int, seconds_between: float = 1.5) -> Outcome:
    """kill -9 of the process group under registrations and scans, again and again."""
    with database(on) as db, _folder() as folder, House(url=db.url, folder=folder) as house:
        prepared = house.prepare(tickets=40 + 30 * kills)
        house.start()
        with Clients([house], prepared) as clients:
            for _ in range(kills):
                clients.wait_for(5)
                time.sleep(seconds_between)
                house.kill()
                house.start()
            clients.wait_for(5)
            journal = clients.finish()
        slowest = max(house.starts[1:])
        return Outcome(
            "server killed (kill -9)",
            on,
            kills,
            clients.acknowledged(),
            losses(journal, db),
            f"back in {slowest:.1f} s at most; {journal.retried} tries again",
            journal,
        )


def database_stopped(*, cycles: int, away_seconds: float = 2.0) -> Outcome:
    """PostgreSQL stopped, in turn as at a restart and as when the machine dies, and started again."""
    with (
        database("PostgreSQL") as db,
        _folder() as folder,
        House(url=db.url, folder=folder, workers=2) as house,
    ):
        prepared = house.prepare(tickets=200 * (cycles + 1))
        house.start()
        page, back = (0, "", ""), []
        with Clients([house], prepared, registering=12, scanning=4) as clients:
            for cycle in range(cycles):
                clients.wait_for(20)
                db.stop("fast" if cycle % 2 == 0 else "immediate")
                time.sleep(away_seconds / 2)
                status, headers, text = house.ask("/e/fault/")
                page = (status, headers.get("Retry-After"), text)
                time.sleep(away_seconds / 2)
                db.start()
                began = time.monotonic()
                clients.wait_for(1)
                back.append(time.monotonic() - began)
            journal = clients.finish()
        lost = losses(journal, db)
        lost["page without kind words"] = int(not (page[0] == 503 and page[1] and "try again" in page[2]))
        return Outcome(
            "database stopped and started",
            "PostgreSQL",
            cycles,
            clients.acknowledged(),
            lost,
            f"first good answer {max(back):.1f} s after it was up; {journal.statuses[503]} kind 503s",
            journal,
        )


def two_nodes(*, kills: int) -> Outcome:
    """Two web nodes of two workers on one PostgreSQL; one is killed while the other serves on."""
    with (
        database("PostgreSQL") as db,
        _folder() as folder,
        House(url=db.url, folder=folder, workers=2) as first,
        House(url=db.url, folder=folder, workers=2) as second,
    ):
        prepared = first.prepare(tickets=200 + 100 * kills)
        first.start()
        second.start()
        with Clients([first, second], prepared, registering=6, scanning=2) as clients:
            for kill in range(kills):
                clients.wait_for(20)
                node = (first, second)[kill % 2]
                node.kill()
                clients.wait_for(10)
                node.start()
            clients.wait_for(20)
            journal = clients.finish()
        return Outcome(
            "one of two web nodes killed",
            "PostgreSQL",
            kills,
            clients.acknowledged(),
            losses(journal, db),
            f"{journal.retried} tries again",
            journal,
        )


def mailer_killed(*, on: str, mails: int, kills: int) -> Outcome:
    """The worker is killed while it mails; another goes on.

    Nothing missing, repeats no more than the kills.
    """
    with (
        database(on) as db,
        _folder() as folder,
        Sink(delay=0.01) as sink,
        House(url=db.url, folder=folder, EMAIL_URL=sink.url) as house,
    ):
        house.prepare(tickets=1, mails=mails)
        for kill in range(kills):
            worker = _mailer(house)
            wanted = mails * (kill + 1) // (kills + 2)
            _until(lambda wanted=wanted: len(sink.arrived) >= wanted)
            worker.kill()
            worker.wait()
        worker = _mailer(house)
        _until(lambda: db.rows("SELECT count(*) FROM outbox_message WHERE state <> 'done'") == [(0,)])
        worker.kill()
        worker.wait()
        doubled = sum(number - 1 for number in sink.arrived.values())
        lost = {
            "mails lost": mails - len(sink.arrived),
            "mails without their Message-ID": sink.arrived["none"],
            "repeats beyond the kills": max(0, doubled - kills),
        }
        return Outcome(
            "mail worker killed", on, kills, len(sink.arrived), lost, f"{doubled} sent again, same Message-ID"
        )


def disk_filled(*, fills: int) -> Outcome:
    """The disk of the SQLite file is full:
    writes are refused kindly, reads go on, and it goes on when there is space."""
    with (
        small_disk(megabytes=12) as disk,
        _folder() as folder,
        House(url=f"sqlite:///{disk.folder / 'db.sqlite3'}", folder=folder) as house,
    ):
        db = Sqlite(disk.folder)
        prepared = house.prepare(tickets=50)
        house.start()
        unread = unrefused = 0
        with Clients([house], prepared, registering=4, scanning=0) as clients:
            for _ in range(fills):
                clients.wait_for(10)
                disk.fill(house.pids())
                before = clients.journal.statuses[503]
                with contextlib.suppress(AssertionError):
                    _until(lambda before=before: clients.journal.statuses[503] > before + 5, seconds=30)
                unrefused += clients.journal.statuses[503] <= before
                unread += house.ask("/e/fault/")[0] != 200
                disk.free(house.pids())
                clients.wait_for(10)
            journal = clients.finish()
        lost = losses(journal, db) | {
            "pages that could not be read": unread,
            "writes that were not refused": unrefused,
        }
        return Outcome(
            "disk full",
            "SQLite",
            fills,
            clients.acknowledged(),
            lost,
            f"{journal.statuses[503]} kind 503s",
            journal,
        )


def migration_killed(*, on: str, kills: int, tickets: int) -> Outcome:
    """Migrations are killed half way, from an empty database and on a filled one; the next run finishes.

    On the filled one the desk's tables are taken away, and made again.
    """
    with database(on) as db, _folder() as folder, House(url=db.url, folder=folder) as house:
        for kill in range(kills):
            _killed_after(house, 1.0 + 0.4 * kill, "migrate")
        house.prepare(tickets=tickets)
        before = db.rows("SELECT count(*), sum(serial) FROM tickets_ticket")
        for kill in range(kills):
            for target in (["desk", "zero"], []):
                _killed_after(house, 1.0 + 0.2 * kill, "migrate", *target)
        began = time.monotonic()
        finished = house.run("manage.py", "migrate")
        seconds = time.monotonic() - began
        checked = house.run("manage.py", "migrate", "--check")
        house.start()
        lost = {
            "rows lost": int(db.rows("SELECT count(*), sum(serial) FROM tickets_ticket") != before),
            "migrations unfinished": int(finished.returncode != 0 or checked.returncode != 0),
            "pages not served": int(house.ask("/e/fault/")[0] != 200),
            "file faults": len(db.faults()),
        }
        return Outcome(
            "migration killed",
            on,
            3 * kills,
            tickets,
            lost,
            f"{tickets:,} tickets counted; the last run took {seconds:.1f} s",
        )


def restored_after_erasures(*, on: str, people: int, erased: int) -> Outcome:
    """A backup, erasures after it, a restore: whoever was erased is gone before the first answer."""
    with database(on) as db, _folder() as folder, House(url=db.url, folder=folder) as house:
        house.prepare(tickets=people)
        backup = folder / "backup"
        assert house.run("manage.py", "backup", str(backup)).returncode == 0
        before = db.rows("SELECT count(*), count(DISTINCT person_id) FROM tickets_ticket")
        erase = house.run("-m", "tests.faults.erase", str(erased))
        assert erase.returncode == 0, erase.stderr
        began = time.monotonic()
        restored = house.run("manage.py", "restore", str(backup))
        seconds = time.monotonic() - began
        back = db.rows(
            "SELECT count(*) FROM tickets_registration WHERE erased_at IS NOT NULL AND lead_name = ''"
        )
        after = db.rows("SELECT count(*), count(DISTINCT person_id) FROM tickets_ticket")
        lost = {
            "restore failed": restored.returncode,
            "erased people back": erased - back[0][0],
            "tickets lost": before[0][0] - after[0][0],
            "people miscounted": before[0][1] - after[0][1],
            "file faults": len(db.faults()),
        }
        return Outcome(
            "restored after erasures",
            on,
            erased,
            people,
            lost,
            f"restore of {people} tickets in {seconds:.0f} s",
        )


def clock_changed(*, on: str) -> Outcome:
    """Both nights on which clocks change, and phones whose clocks are two hours behind and a day ahead."""
    with database(on) as db, _folder() as folder, House(url=db.url, folder=folder) as house:
        house.prepare()
        ran = house.run("-m", "tests.faults.clocks")
        assert ran.returncode == 0, ran.stderr
        found = json.loads(ran.stdout.splitlines()[-1])
        return Outcome(
            "clocks change, phones' are wrong",
            on,
            found["nights"],
            found["acknowledged"],
            found["lost"],
            "people let in each minute, sent late, out of order and twice",
        )


def _mailer(house: House) -> subprocess.Popen:
    command = [sys.executable, "-m", "tests.faults.mailer"]
    return subprocess.Popen(
        command, cwd=ROOT, env=house.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _killed_after(house: House, seconds: float, *arguments: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=house.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    process.kill()
    process.wait()


def _until(done: Callable[[], bool], *, seconds: float = 90) -> None:
    last = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < last, "it took too long"
        time.sleep(0.05)


def _folder():
    return _Folder()


class _Folder(tempfile.TemporaryDirectory):
    def __enter__(self) -> Path:
        return Path(super().__enter__())
