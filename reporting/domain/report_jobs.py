"""What long report is being made in the background, how far is it, and who wants it no longer?"""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from foundation.refusals import Refusal
from reporting.models import ReportJob, Target

KEPT = timedelta(days=1)
MOST_OPEN_EACH = 3  # of one person, waiting or being made
MOST_OPEN = 30  # of all


class TooManyReports(Refusal):
    slug = "too-many-reports"
    title = "Many reports are being made just now"


def ask_for_report(
    *, target: Target, face: str, as_at: datetime, public: bool, by: User, now: datetime
) -> ReportJob:
    """Ask for a report; the same question that is still open is the same job.

    :raises TooManyReports: this person, or everybody together, waits for enough of them already
    """
    with transaction.atomic():
        User.objects.select_for_update().only("pk").get(pk=by.pk)
        still_open = ReportJob.objects.filter(state__in=ReportJob.OPEN)
        own = still_open.filter(asked_by=by)
        same = own.filter(target=target, face=face, is_public=public, as_at=as_at).first()
        if same is not None:
            return same
        if own.count() >= MOST_OPEN_EACH:
            raise TooManyReports(
                f"{MOST_OPEN_EACH} of your reports are being made. Wait for one of them, or cancel one."
            )
        if still_open.count() >= MOST_OPEN:
            raise TooManyReports("Many reports are being made just now. Please try again in some minutes.")
        return ReportJob.objects.create(
            target=target,
            face=face,
            is_public=public,
            as_at=as_at,
            asked_by=by,
            asked_at=now,
            due_at=now,
            step="Waiting",
        )


def cancel(*, job: ReportJob, now: datetime) -> bool:
    """Stop a job that is not ready yet; what was made of it is thrown away. False where it was over."""
    return bool(
        ReportJob.objects.filter(pk=job.pk, state__in=ReportJob.OPEN).update(
            state=ReportJob.State.DROPPED, content=b"", ended_at=now, step="Cancelled"
        )
    )


def step(*, job: ReportJob, progress: int, words: str) -> bool:
    """Note how far it is; False where somebody cancelled it meanwhile."""
    return bool(
        ReportJob.objects.filter(pk=job.pk, state=ReportJob.State.RUNNING).update(
            progress=progress, step=words
        )
    )


def throw_away_old(*, now: datetime) -> int:
    return ReportJob.objects.filter(ended_at__lte=now - KEPT).delete()[0]
