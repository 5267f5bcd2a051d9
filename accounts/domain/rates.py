"""How often was something tried by somebody in this stretch of time? One count for all workers.

On SQLite there is one web process, and the counts stand in its memory. On PostgreSQL they are rows, each
counted by one atomic statement, so that another worker or web node gives no fresh start. Who tried is
kept as a keyed digest: no address stands in the database.
"""

import hmac
import threading
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from accounts.models import CountedUse

_COUNT = """
    INSERT INTO accounts_counteduse (digest, uses, ends_at) VALUES (%(digest)s, 1, %(ends_at)s)
    ON CONFLICT (digest) DO UPDATE SET uses = accounts_counteduse.uses + 1
    RETURNING uses
"""
_guard = threading.Lock()
_in_memory: dict[str, tuple[int, datetime]] = {}
MOST_IN_MEMORY = 50_000


def count_use(*, what: str, who: str, window: timedelta, now: datetime) -> int:
    """Count one use and return how many there were in this window, this one included. One query or none."""
    start = int(now.timestamp() // window.total_seconds())
    ends_at = datetime.fromtimestamp((start + 1) * window.total_seconds(), tz=now.tzinfo)
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"{what}|{who}|{start}".encode(), "sha256").hex()
    if connection.vendor == "sqlite":
        return _count_in_memory(digest, ends_at, now)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"digest": digest, "ends_at": ends_at})
        row = cursor.fetchone()
    return row[0] if row else 1


def forget_counts(*, now: datetime) -> int:
    """Counts of windows that are over; return how many rows left."""
    return CountedUse.objects.filter(ends_at__lte=now).delete()[0]


def reset() -> None:
    """For tests: this process starts counting anew."""
    with _guard:
        _in_memory.clear()


def _count_in_memory(digest: str, ends_at: datetime, now: datetime) -> int:
    with _guard:
        if len(_in_memory) >= MOST_IN_MEMORY:
            for key in [key for key, (_, end) in _in_memory.items() if end <= now]:
                del _in_memory[key]
        uses = _in_memory.get(digest, (0, ends_at))[0] + 1
        _in_memory[digest] = uses, ends_at
        return uses
