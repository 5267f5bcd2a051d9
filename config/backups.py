"""How is everything kept in one encrypted file, and brought back whole?

The file holds rows, not a database's own format, so one taken on SQLite can be restored on PostgreSQL. It is
gathered inside one transaction (one moment of the data), and encrypted by age to the identity that BACKUP_KEY
stands for: age notices each byte that was changed, cut off or added.

The clear text is gzip of JSON lines: a header, then for each table its name and its rows as lists in the
order of its fields. It is held in memory, compressed, and never lies on a disk.
"""

import base64
import gzip
import io
import json
import os
import stat
import tempfile
import zlib
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import bech32
import pyrage
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from foundation.key_checks import key_check

OLDER_MAGIC = b"LCRBACKUP"  # our own format, from before files were age's
ROWS_AT_ONCE = 200
# Written by the database itself from the bookings: brought back by its triggers.
DERIVED = {"events.BookingCover"}
# Of the moment: nobody stays signed in over a restore, and what ran before it says nothing.
OF_THE_MOMENT = {
    "sessions.Session",
    "usersessions.UserSession",
    "accounts.SignInLink",
    "outbox.WorkRun",
}
KEYS = ("TICKET_KEY", "PERSON_KEY")  # of no use are rows whose digests were made under others


class BackupNotWritten(Exception):
    """The file cannot be written there; what stood there stands."""


class BackupRefused(Exception):
    """It cannot be restored, and nothing was changed; the message says why."""


class BackupUnreadable(BackupRefused):
    """The file is no backup of ours, was cut or changed, or BACKUP_KEY is another one."""


class BackupOfOtherVersion(BackupRefused):
    """The file was taken at other migrations than those of this database."""


class BackupOfOtherKeys(BackupRefused):
    """The file was taken where TICKET_KEY or PERSON_KEY was another one."""


def take_backup(*, path: Path, key: str, now: datetime) -> int:
    """Write all rows to path, encrypted; return how many. A crash leaves no half file at path.

    :raises BackupNotWritten: something else than a file is there
    :raises OSError: the disk is full or cannot be written; no file is left
    """
    if os.path.lexists(path) and not stat.S_ISREG(path.lstat().st_mode):
        raise BackupNotWritten(f"{path} is something else than a file, and is left alone.")
    with transaction.atomic():
        _one_moment()
        packed, rows = _pack(now=now)
    _write_whole(path, pyrage.encrypt(packed, [_identity(key).to_public()]))
    return rows


def restore_backup(*, path: Path, key: str, then: Callable[[], None] | None = None) -> int:
    """Replace every row of this database by the rows of the file, in one transaction; return how many.

    then runs inside the same transaction: nobody sees what it takes away.

    :raises BackupUnreadable: cut, changed, or taken under another BACKUP_KEY; nothing was changed
    :raises BackupOfOtherVersion: migrate to the version that took it first; nothing was changed
    :raises BackupOfOtherKeys: the file's tickets would be void, or its people unknown; nothing was changed
    :raises OSError: the file is not there or cannot be read
    """
    packed = _decrypted(path.read_bytes(), key=key)
    with transaction.atomic():
        try:
            with gzip.open(io.BytesIO(packed), "rb") as lines:
                _refuse_others(json.loads(next(lines)))
                rows = _replace_all(lines)
        except (zlib.error, OSError, EOFError, StopIteration, ValueError, LookupError, TypeError) as fault:
            raise BackupUnreadable("The file does not hold what a backup holds.") from fault
        if then is not None:
            then()
    return rows


def _replace_all(lines: Iterable[bytes]) -> int:
    kept = _tables()
    with connection.cursor() as cursor:
        for model in [*_models(OF_THE_MOMENT), *reversed(kept)]:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
    rows = _load(lines, by_label={model._meta.label: model for model in kept})
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), kept):
            cursor.execute(sql)
    return rows


def _refuse_others(header: dict) -> None:
    if header["migrations"] != _migrations():
        raise BackupOfOtherVersion("The backup was taken at other migrations.")
    others = [name for name in KEYS if header["keys"][name] != key_check(getattr(settings, name))]
    if others:
        raise BackupOfOtherKeys(
            f"The backup was taken under another {' and '.join(others)}. "
            "Set the keys of that time, and restore again."
        )


def _identity(key: str) -> pyrage.x25519.Identity:
    """BACKUP_KEY may be any secret; age wants 32 bytes in its own spelling."""
    raw = HKDF(SHA256(), 32, None, b"age identity of backups").derive(key.encode())
    spelt = bech32.bech32_encode("age-secret-key-", bech32.convertbits(raw, 8, 5) or [])
    return pyrage.x25519.Identity.from_str(spelt.upper())


def _decrypted(content: bytes, *, key: str) -> bytes:
    if content.startswith(OLDER_MAGIC):
        raise BackupOfOtherVersion("The backup was taken by an older version. It cannot be restored here.")
    try:
        return pyrage.decrypt(content, [_identity(key)])
    except pyrage.DecryptError as fault:
        raise BackupUnreadable(
            "This file is no backup, was changed or cut short, or BACKUP_KEY is another one."
        ) from fault


def _write_whole(path: Path, content: bytes) -> None:
    """The file is there whole, readable by us alone, also after a power cut, or it is not there."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _one_moment() -> None:
    """Make the whole transaction see the data as of now. SQLite's immediate transaction does already."""
    if connection.vendor == "postgresql" and len(connection.savepoint_ids) == 0:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _pack(*, now: datetime) -> tuple[bytes, int]:
    """All rows, compressed; and how many."""
    packed, count = io.BytesIO(), 0
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as lines:
        keys = {name: key_check(getattr(settings, name)) for name in KEYS}
        lines.write(_line({"taken_at": now.isoformat(), "migrations": _migrations(), "keys": keys}))
        for model in _tables():
            names = [field.attname for field in model._meta.concrete_fields]
            lines.write(_line({"table": model._meta.label, "fields": names}))
            rows = model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=2_000)
            for row in rows:
                lines.write(_line(row))
                count += 1
    return packed.getvalue(), count


def _load(lines: Iterable[bytes], *, by_label: dict[str, type[models.Model]]) -> int:
    count = 0
    model: type[models.Model] | None = None
    fields: list[models.Field] = []
    batch: list[models.Model] = []
    for line in lines:
        entry = json.loads(line)
        if isinstance(entry, dict):
            _insert(model, fields, batch)
            model = by_label[entry["table"]]
            named = {field.attname: field for field in model._meta.concrete_fields}
            fields = [named[name] for name in entry["fields"]]
            continue
        if model is None:
            raise BackupUnreadable("The backup begins with no table.")
        row = model()
        for field, value in zip(fields, entry, strict=True):
            setattr(row, field.attname, _python_value(field, value))
        batch.append(row)
        count += 1
        if len(batch) >= ROWS_AT_ONCE:
            _insert(model, fields, batch)
    _insert(model, fields, batch)
    return count


def _insert(model, fields, batch: list[models.Model]) -> None:
    """Insert the rows as they are, without touching "changed at" fields, and empty the batch."""
    if not batch:
        return
    at_once = max(1, connection.ops.bulk_batch_size(fields, batch))
    for start in range(0, len(batch), at_once):
        model._base_manager.all()._insert(
            batch[start : start + at_once], fields=fields, using=connection.alias, raw=True
        )
    batch.clear()


def _tables() -> list[type[models.Model]]:
    """Every table that is ours to keep, each after those that it points to."""
    wanted = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label not in DERIVED | OF_THE_MOMENT
    ]
    ordered: list[type[models.Model]] = []

    def visit(model, above: tuple) -> None:
        if model in ordered or model in above or model not in wanted:
            return
        for field in model._meta.concrete_fields:
            if field.remote_field:
                visit(field.remote_field.model, (*above, model))
        ordered.append(model)

    for model in wanted:
        visit(model, ())
    return ordered


def _models(labels: set[str]) -> list[type[models.Model]]:
    return [apps.get_model(label) for label in sorted(labels)]


def _migrations() -> list[str]:
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _line(entry) -> bytes:
    return json.dumps(entry, default=_plain_value, separators=(",", ":")).encode() + b"\n"


def _plain_value(value):
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes | memoryview | bytearray):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(f"no plain form for {type(value).__name__}")


def _python_value(field: models.Field, value):
    if value is None or isinstance(field, models.JSONField):
        return value
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    return target.to_python(value)
