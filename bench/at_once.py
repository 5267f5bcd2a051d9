"""How long does each wait when all ask at the same moment?

Every connection is open before the first request goes.
"""

import selectors
import socket
import time
from collections.abc import Sequence

from bench.load import Answered

PATIENCE = 120  # seconds for all


def all_at_once(requests: Sequence[bytes], *, port: int) -> Answered:
    """One connection for each request, in one thread: the client costs the cores little.

    :raises TimeoutError: not all were answered in time
    """
    sockets = [socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) for _ in requests]
    seconds, bodies = [0.0] * len(requests), [b""] * len(requests)
    with selectors.DefaultSelector() as selector:
        began = time.perf_counter()
        for place, (connection, request) in enumerate(zip(sockets, requests, strict=True)):
            connection.sendall(request)
            connection.setblocking(False)
            selector.register(connection, selectors.EVENT_READ, place)
        waiting = len(requests)
        while waiting:
            ready = selector.select(PATIENCE)
            if not ready or time.perf_counter() - began > PATIENCE:
                raise TimeoutError(f"{waiting} of {len(requests)} were not answered")
            for key, _ in ready:
                place = key.data
                part = sockets[place].recv(65536)
                if not part:
                    raise ConnectionError("the server closed the connection")
                bodies[place] += part
                if _is_whole(bodies[place]):
                    seconds[place] = time.perf_counter() - began
                    selector.unregister(key.fileobj)
                    waiting -= 1
        took = time.perf_counter() - began
    for connection in sockets:
        connection.close()
    statuses = [int(body[9:12]) for body in bodies]
    counts = {status: statuses.count(status) for status in set(statuses)}
    return Answered(seconds=sorted(seconds), took=took, statuses=counts, bodies=bodies)


def _is_whole(got: bytes) -> bool:
    head, found, body = got.partition(b"\r\n\r\n")
    if not found:
        return False
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(body) >= int(line[15:])
    return True
