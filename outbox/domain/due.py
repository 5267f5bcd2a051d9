"""What has to be looked at again and again? Each floor registers its own at start-up; tick runs them all.

Each kind of work has a lane: what is slow in one (a mail server, a large report) delays nothing in another.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from outbox.domain.deadlines import deadline
from outbox.models import LeasedWork, WorkRun

HOUSE = "house"  # short work on rows: lapses, offers, reminders, erasure
WHOLE = timedelta(minutes=15)  # for one run of one piece of work; leased rows have their own inside it
NOTED_EVERY = timedelta(seconds=30)
LATE = timedelta(minutes=10)  # without a run, beyond its own pause
ROWS_LATE = timedelta(minutes=15)  # a row that was due so long ago
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class DueWork:
    """run takes now= and answers how many rows it dealt with. It is safe to run twice at a time."""

    name: str
    run: Callable[..., int]
    every: timedelta
    lane: str
    rows: type[LeasedWork] | None


_work: dict[str, DueWork] = {}


def register(
    name: str,
    run: Callable[..., int],
    *,
    every: timedelta = timedelta(0),
    lane: str = HOUSE,
    rows: type[LeasedWork] | None = None,
) -> None:
    """every: a loop that goes round more often leaves it out in between. rows: what it works off."""
    _work[name] = DueWork(name=name, run=run, every=every, lane=lane, rows=rows)


def all_work() -> list[DueWork]:
    return list(_work.values())


def lanes() -> list[str]:
    return list(dict.fromkeys(one.lane for one in _work.values()))


def last_runs() -> dict[str, datetime]:
    """When each last came to its end, as far as was noted. One query."""
    return dict(WorkRun.objects.values_list("name", "ran_at"))


def run_all(
    *, now: datetime, last: dict[str, datetime] | None = None, lane: str | None = None
) -> tuple[dict[str, int], list[str]]:
    """Run everything that is registered, or one lane of it; one that fails stops no other.

    last is a loop's memory of when each ran; without it everything runs.
    Returns how many rows each dealt with, and the names of those that failed.
    """
    done, failed, ran = {}, [], {}
    for one in all_work():
        if lane not in (None, one.lane):
            continue
        if last is not None and one.name in last and now - last[one.name] < one.every:
            continue
        try:
            with deadline(WHOLE):
                done[one.name] = one.run(now=now)
            ran[one.name] = now
        except Exception:
            log.exception("due work failed: %s", one.name)
            failed.append(one.name)
    if last is not None:
        last |= ran
    _note(ran)
    return done, failed


def late_work(*, now: datetime) -> list[str]:
    """The names of what did not run when it should, or leaves rows lying. A query, and one a kind of row."""
    ran = last_runs()
    return [one.name for one in all_work() if _is_late(one, ran.get(one.name), now)]


def _is_late(work: DueWork, ran_at: datetime | None, now: datetime) -> bool:
    if ran_at is None or ran_at <= now - work.every - LATE:
        return True
    return work.rows is not None and work.rows.objects.due(now - ROWS_LATE).exists()


def _note(ran: dict[str, datetime]) -> None:
    """Keep when each ran, about twice a minute: a write costs more than what most rounds do."""
    kept = last_runs()
    new = [
        WorkRun(name=name, ran_at=at)
        for name, at in ran.items()
        if name not in kept or abs(at - kept[name]) >= NOTED_EVERY
    ]
    if new:
        WorkRun.objects.bulk_create(
            new, update_conflicts=True, unique_fields=["name"], update_fields=["ran_at"]
        )
