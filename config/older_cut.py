"""Is this database from before the house was cut anew?

Then it is moved aside, never changed and never deleted.
"""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

# Applied by every database of the older cut that was ever used, and by none since.
MARK = ("tickets", "0002_door_duties")


class OlderDatabase(Exception):
    """The database is of the older cut, and is not a file that could be moved."""


def set_aside_older_database(*, now: datetime) -> Path | None:
    """Move an SQLite database of the older cut to old-DATE beside it; return that folder, or None where there
    is none.

    :raises OlderDatabase: it is on PostgreSQL: nothing was changed
    """
    if MARK not in MigrationRecorder(connection).applied_migrations():
        return None
    if connection.vendor != "sqlite":
        raise OlderDatabase(
            "The database that DATABASE_URL names is from before the tables were laid anew, and cannot be "
            "carried over. "
            "Nothing was changed. Give an empty database."
        )
    connection.close()
    file = Path(settings.DATABASES["default"]["NAME"])
    folder = _free_folder(file.parent / f"old-{now:%Y-%m-%d}")
    for ending in ("", "-wal", "-shm"):
        part = file.with_name(file.name + ending)
        if part.exists():
            part.rename(folder / part.name)
    return folder


def _free_folder(wanted: Path) -> Path:
    """wanted, or the first of wanted-2, wanted-3 ... that is not there yet."""
    folder, number = wanted, 1
    while folder.exists():
        number += 1
        folder = wanted.with_name(f"{wanted.name}-{number}")
    folder.mkdir(parents=True)
    return folder
