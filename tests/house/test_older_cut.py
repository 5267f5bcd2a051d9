"""Is a database from before the house was cut anew kept, named and left as it was?"""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from config.older_cut import MARK, OlderDatabase, set_aside_older_database

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


def lay_older_database(file: Path) -> None:
    with closing(sqlite3.connect(file)) as database:
        database.execute(
            "CREATE TABLE django_migrations (id integer PRIMARY KEY, app text, name text, applied text)"
        )
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, '2026-11-24 12:00:00')", MARK
        )
        database.execute("CREATE TABLE kept (name text)")
        database.execute("INSERT INTO kept VALUES ('Ada')")
        database.commit()


def migrate(file: Path) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": f"sqlite:///{file}"},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def rows(file: Path, sql: str) -> list[tuple]:
    with closing(sqlite3.connect(file)) as database:
        return database.execute(sql).fetchall()


@pytest.mark.thorough
def test_it_is_moved_aside_and_a_new_one_begins(tmp_path):
    file = tmp_path / "db.sqlite3"
    lay_older_database(file)

    said = migrate(file)
    said_again = migrate(file)

    [folder] = tmp_path.glob("old-*")
    assert str(folder) in said
    assert rows(folder / "db.sqlite3", "SELECT name FROM kept") == [("Ada",)]
    assert rows(file, "SELECT count(*) FROM tickets_ticket") == [(0,)]
    assert said_again == ""


@pytest.mark.database
def test_a_database_of_now_is_left_alone(db):
    assert set_aside_older_database(now=NOW) is None


@pytest.mark.database
@pytest.mark.parametrize("marked", [True, False])
def test_on_a_server_it_is_refused_in_words(db, marked, monkeypatch):
    """SQLite plays the server's part where it is the database of the run: nothing is moved then."""
    if marked:
        MigrationRecorder(connection).record_applied(*MARK)
    monkeypatch.setattr(connection, "vendor", "postgresql")

    if not marked:
        assert set_aside_older_database(now=NOW) is None
        return
    with pytest.raises(OlderDatabase, match="Give an empty database"):
        set_aside_older_database(now=NOW)
