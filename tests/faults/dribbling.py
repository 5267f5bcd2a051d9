"""Who sends slowly? Clients that begin a long body and then send one byte of it every few seconds."""

import contextlib
import socket
import threading
from collections.abc import Iterator

BYTE_EVERY = 2.0  # seconds
COOKIE = "a" * 32  # without one a form is refused before its body is read


@contextlib.contextmanager
def dribblers(*, port: int, number: int, path: str = "/find/") -> Iterator[None]:
    """So many at once, for as long as the block runs."""
    ask = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 400000\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nCookie: csrf={COOKIE}\r\n\r\na="
    )
    stop = threading.Event()
    sockets = []
    try:
        for _ in range(number):
            one = socket.create_connection(("127.0.0.1", port), timeout=10)
            sockets.append(one)
            one.sendall(ask.encode())
        sender = threading.Thread(target=_dribble, args=(sockets, stop), daemon=True)
        sender.start()
        yield
    finally:
        stop.set()
        for one in sockets:
            one.close()


def _dribble(sockets: list[socket.socket], stop: threading.Event) -> None:
    while not stop.wait(BYTE_EVERY):
        for one in sockets:
            with contextlib.suppress(OSError):
                one.sendall(b"a")
