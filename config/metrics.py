"""How is the house doing, in numbers that Prometheus reads? What was answered, and what the database holds.

Served at /metrics, to whoever has METRICS_TOKEN, and to this machine itself where no token is set. No label
names a person. With several workers each counts in a file of its own, and whoever is asked adds them up:
serve gives them the folder (PROMETHEUS_MULTIPROC_DIR).
"""

import os
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import DatabaseError
from django.db.models import Count, Min, QuerySet, Sum
from django.utils import timezone
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from desk.models import ErasureReceipt
from door.models import CheckIn, Conflict, Device
from outbox.domain import due
from outbox.models import Message
from tickets.models import Registration, Ticket

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)  # seconds

disable_created_metrics()
_requests = Counter(
    "http_requests", "Requests answered, by route and status.", ["method", "route", "status"], registry=None
)
_seconds = Histogram("http_request_duration_seconds", "Time to an answer.", buckets=BUCKETS, registry=None)


def count_request(*, method: str, route: str, status: int, seconds: float) -> None:
    _requests.labels(method, route, str(status)).inc()
    _seconds.observe(seconds)


def exposition() -> bytes:
    """Everything, in the text exposition format."""
    registry = CollectorRegistry()
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)
    else:
        registry.register(_requests)
        registry.register(_seconds)
    registry.register(Held(now=timezone.now()))
    return generate_latest(registry)


class Held(Collector):
    """What the database holds. Where it is away, that is the answer."""

    def __init__(self, *, now: datetime) -> None:
        self._now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            held = [*_tickets(), *_door(self._now), *_work(self._now), *_erasure()]
        except DatabaseError:
            held = []
        yield _gauge("database_up", "Whether the database answers.", int(bool(held)))
        yield from held


def _tickets() -> Iterator[GaugeMetricFamily]:
    yield _counted("registrations", "Registrations by state.", "state", Registration.objects.all())
    yield _counted("tickets", "Tickets by state.", "state", Ticket.objects.all())


def _door(now: datetime) -> Iterator[GaugeMetricFamily]:
    yield _counted("scans", "Scans by verdict.", "verdict", CheckIn.objects.filter(is_practice=False))
    open_conflicts = Conflict.objects.filter(settled_at__isnull=True).count()
    yield _gauge("conflicts_open", "Scans that somebody has to settle.", open_conflicts)
    phones = Device.objects.working(now).aggregate(phones=Count("pk"), unsent=Sum("unsent_scans"))
    yield _gauge("door_phones", "Paired phones.", phones["phones"])
    yield _gauge("door_scans_unsent", "Scans that phones have still to send.", phones["unsent"] or 0)


def _work(now: datetime) -> Iterator[GaugeMetricFamily]:
    yield _counted("mails", "Mails by state.", "state", Message.objects.all())
    work, ran, late = due.all_work(), due.last_runs(), due.late_work(now=now)
    yield _labelled(
        "work_oldest_due_seconds",
        "How long the oldest row that is due has waited.",
        "work",
        ((one.name, _waited(one.rows, now)) for one in work if one.rows),
    )
    yield _labelled(
        "work_last_ran_timestamp_seconds",
        "When due work last came to its end, noted about twice a minute.",
        "work",
        ((one.name, ran[one.name].timestamp()) for one in work if one.name in ran),
    )
    yield _labelled(
        "work_late",
        "Whether due work did not run when it should have, or leaves rows lying.",
        "work",
        ((one.name, int(one.name in late)) for one in work),
    )


def _waited(rows, now: datetime) -> int:
    oldest = rows.objects.due(now).aggregate(Min("due_at"))["due_at__min"]
    return round((now - oldest).total_seconds()) if oldest else 0


def _erasure() -> Iterator[GaugeMetricFamily]:
    rows = ErasureReceipt.objects.aggregate(Sum("rows"))["rows__sum"] or 0
    yield _gauge("erased_rows", "Rows of personal data that have left.", rows)


def _counted(name: str, words: str, label: str, rows: QuerySet) -> GaugeMetricFamily:
    return _labelled(name, words, label, rows.values_list(label).annotate(Count("pk")).order_by(label))


def _labelled(name: str, words: str, label: str, values: Iterable) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, words, labels=[label])
    for key, number in values:
        gauge.add_metric([key], number)
    return gauge


def _gauge(name: str, words: str, number: int) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=number)
