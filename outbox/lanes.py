"""How does each kind of work go on by itself? In a process of its own, which is started again where it ended.

A process, because what takes longer than its deadline is ended with it (outbox/domain/deadlines.py).
Forked from one that has read all code already, so a lane costs little memory and starts at once.
"""

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from datetime import datetime
from multiprocessing.process import BaseProcess

from django.db import close_old_connections, connections
from django.utils import timezone

from outbox.domain import due
from outbox.domain.deadlines import end_this_process_at_deadlines

STOP_SECONDS = 20  # what is under way may come to its end; then it is ended and found again later
log = logging.getLogger(__name__)


class Lanes:
    """The processes of all lanes, or of those named. Whoever holds it has no other thread.

    look_after is to be called every second or two, and stop in the end.
    """

    def __init__(self, *, every: float, say: Callable[[str], object], names: list[str] | None = None) -> None:
        self._every, self._say, self._names = every, say, names or due.lanes()
        self._processes: dict[str, BaseProcess] = {}

    def look_after(self) -> None:
        """Start what does not run."""
        for name in self._names:
            process = self._processes.get(name)
            if process is not None and process.is_alive():
                continue
            if process is not None:
                self._say(_why_it_ended(name, process.exitcode))
            connections.close_all()  # none may be shared with a child
            self._processes[name] = multiprocessing.get_context("fork").Process(
                target=_go_on, args=(name, self._every, os.getpid()), name=name, daemon=True
            )
            self._processes[name].start()

    def stop(self) -> None:
        for process in self._processes.values():
            process.terminate()
        last = time.monotonic() + STOP_SECONDS
        for process in self._processes.values():
            process.join(max(0.0, last - time.monotonic()))
            if process.is_alive():
                process.kill()


def _why_it_ended(name: str, exit_code: int | None) -> str:
    if exit_code == -signal.SIGALRM:
        return f"The lane {name} was ended: something took longer than its deadline. It is tried again later."
    return f"The lane {name} ended ({exit_code}). It is started again."


def _go_on(lane: str, every: float, parent: int) -> None:
    """Do what is due in this lane until SIGTERM, or until whoever started it is gone, and through faults."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    end_this_process_at_deadlines()
    last: dict[str, datetime] = {}
    while not stop.is_set() and os.getppid() == parent:
        try:
            due.run_all(now=timezone.now(), last=last, lane=lane)
        except Exception as fault:  # the database is away for a moment
            log.warning("lane %s: %s", lane, type(fault).__name__)
        close_old_connections()
        stop.wait(every)
