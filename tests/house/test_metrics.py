"""Does Prometheus get its numbers, and nobody else?"""

import json
import re

import pytest

from config import metrics
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


def test_the_counts_of_several_workers_add_up(settings, tmp_path):
    settings.WEB_CONCURRENCY, settings.VAR_DIR = 2, tmp_path
    other = {
        "requests": [["GET", "/other/", 200, 7]],
        "buckets": [7] + [0] * len(metrics.BUCKETS),
        "seconds": 0.5,
    }
    folder = tmp_path / "metrics"
    folder.mkdir()
    (folder / "1.json").write_text(json.dumps(other))
    (folder / "4194999.json").write_text(json.dumps(other))  # no such process

    text = "\n".join(metrics._answered())

    assert 'route="/other/",status="200"} 7' in text
    assert [path.name for path in folder.glob("*.json")] == ["1.json"]
