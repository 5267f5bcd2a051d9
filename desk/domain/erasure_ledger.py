"""Whom have we erased, in a form that says it to nobody but us and outlives the database?

A file outside the database that only grows: one line for each erased registration, with the moment and a
keyed id. Whoever has the file alone learns how many were erased and when. After a restore, each
registration that is there again is found by computing its id.
"""

import hmac
import json
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

MODE = 0o600


def keyed_id(reference: str) -> str:
    """32 hex characters (128 bits) of an HMAC-SHA-256 under TICKET_KEY."""
    text = f"erased|{reference}"
    return hmac.digest(settings.TICKET_KEY.encode(), text.encode(), "sha256").hex()[:32]


def record(*, references: list[str], now: datetime) -> None:
    """Append and make durable, before the database commits: what is erased stays erased.

    :raises OSError: the file cannot be written; nothing may be erased then
    """
    if not references:
        return
    path = Path(settings.ERASURE_LEDGER)
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"at": now.isoformat(timespec="seconds"), "id": keyed_id(one)}) for one in references]
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, MODE)
    try:
        # One write: lines of two processes never mix.
        os.write(handle, ("\n".join(lines) + "\n").encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def erased_ids() -> set[str]:
    """The ids of all who were ever erased. A line that a crash cut short says nothing."""
    path = Path(settings.ERASURE_LEDGER)
    if not path.exists():
        return set()
    found = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            found.add(json.loads(line)["id"])
        except (ValueError, KeyError, TypeError):
            continue
    return found
