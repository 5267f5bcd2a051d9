"""How is everything kept in one encrypted file, and brought back whole?

The file holds rows, not a database's own format, so one taken on SQLite can be restored on PostgreSQL.
It is written inside one transaction (one moment of the data) and encrypted under BACKUP_KEY in
chunks of AES-GCM, each bound to its place, so that a cut or re-ordered file is noticed.

Layout: MAGIC, 16 bytes of salt, then chunks of [4 bytes length][ciphertext]; the clear text is gzip
of JSON lines: a header, then for each table its name and its rows as lists in the order of its fields.
"""

import base64
import gzip
import io
import json
import os
import struct
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder

MAGIC = b"LCRBACKUP2\n"
OLDER_MAGIC = b"LCRBACKUP1\n"  # from before the tables were laid anew
CHUNK_BYTES = 1024 * 1024
ROWS_AT_ONCE = 200
# Written by the database itself from the bookings: brought back by its triggers.
DERIVED = {"events.BookingCover"}
# Of the moment: nobody stays signed in over a restore.
LEFT_OUT = {"sessions.Session"}


class BackupUnreadable(Exception):
    """The file is no backup of ours, was cut or changed, or BACKUP_KEY is another one."""


class BackupOfOtherVersion(Exception):
    """The file was taken at other migrations than those of this database."""


def take_backup(*, path: Path, key: str, now: datetime) -> int:
    """Write all rows to path, encrypted; return how many. A crash leaves no half file at path.

    :raises OSError: the disk is full or cannot be written; no file is left
    """
    part = path.with_name(path.name + ".part")
    try:
        with transaction.atomic():
            _one_moment()
            with part.open("wb") as file:
                os.fchmod(file.fileno(), 0o600)
                rows = _write(file, key=key, now=now)
                file.flush()
                os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    _make_name_durable(path)
    return rows


def _make_name_durable(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def restore_backup(*, path: Path, key: str, then: Callable[[], None] | None = None) -> int:
    """Replace every row of this database by the rows of the file, in one transaction; return how many.

    then runs inside the same transaction: nobody sees what it takes away.

    :raises BackupUnreadable: cut, changed, or taken under another key; nothing was changed
    :raises BackupOfOtherVersion: migrate to the version that took it first; nothing was changed
    """
    with path.open("rb") as file, gzip.open(_Decrypted(file, key=key), "rb") as lines, transaction.atomic():
        header = json.loads(next(lines))
        if header["migrations"] != _migrations():
            raise BackupOfOtherVersion("The backup was taken at other migrations.")
        tables = _tables()
        with connection.cursor() as cursor:
            for model in reversed(tables):
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
        rows = _load(lines, by_label={model._meta.label: model for model in tables})
        with connection.cursor() as cursor:
            for sql in connection.ops.sequence_reset_sql(no_style(), tables):
                cursor.execute(sql)
        if then is not None:
            then()
    return rows


def _one_moment() -> None:
    """Make the whole transaction see the data as of now. SQLite's immediate transaction does already."""
    if connection.vendor == "postgresql" and len(connection.savepoint_ids) == 0:
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _write(file, *, key: str, now: datetime) -> int:
    count = 0
    with (
        _Encrypted(file, key=key) as encrypted,
        gzip.GzipFile(fileobj=encrypted, mode="wb", mtime=0) as lines,
    ):
        lines.write(_line({"taken_at": now.isoformat(), "migrations": _migrations()}))
        for model in _tables():
            names = [field.attname for field in model._meta.concrete_fields]
            lines.write(_line({"table": model._meta.label, "fields": names}))
            rows = model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=2_000)
            for row in rows:
                lines.write(_line(row))
                count += 1
    return count


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
        if model._meta.managed and not model._meta.proxy and model._meta.label not in DERIVED | LEFT_OUT
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


def _cipher(key: str, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"backup").derive(key.encode()))


def _place(index: int, last: bool) -> bytes:
    """The nonce: the chunk's number and whether it is the last; the key is new for each file."""
    return struct.pack(">QI", index, int(last))


class _Encrypted(io.RawIOBase):
    """A file to write clear bytes to; encrypted chunks come out. Must be closed to be whole."""

    def __init__(self, file, *, key: str) -> None:
        self._file, salt = file, os.urandom(16)
        self._cipher, self._index, self._clear = _cipher(key, salt), 0, bytearray()
        file.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def write(self, clear) -> int:
        self._clear += clear
        while len(self._clear) > CHUNK_BYTES:
            self._put(bytes(self._clear[:CHUNK_BYTES]), last=False)
            del self._clear[:CHUNK_BYTES]
        return len(clear)

    def close(self) -> None:
        if not self.closed:
            self._put(bytes(self._clear), last=True)
            super().close()

    def _put(self, clear: bytes, *, last: bool) -> None:
        sealed = self._cipher.encrypt(_place(self._index, last), clear, None)
        self._file.write(struct.pack(">I", len(sealed)) + sealed)
        self._index += 1


class _Decrypted(io.RawIOBase):
    """A file to read clear bytes from; every chunk is checked before it is handed on."""

    def __init__(self, file, *, key: str) -> None:
        self._clear, self._chunks = b"", self._open(file, key)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while not self._clear:
            try:
                self._clear = next(self._chunks)
            except StopIteration:
                return 0
        taken = self._clear[: len(buffer)]
        buffer[: len(taken)] = taken
        self._clear = self._clear[len(taken) :]
        return len(taken)

    @staticmethod
    def _open(file, key: str) -> Iterator[bytes]:
        magic = file.read(len(MAGIC))
        if magic == OLDER_MAGIC:
            raise BackupOfOtherVersion(
                "The backup was taken by an older version, before the tables were laid anew. "
                "It cannot be restored here."
            )
        if magic != MAGIC:
            raise BackupUnreadable("This file is not a backup.")
        cipher = _cipher(key, file.read(16))
        index = 0
        size = file.read(4)
        while size:
            if len(size) < 4:
                raise BackupUnreadable("The backup was cut short.")
            sealed = file.read(struct.unpack(">I", size)[0])
            size = file.read(4)
            try:
                yield cipher.decrypt(_place(index, last=not size), sealed, None)
            except InvalidTag:
                raise BackupUnreadable(
                    "The backup was changed or cut short, or BACKUP_KEY is another one."
                ) from None
            index += 1
