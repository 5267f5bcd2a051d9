"""What is a row of work that outlives its workers? Taken by one at a time, and found again where one died."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models, transaction
from django.db.models import Q
from django.db.models.expressions import Combinable

ROUND = timedelta(seconds=10)  # a worker takes rows for so long, then looks at the clock again
UNFINISHED = "Unfinished"  # the fault of a row whose worker died, or was ended because it took too long


class LeasedWorkQuerySet(models.QuerySet["LeasedWork"]):
    def due(self, now: datetime) -> Self:
        """What waits for a worker, and what a worker left: each was given its time when it was taken."""
        return self.filter(state__in=LeasedWork.OPEN, due_at__lte=now)

    def take(self, *, now: datetime, order_by: Sequence[str | Combinable] = ("due_at", "pk")) -> Any:
        """Take what is due first; None where nothing is. What was left too often has failed."""
        while self.due(now).exists():
            with transaction.atomic():
                due = self.due(now).select_for_update(skip_locked=True, of=("self",)).order_by(*order_by)
                row: Any = due.first()
                if row is None:
                    return None
                if row.may_be_tried():
                    row.begin(now=now)
                    return row
                row.fail(now=now, fault=row.last_error)
        return None


class LeasedWork(models.Model):
    """One thing to do after the answer was given: a mail, a delivery, a file.

    due_at is the one clock. A row that waits is due then; a row that was taken is due again when its worker
    has had its time (DEADLINE) and the pause after a failed try (BACK_OFF). So a fault, a crash and a call
    that never ended have one answer: the next try. tries tells a worker from the one that came after it.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Under way"
        DONE = "done", "Done"
        FAILED = "failed", "Failed for good"
        DROPPED = "dropped", "No longer needed"
        HELD = "held", "Held since a restore"

    OPEN = (State.QUEUED, State.RUNNING)
    DEADLINE = timedelta(minutes=5)  # for the whole of one try; whoever takes longer is ended
    BACK_OFF: tuple[timedelta, ...] = (
        timedelta(minutes=1),
        timedelta(minutes=5),
    )  # after each try but the last

    state = models.CharField(max_length=7, choices=State, default=State.QUEUED)
    due_at = models.DateTimeField(help_text="when a worker looks at it next")
    tries = models.PositiveSmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True, help_text="when it was done, or given up")
    last_error = models.CharField(max_length=80, blank=True, help_text="the kind of fault, never an address")

    objects = LeasedWorkQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="done") | Q(ended_at__isnull=False),
                name="%(app_label)s_%(class)s_done_has_time",
            )
        ]
        indexes = [
            # Each lane asks every second or two for what is due.
            models.Index(
                fields=["due_at"],
                name="%(app_label)s_%(class)s_due",
                condition=Q(state__in=["queued", "running"]),
            )
        ]

    def may_be_tried(self) -> bool:
        return self.tries <= len(self.BACK_OFF)

    def begin(self, *, now: datetime) -> None:
        """Give it to whoever holds it, until its time is up. It counts as a try, however it ends."""
        self.state, self.tries, self.last_error = self.State.RUNNING, self.tries + 1, UNFINISHED
        self.due_at = now + ROUND + self.DEADLINE + self._pause()
        self.save(update_fields=["state", "tries", "last_error", "due_at"])

    def finish(self, *, now: datetime, **changes: Any) -> bool:
        """It is done. False where it is no longer ours: dropped, or taken by another when our time was up."""
        return self._mark(state=self.State.DONE, ended_at=now, last_error="", **changes)

    def give_back(self, *, now: datetime, fault: str, **changes: Any) -> bool:
        """It could not be done: tried again after a pause, or failed for good after the last try."""
        if not self.may_be_tried():
            return self.fail(now=now, fault=fault, **changes)
        return self._mark(state=self.State.QUEUED, due_at=now + self._pause(), last_error=fault, **changes)

    def fail(self, *, now: datetime, fault: str, **changes: Any) -> bool:
        return self._mark(state=self.State.FAILED, ended_at=now, last_error=fault, **changes)

    def drop(self, *, now: datetime) -> bool:
        return self._mark(state=self.State.DROPPED, ended_at=now, last_error="")

    def ask_again(self, *, now: datetime) -> bool:
        """Try anew what had failed for good."""
        failed = type(self)._base_manager.filter(pk=self.pk, state=self.State.FAILED)
        return bool(failed.update(state=self.State.QUEUED, tries=0, due_at=now, ended_at=None, last_error=""))

    def _pause(self) -> timedelta:
        return self.BACK_OFF[self.tries - 1] if self.may_be_tried() else timedelta()

    def _mark(self, **changes: Any) -> bool:
        mine = type(self)._base_manager.filter(pk=self.pk, state=self.State.RUNNING, tries=self.tries)
        return bool(mine.update(**changes))
