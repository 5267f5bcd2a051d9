"""In which order do writers of one process get SQLite's write lock? In the order they asked.

SQLite's own busy wait polls, so at eight writers some wait for seconds while others pass.
Here each outermost transaction first takes its turn in a first-in, first-out queue of the
process. Another process (the background worker) still meets us at SQLite's own lock.
"""

import threading
from collections import deque
from pathlib import Path

from django.db import OperationalError
from django.db.backends.sqlite3 import base


class WriteQueue:
    """A lock that is handed on in the order of asking. It is held by one connection at a time."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Lock] = deque()

    def enter(self, *, timeout: float) -> bool:
        """Take a turn, waiting at most timeout seconds. False: the time ran out, and no turn is held."""
        with self._guard:
            if not self._held:
                self._held = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=timeout):
            return True
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
        return True  # handed over in the moment that the time ran out

    def leave(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


_queues: dict[str, WriteQueue] = {}
_queues_guard = threading.Lock()


def queue_for(database_name: str) -> WriteQueue:
    with _queues_guard:
        return _queues.setdefault(database_name, WriteQueue())


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._in_queue: WriteQueue | None = None

    def get_new_connection(self, conn_params):
        Path(conn_params["database"]).parent.mkdir(exist_ok=True)
        return super().get_new_connection(conn_params)

    def _start_transaction_under_autocommit(self):
        self._enter_queue()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._leave_queue()
            raise

    def _commit(self):
        # A commit that fails leaves the transaction open; the rollback that follows leaves the queue.
        super()._commit()
        self._leave_queue()

    def _rollback(self):
        try:
            super()._rollback()
        finally:
            self._leave_queue()

    def _close(self):
        try:
            super()._close()
        finally:
            self._leave_queue()

    def _enter_queue(self) -> None:
        if self._in_queue is None:
            queue = queue_for(str(self.settings_dict["NAME"]))
            if not queue.enter(timeout=self.settings_dict["OPTIONS"].get("timeout", 5)):
                raise OperationalError("database is locked: no turn to write came in time")
            self._in_queue = queue

    def _leave_queue(self) -> None:
        queue, self._in_queue = self._in_queue, None
        if queue is not None:
            queue.leave()
