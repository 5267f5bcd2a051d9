"""Who prints for somebody who waits? One process beside each web worker, of less weight than the pages.

Few may wait at once, so that threads are left for pages; the others hear that they may come again in a
moment. What was printed is kept for a while and given again: a page that is asked for often costs once.
Background work prints by itself, in its own process.
"""

import atexit
import contextlib
import hashlib
import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from multiprocessing.pool import Pool

WAITING_AT_MOST = 6  # requests in one web worker
DEADLINE_SECONDS = 30  # for one, with those that stand before it; then the process is ended
RETRY_SECONDS = 3
KEPT_AT_MOST = 50
KEPT_SECONDS = 300
LESS_WEIGHT = 10  # as nice counts
TASKS_OF_A_PROCESS = 200  # then it is made anew, whatever its libraries forgot to give back

_somebody_waits: ContextVar[bool] = ContextVar("somebody_waits", default=False)
_has_place: ContextVar[bool] = ContextVar("has_place", default=False)
_places = threading.BoundedSemaphore(WAITING_AT_MOST)
_guard = threading.Lock()
_pool: Pool | None = None
_kept: dict[str, tuple[float, bytes]] = {}


class PrinterBusy(Exception):
    """As many as may wait do. Nothing was printed."""


@contextlib.contextmanager
def somebody_waits() -> Iterator[None]:
    """While this lasts, whatever this thread prints is printed beside it."""
    token = _somebody_waits.set(True)
    try:
        yield
    finally:
        _somebody_waits.reset(token)


def is_waited_for() -> bool:
    return _somebody_waits.get()


@contextlib.contextmanager
def place() -> Iterator[None]:
    """One of the places of those who wait. Taken before a page begins with what it will print, it costs
    nothing where all are taken.

    :raises PrinterBusy: all are
    """
    if _has_place.get():
        yield
        return
    if not _places.acquire(blocking=False):
        raise PrinterBusy
    token = _has_place.set(True)
    try:
        yield
    finally:
        _has_place.reset(token)
        _places.release()


def print_beside(work: Callable[..., bytes], *arguments) -> bytes:
    """What the work makes of the arguments, made in the other process or kept from before.

    :raises PrinterBusy: too many wait, or it took longer than its deadline
    """
    key = hashlib.sha256(repr((work.__qualname__, arguments)).encode("utf-8", "surrogatepass")).hexdigest()
    kept = _of_before(key)
    if kept is not None:
        return kept
    with place():
        return _keep(key, _print(work, arguments))


def _print(work: Callable[..., bytes], arguments: tuple) -> bytes:
    pool = _printer()
    try:
        return pool.apply_async(work, arguments).get(DEADLINE_SECONDS)
    except multiprocessing.TimeoutError as fault:  # it goes on without end, or was killed
        _end(pool)
        raise PrinterBusy from fault


def _printer() -> Pool:
    global _pool
    with _guard:
        if _pool is None:
            spawned = multiprocessing.get_context("spawn")
            _pool = spawned.Pool(1, initializer=_begin, maxtasksperchild=TASKS_OF_A_PROCESS)
            atexit.register(_pool.terminate)
        return _pool


def _end(pool: Pool) -> None:
    global _pool
    with _guard:
        if _pool is pool:
            _pool = None
    pool.terminate()
    atexit.unregister(pool.terminate)


def _begin() -> None:
    os.nice(LESS_WEIGHT)
    logging.disable(logging.WARNING)


def _of_before(key: str) -> bytes | None:
    with _guard:
        for old in [one for one, (until, _) in _kept.items() if until <= time.monotonic()]:
            del _kept[old]
        _, content = _kept.get(key, (0.0, None))
        return content


def _keep(key: str, content: bytes) -> bytes:
    with _guard:
        while len(_kept) >= KEPT_AT_MOST:
            del _kept[next(iter(_kept))]
        _kept[key] = time.monotonic() + KEPT_SECONDS, content
    return content
