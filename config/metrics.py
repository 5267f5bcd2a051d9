"""How is the house doing, in numbers that Prometheus reads? What this process answered, and what the database
holds.

Served at /metrics in the text format, to whoever has METRICS_TOKEN, and to this machine itself where no
token is set. No label names a person. With several workers, each keeps its counts in a file of its own
and whoever is asked adds them up.
"""

import contextlib
import json
import os
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count, Min, Sum
from django.utils import timezone

from desk.models import ErasureReceipt
from door.models import CheckIn, Conflict, Device
from outbox.models import Message
from tickets.models import Registration, Ticket

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds
WRITE_EVERY = 1.0  # seconds


class Counts:
    """What this process has answered since it began."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: Counter[int] = Counter()
        self._seconds = 0.0
        self._written_at = 0.0

    def add(self, *, method: str, route: str, status: int, seconds: float) -> None:
        with self._guard:
            self._requests[method, route, status] += 1
            self._buckets[bisect_left(BUCKETS, seconds)] += 1
            self._seconds += seconds
            due = settings.WEB_CONCURRENCY > 1 and time.monotonic() - self._written_at > WRITE_EVERY
            if due:
                self._written_at = time.monotonic()
                plain = self._plain()
        if due:
            _write(plain)

    def plain(self) -> dict:
        with self._guard:
            return self._plain()

    def _plain(self) -> dict:
        return {
            "requests": [[*key, number] for key, number in self._requests.items()],
            "buckets": [self._buckets[index] for index in range(len(BUCKETS) + 1)],
            "seconds": self._seconds,
        }


counts = Counts()


def exposition() -> str:
    """Everything, in the text exposition format 0.0.4."""
    return "\n".join([*_answered(), *_held(), ""])


def _folder() -> Path:
    return settings.VAR_DIR / "metrics"


def _write(plain: dict) -> None:
    """A worker's file, whole or not at all. Numbers are not worth failing a request for."""
    path = _folder() / f"{os.getpid()}.json"
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{threading.get_ident()}.part")
        part.write_text(json.dumps(plain), encoding="utf-8")
        part.replace(path)


def _of_all_workers() -> Iterator[dict]:
    """Our own counts as they are; the other workers' as they last wrote them.

    Files of the dead are removed.
    """
    yield counts.plain()
    for path in _folder().glob("*.json") if settings.WEB_CONCURRENCY > 1 else ():
        pid = int(path.stem) if path.stem.isdigit() else 0
        if pid == os.getpid():
            continue
        with contextlib.suppress(OSError, ValueError):
            if not Path(f"/proc/{pid}").exists():
                path.unlink()
                continue
            yield json.loads(path.read_text(encoding="utf-8"))


def _answered() -> Iterator[str]:
    requests: Counter[tuple[str, str, int]] = Counter()
    buckets, seconds = [0] * (len(BUCKETS) + 1), 0.0
    for plain in _of_all_workers():
        for method, route, status, number in plain["requests"]:
            requests[method, route, status] += number
        buckets = [sum(pair) for pair in zip(buckets, plain["buckets"], strict=True)]
        seconds += plain["seconds"]
    yield from _head("http_requests_total", "counter", "Requests answered, by route and status.")
    for (method, route, status), number in sorted(requests.items()):
        yield f'http_requests_total{{method="{method}",route="{_quoted(route)}",status="{status}"}} {number}'
    yield from _head("http_request_duration_seconds", "histogram", "Time to an answer.")
    below = 0
    for bound, number in zip(BUCKETS, buckets, strict=False):
        below += number
        yield f'http_request_duration_seconds_bucket{{le="{bound}"}} {below}'
    total = sum(buckets)
    yield f'http_request_duration_seconds_bucket{{le="+Inf"}} {total}'
    yield f"http_request_duration_seconds_sum {seconds:.6f}"
    yield f"http_request_duration_seconds_count {total}"


def _held() -> Iterator[str]:
    """What the database holds. Where it is away, that is the answer."""
    try:
        lines = [line for question in (_tickets, _door, _queue, _erasure) for line in question()]
    except DatabaseError:
        yield from _gauge("database_up", "Whether the database answers.", {"": 0})
        return
    yield from _gauge("database_up", "Whether the database answers.", {"": 1})
    yield from lines


def _tickets() -> Iterator[str]:
    registrations = Registration.objects.values_list("state").annotate(Count("pk")).order_by("state")
    yield from _gauge("registrations", "Registrations by state.", _by("state", registrations))
    tickets = Ticket.objects.values_list("state").annotate(Count("pk")).order_by("state")
    yield from _gauge("tickets", "Tickets by state.", _by("state", tickets))


def _door() -> Iterator[str]:
    scans = CheckIn.objects.filter(is_practice=False).values_list("verdict")
    yield from _gauge(
        "scans", "Scans by verdict.", _by("verdict", scans.annotate(Count("pk")).order_by("verdict"))
    )
    open_conflicts = Conflict.objects.filter(settled_at__isnull=True).count()
    yield from _gauge("conflicts_open", "Scans that somebody has to settle.", {"": open_conflicts})
    phones = Device.objects.working(timezone.now()).aggregate(phones=Count("pk"), unsent=Sum("unsent_scans"))
    yield from _gauge("door_phones", "Paired phones.", {"": phones["phones"]})
    yield from _gauge(
        "door_scans_unsent", "Scans that phones have still to send.", {"": phones["unsent"] or 0}
    )


def _queue() -> Iterator[str]:
    states = Message.objects.values_list("state").annotate(Count("pk")).order_by("state")
    yield from _gauge("mails", "Mails by state.", _by("state", states))
    now = timezone.now()
    oldest = Message.objects.due(now).aggregate(Min("due_at"))["due_at__min"]
    seconds = (now - oldest).total_seconds() if oldest else 0
    yield from _gauge(
        "mail_oldest_due_seconds", "How long the oldest due mail has waited.", {"": round(seconds)}
    )


def _erasure() -> Iterator[str]:
    rows = ErasureReceipt.objects.aggregate(Sum("rows"))["rows__sum"] or 0
    yield from _gauge("erased_rows", "Rows of personal data that have left.", {"": rows})


def _by(label: str, rows) -> dict[str, int]:
    return {f'{{{label}="{_quoted(str(key))}"}}': number for key, number in rows}


def _gauge(name: str, words: str, values: dict) -> Iterator[str]:
    yield from _head(name, "gauge", words)
    for labels, number in values.items():
        yield f"{name}{labels} {number}"


def _head(name: str, kind: str, words: str) -> Iterator[str]:
    yield f"# HELP {name} {words}"
    yield f"# TYPE {name} {kind}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
