"""Do pages and the door go on while others send slowly: to the server alone, and behind the proxy we ship?

The server and the proxy are the real ones, started by their own commands.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.management.commands.serve import THREADS
from tests.faults.databases import database
from tests.faults.dribbling import dribblers
from tests.faults.house import ROOT, House

pytestmark = pytest.mark.thorough

WAIT = 15  # seconds in which a person has gone; a server that stands would never answer


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[tuple[House, dict]]:
    folder: Path = tmp_path_factory.mktemp("slow")
    with database("SQLite") as db, House(url=db.url, folder=folder, TRUSTED_PROXIES="1") as house:
        prepared = house.prepare(tickets=20)
        house.start()
        yield house, prepared


@pytest.fixture
def behind_the_proxy(served, tmp_path) -> Iterator[House]:
    """The same house, asked at the proxy's port."""
    house, _ = served
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "SITE_HOST": f"http://127.0.0.1:{port}",
        "UPSTREAM": f"127.0.0.1:{house.port}",
        "XDG_DATA_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    if _caddy_is_before_2_7():
        environment["BUFFERING"] = "buffer_requests"
    command = ["caddy", "run", "--config", str(ROOT / "Caddyfile"), "--adapter", "caddyfile"]
    log = (tmp_path / "caddy.log").open("w")
    proxy = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    front = object.__new__(House)
    front.at, front.port = f"http://127.0.0.1:{port}", port
    try:
        last = time.monotonic() + 30
        while not front.answers():
            assert time.monotonic() < last, (tmp_path / "caddy.log").read_text()
            time.sleep(0.1)
        yield front
    finally:
        proxy.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            proxy.wait(10)
        proxy.kill()
        log.close()


def _caddy_is_before_2_7() -> bool:
    told = subprocess.run(["caddy", "version"], capture_output=True, text=True, check=True).stdout
    return tuple(int(part) for part in told.strip().removeprefix("v").split(".")[:2]) < (2, 7)


def what_is_answered(house: House, prepared: dict) -> dict[str, int]:
    scan = {
        "scan_id": str(uuid.uuid4()),
        "code": prepared["codes"].pop(),
        "direction": "entry",
        "scanned_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    return {
        "alive": house.ask("/healthz", timeout=WAIT)[0],
        "home page": house.ask("/", timeout=WAIT)[0],
        "the door": house.ask("/api/v1/check-ins/", body=scan, token=prepared["phones"][0], timeout=WAIT)[0],
    }


ALL_WELL = {"alive": 200, "home page": 200, "the door": 201}


def test_twelve_that_dribble_stop_nobody_with_the_server_alone(served):
    house, prepared = served

    with dribblers(port=house.port, number=12):
        time.sleep(1)
        answered = what_is_answered(house, prepared)

    assert answered == ALL_WELL


def test_the_control_stops_it(served):
    """As many as there are threads do stop the server alone: that they dribble is real."""
    house, _ = served

    with dribblers(port=house.port, number=THREADS):
        answers = (house.ask("/", timeout=3)[0] for _ in range(10))
        stopped = any(status == 0 for status in answers)
    afterwards = house.ask("/", timeout=WAIT)[0]

    assert (stopped, afterwards) == (True, 200)


@pytest.mark.skipif(shutil.which("caddy") is None, reason="tools/system-packages caddy installs it")
def test_two_hundred_that_dribble_stop_nobody_behind_the_proxy(served, behind_the_proxy):
    _, prepared = served

    with dribblers(port=behind_the_proxy.port, number=200):
        time.sleep(1)
        answered = what_is_answered(behind_the_proxy, prepared)

    assert answered == ALL_WELL
