"""How does a command go on until it is told to stop? With a pause, and through faults."""

import logging
import signal
import threading
from collections.abc import Callable

from django.db import close_old_connections

log = logging.getLogger(__name__)


def again_and_again(once: Callable[[], None], *, every: float | None) -> None:
    """Run once() one time, or every so many seconds until SIGTERM or SIGINT;
    a fault is logged and we go on."""
    if every is None:
        once()
        return
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    while not stop.is_set():
        try:
            once()
        except Exception:
            log.exception("one round failed")
        close_old_connections()
        stop.wait(every)
