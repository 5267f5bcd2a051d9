"""What has to be looked at again and again? Each floor registers its own at start-up; tick runs them all."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

Work = Callable[..., int]
_work: dict[str, tuple[Work, timedelta]] = {}

log = logging.getLogger(__name__)


def register(name: str, work: Work, *, every: timedelta = timedelta(0)) -> None:
    """work takes now= and answers how many rows it dealt with. It is safe to run twice at a time.

    every: a loop that goes round more often leaves it out in between.
    """
    _work[name] = work, every


def run_all(*, now: datetime, last: dict[str, datetime] | None = None) -> tuple[dict[str, int], list[str]]:
    """Run everything that is registered; one that fails stops no other.

    last is a loop's memory of when each ran; without it everything runs.
    Returns how many rows each dealt with, and the names of those that failed.
    """
    done, failed = {}, []
    for name, (work, every) in _work.items():
        if last is not None and name in last and now - last[name] < every:
            continue
        try:
            done[name] = work(now=now)
            if last is not None:
                last[name] = now
        except Exception:
            log.exception("due work failed: %s", name)
            failed.append(name)
    return done, failed
