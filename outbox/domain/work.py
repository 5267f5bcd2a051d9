"""How is leased work done? Row by row, each within its deadline; what fails stops nothing else."""

import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.db.models.expressions import Combinable

from outbox.domain.deadlines import deadline
from outbox.models import LeasedWorkQuerySet
from outbox.models.leased_work import ROUND

log = logging.getLogger(__name__)


def work_off(
    rows: LeasedWorkQuerySet,
    do: Callable[[Any], bool],
    *,
    now: datetime,
    order_by: Sequence[str | Combinable] = ("due_at", "pk"),
) -> int:
    """Take what is due and do it, for one ROUND; return how many were done. Safe in several workers.

    do finishes the row and answers whether it was done; what it raises gives the row back.
    """
    done, began = 0, time.monotonic()
    while time.monotonic() - began < ROUND.total_seconds():
        row = rows.take(now=now, order_by=order_by)
        if row is None:
            break
        with deadline(row.DEADLINE):
            try:
                done += do(row)
            except Exception as fault:
                log.exception("%s %s could not be done", row._meta.verbose_name, row.pk)
                row.give_back(now=now, fault=type(fault).__name__)
    return done
