"""How does a call end that would never end? With its process, by the kernel's alarm clock.

No library bounds everything: a mail server that dribbles a byte before each timeout, a name server that
is silent, a page that is never set. So whoever works in a process of their own lets it be ended, whatever
it waits in. Its row is due again later, exactly as after a crash, and the process is started again
(outbox/lanes.py).
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

_kept = False


def end_this_process_at_deadlines() -> None:
    """For a process that does background work and nothing else."""
    global _kept
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _kept = True


@contextmanager
def deadline(allowed: timedelta) -> Iterator[None]:
    """Inside, this process has so long to live. In a process that was not told so, nothing happens."""
    if not _kept:
        yield
        return
    left, _ = signal.setitimer(signal.ITIMER_REAL, allowed.total_seconds())
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, left)
