"""What has to be looked at again and again? Each floor registers its own at start-up; tick runs them all."""

import logging
from collections.abc import Callable
from datetime import datetime

Work = Callable[..., int]
_work: dict[str, Work] = {}

log = logging.getLogger(__name__)


def register(name: str, work: Work) -> None:
    """work takes now= and answers how many rows it dealt with. It is safe to run twice at a time."""
    _work[name] = work


def run_all(*, now: datetime) -> tuple[dict[str, int], list[str]]:
    """Run everything that is registered; one that fails stops no other.

    Returns how many rows each dealt with, and the names of those that failed.
    """
    done, failed = {}, []
    for name, work in _work.items():
        try:
            done[name] = work(now=now)
        except Exception:
            log.exception("due work failed: %s", name)
            failed.append(name)
    return done, failed
