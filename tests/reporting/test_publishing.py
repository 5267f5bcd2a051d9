"""Can two organisers publish at once? One report a day, whoever presses first, on both databases."""

import threading

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from reporting.domain.publishing import PublishedToday, publish_report
from reporting.domain.reach import measure_reach
from reporting.models import PublishedReport, Target
from tests import factories
from tests.reporting.programme import make_target

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.thorough]


def at_once(work, times: int = 4) -> list[str]:
    """Run work in so many threads from one barrier; what each came to."""
    results: list[str] = []
    barrier = threading.Barrier(times)

    def run():
        try:
            barrier.wait(timeout=20)
            work()
            results.append("published")
        except (PublishedToday, IntegrityError) as fault:
            results.append(type(fault).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(results)


def test_one_report_a_day_whoever_presses_first():
    target, organiser = make_target(), factories.make_user("organiser")

    results = at_once(lambda: publish_report(target=target, by=organiser, now=timezone.now()))

    assert results == ["PublishedToday"] * 3 + ["published"]
    assert target.published_reports.count() == 1


def test_the_race_can_be_lost_without_the_lock():
    """The control run: looking first and writing later, as a careless hand would,
    publishes more than once."""
    target, organiser = make_target(), factories.make_user("organiser")
    looked = threading.Barrier(2)
    taken = iter([1, 2])

    def careless():
        today = timezone.localdate()
        there = Target.objects.get(pk=target.pk).published_reports.filter(published_at__date=today).exists()
        looked.wait(timeout=20)
        if there:
            raise PublishedToday
        values = measure_reach(target=target, as_at=timezone.now()).as_values()
        PublishedReport.objects.create(
            target=target,
            number=next(taken),
            as_at=timezone.now(),
            published_at=timezone.now(),
            published_by=organiser,
            rule_version="0",
            digest="",
            report={"value": values["value"]},
            aggregates={},
        )

    results = at_once(careless, times=2)

    assert results == ["published", "published"]
