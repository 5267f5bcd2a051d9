"""Whom have we erased, in a form that says it to nobody but us and outlives the database?

A file outside the database that only grows: one line for each erased registration, with the moment, a
keyed id, and a check of the key. Whoever has the file alone learns how many were erased and when. After a
restore, each registration that is there again is found by computing its id.
"""

import hmac
import json
import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

from foundation.key_checks import key_check

MODE = 0o600


class LedgerOfOtherKey(Exception):
    """Whom it names cannot be known under this TICKET_KEY; the message says what to do."""


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
    same = {"at": now.isoformat(timespec="seconds"), "key": key_check(settings.TICKET_KEY)}
    lines = [json.dumps(same | {"id": keyed_id(one)}) for one in references]
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, MODE)
    try:
        # One write: lines of two processes never mix.
        os.write(handle, ("\n".join(lines) + "\n").encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def erased_ids() -> set[str]:
    """The ids of all who were ever erased. A line that a crash cut short says nothing.

    :raises LedgerOfOtherKey: the file knows people by ids that this TICKET_KEY cannot make
    """
    path = Path(settings.ERASURE_LEDGER)
    if not path.exists():
        return set()
    found, ours = set(), key_check(settings.TICKET_KEY)
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entry = json.loads(line)
            found.add(entry["id"])
        except (ValueError, KeyError, TypeError):
            continue
        if entry.get("key", ours) != ours:
            raise LedgerOfOtherKey(
                f"The erasure ledger {path} was written under another TICKET_KEY, so whoever was erased "
                "would come back. Set the key of that time, and restore again."
            )
    return found
