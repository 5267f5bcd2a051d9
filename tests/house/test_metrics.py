"""Does Prometheus get its numbers, and nobody else?"""

import os
import re
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from outbox.domain import due
from outbox.models import Message
from tests import factories

pytestmark = pytest.mark.django_db
LINE = re.compile(r'^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? -?[0-9.e+-]+$')


def numbers(text: str) -> dict[str, float]:
    return {
        line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
        for line in text.splitlines()
        if line and line[0] != "#"
    }


def test_counts_what_is_held_and_what_was_answered(client, event):
    factories.sign_up(event, "Ada Canary", email="canary@example.org")
    before = numbers(client.get("/metrics").content.decode())
    client.get("/e/showcase/")

    text = client.get("/metrics").content.decode()

    after = numbers(text)
    assert all(LINE.match(line) for line in text.splitlines() if line and not line.startswith("#"))
    assert after["database_up"] == 1
    assert after['registrations{state="confirmed"}'] == 1
    assert after['mails{state="queued"}'] == 1
    key = 'http_requests_total{method="GET",route="/e/<slug:slug>/",status="200"}'
    assert after[key] - before.get(key, 0) == 1
    assert (
        after["http_request_duration_seconds_count"]
        == after['http_request_duration_seconds_bucket{le="+Inf"}']
    )
    assert "anary" not in text


def test_strangers_and_what_comes_through_a_proxy_get_nothing(client):
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404


def test_a_token_opens_it_from_anywhere_and_nothing_else_does(client, settings):
    settings.METRICS_TOKEN = "a-token-for-the-tests-of-32-characters"

    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    opened = client.get(
        "/metrics", REMOTE_ADDR="203.0.113.9", headers={"Authorization": f"Bearer {settings.METRICS_TOKEN}"}
    )
    assert opened.status_code == 200


def test_reads_only(client):
    assert client.post("/metrics").status_code == 405


def test_says_which_work_is_late(client, event):
    factories.sign_up(event, "Ada Canary")
    Message.objects.update(due_at=timezone.now() - timedelta(hours=1))
    due.run_all(now=timezone.now(), lane="house")

    found = numbers(client.get("/metrics").content.decode())

    assert found['work_late{work="send mail"}'] == 1
    assert found['work_late{work="lapse holds"}'] == 0
    assert found['work_oldest_due_seconds{work="send mail"}'] >= 3600
    assert time.time() - found['work_last_ran_timestamp_seconds{work="lapse holds"}'] < 60


def test_the_counts_of_several_workers_add_up(tmp_path):
    """As processes: each counts two requests, and a third is asked."""
    code = (
        "import django; django.setup()\n"
        "from config import metrics\n"
        "for _ in range({times}):\n"
        "    metrics.count_request(method='GET', route='/e/', status=200, seconds=0.02)\n"
        "metrics.Held.collect = lambda self: []\n"
        "print(metrics.exposition().decode())\n"
    )
    environment = os.environ | {
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }

    def worker(times: int) -> str:
        ran = subprocess.run(
            [sys.executable, "-c", code.format(times=times)],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return ran.stdout

    worker(2)
    worker(3)
    found = numbers(worker(0))

    assert found['http_requests_total{method="GET",route="/e/",status="200"}'] == 5
    assert found['http_request_duration_seconds_bucket{le="0.025"}'] == 5
    assert found["http_request_duration_seconds_count"] == 5
