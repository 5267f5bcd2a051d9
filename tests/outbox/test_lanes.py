"""Does what never ends hold up its own lane alone? With the real server, and others that dribble for ever."""

import contextlib
import os
import signal
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.faults.databases import database
from tests.faults.house import House
from tests.faults.sink import Sink

pytestmark = pytest.mark.thorough
BOTH = pytest.mark.parametrize("on", ["SQLite", "PostgreSQL"])
SET_UP = """
import django; django.setup()
from django.utils import timezone
from events.models import Event
from outbox.domain.webhooks import add_webhook
from tests import factories
for address in {addresses!r}:
    add_webhook(label=address, address=address, kinds=["registered"], now=timezone.now())
factories.sign_up(Event.objects.get(), "Ada Example", now=timezone.now())
"""


@contextmanager
def other(line: bytes, *, first: bytes = b"", every: float = 0.5) -> Iterator[str]:
    """Another program that says the line again and again, and never comes to an end. Yields host:port."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with contextlib.suppress(OSError):
                self.request.sendall(first)
                while True:
                    self.request.sendall(line)
                    time.sleep(every)

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = daemon_threads = True

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@contextmanager
def receiver() -> Iterator[tuple[str, list]]:
    """One that answers at once: its address, and what it heard."""
    heard: list = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            heard.append(self.request.recv(65_536))
            self.request.sendall(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", heard
        server.shutdown()


@contextmanager
def serving(db, folder: Path, *addresses: str, mail: str) -> Iterator[House]:
    """A house with somebody who just registered; it serves and does its background work."""
    with House(url=db.url, folder=folder, web_only=False, EMAIL_URL=mail) as house:
        house.prepare()
        ready = house.run("-c", SET_UP.format(addresses=list(addresses)))
        assert ready.returncode == 0, ready.stderr
        house.start()
        yield house


def seconds_until(happened, most: float) -> float:
    began = time.monotonic()
    while not happened():
        assert time.monotonic() - began < most, "it did not happen in time"
        time.sleep(0.1)
    return time.monotonic() - began


@BOTH
def test_a_receiver_that_dribbles_for_ever_holds_up_no_mail_and_no_other_receiver(on, tmp_path):
    with (
        database(on) as db,
        Sink() as sink,
        other(b"X-More: x\r\n", first=b"HTTP/1.1 200 OK\r\n") as dribbler,
        receiver() as (good, heard),
        serving(db, tmp_path, f"http://{dribbler}/", good, mail=sink.url) as house,
    ):
        seconds_until(lambda: sink.arrived.total() == 1, most=10)
        seconds_until(lambda: "The lane webhooks was ended" in house.log.read_text(), most=40)
        seconds_until(lambda: len(heard) == 1, most=20)

        left = db.rows("SELECT state, tries, last_error FROM outbox_delivery ORDER BY id")
        assert set(left) == {("running", 1, "Unfinished"), ("done", 1, "")}


@BOTH
def test_a_mail_server_that_dribbles_for_ever_holds_up_nothing_else(on, tmp_path):
    with (
        database(on) as db,
        other(b"220-wait\r\n") as dribbler,
        receiver() as (good, heard),
        serving(db, tmp_path, good, mail=f"smtp://{dribbler}") as house,
    ):
        seconds_until(lambda: len(heard) == 1, most=10)
        seconds_until(lambda: "The lane mail was ended" in house.log.read_text(), most=60)

        assert db.rows("SELECT state, tries, last_error FROM outbox_message") == [
            ("running", 1, "Unfinished")
        ]
        assert house.ask("/healthz")[0] == 200


@BOTH
def test_a_lane_that_is_killed_is_started_again_and_all_end_with_the_server(on, tmp_path):
    with (
        database(on) as db,
        Sink() as sink,
        serving(db, tmp_path, mail=sink.url) as house,
    ):
        seconds_until(lambda: sink.arrived.total() == 1, most=20)
        server = house.process.pid
        lanes = [pid for pid in house.pids() if parent_of(pid) == server and pid not in web_of(house)]
        assert len(lanes) == 6
        for pid in lanes:
            os.kill(pid, signal.SIGKILL)
        seconds_until(lambda: house.log.read_text().count("It is started again") == 6, most=10)

        os.kill(server, signal.SIGTERM)
        house.process.wait(25)
        seconds_until(lambda: not house_left(house, server), most=5)


def parent_of(pid: int) -> int:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    return 0


def web_of(house: House) -> set[int]:
    """The web server: another program than ours."""
    return {pid for pid in house.pids() if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes()}


def house_left(house: House, group: int) -> list[int]:
    """Processes of the group that still run."""
    return [pid for pid in house.pids() if pid != group and parent_of(pid)]
