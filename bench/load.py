"""How long does each answer take when a number of clients ask one after another?

A closed loop: every client has one kept connection and sends its next request when the last is answered.
Requests are made before the clock starts, and are sent as bytes over a plain socket, so that the client costs
little. Only addresses of this machine are ever asked.
"""

import json
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Answered:
    """seconds: of each request, sorted; took: wall time of all;
    bodies: the answers, in the order asked for."""

    seconds: list[float]
    took: float
    statuses: dict[int, int]
    bodies: list[bytes]

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.took

    def quantile(self, share: float) -> float:
        return self.seconds[min(len(self.seconds) - 1, int(len(self.seconds) * share))]


def request_bytes(
    method: str, path: str, *, body: dict | str | None = None, headers: dict | None = None
) -> bytes:
    if isinstance(body, str):
        content, kind = body.encode(), "application/x-www-form-urlencoded"
    else:
        content, kind = (json.dumps(body).encode() if body is not None else b""), "application/json"
    lines = [
        f"{method} {path} HTTP/1.1",
        "Host: 127.0.0.1",
        f"Content-Type: {kind}",
        f"Content-Length: {len(content)}",
    ]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def send_all(requests: Sequence[bytes], *, port: int, clients: int) -> Answered:
    """Ask everything, spread over the clients."""
    seconds: list[float] = [0.0] * len(requests)
    statuses: list[int] = [0] * len(requests)
    bodies: list[bytes] = [b""] * len(requests)

    def one_client(first: int) -> None:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for place in range(first, len(requests), clients):
                began = time.perf_counter()
                connection.sendall(requests[place])
                statuses[place], bodies[place] = _read_answer(connection)
                seconds[place] = time.perf_counter() - began

    threads = [threading.Thread(target=one_client, args=(first,)) for first in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    counts = {status: statuses.count(status) for status in set(statuses)}
    return Answered(seconds=sorted(seconds), took=took, statuses=counts, bodies=bodies)


def _read_answer(connection: socket.socket) -> tuple[int, bytes]:
    got = b""
    while b"\r\n\r\n" not in got:
        got += _more(connection)
    head, _, body = got.partition(b"\r\n\r\n")
    length = 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            length = int(line[15:])
    while len(body) < length:
        body += _more(connection)
    return int(head[9:12]), body


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(65536)
    if not part:
        raise ConnectionError("the server closed the connection")
    return part
