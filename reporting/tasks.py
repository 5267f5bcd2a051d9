"""What does the worker do for reports? Makes those that were asked for."""

from datetime import datetime
from functools import partial

from outbox.domain.work import work_off
from reporting.domain import report_jobs
from reporting.domain.report_access import live_values
from reporting.faces import face_of
from reporting.models import ReportJob


def make_reports(*, now: datetime) -> int:
    """Make every report that waits; return how many were finished."""
    report_jobs.throw_away_old(now=now)
    return work_off(ReportJob.objects.defer("content"), partial(_make, now=now), now=now)


def _make(job: ReportJob, *, now: datetime) -> bool:
    if not report_jobs.step(job=job, progress=10, words="Counting"):
        return False
    values = live_values(
        target=job.target, now=now, by=job.asked_by, face=job.face, as_at=job.as_at, public=job.is_public
    )
    if not report_jobs.step(job=job, progress=50, words="Setting the pages"):
        return False
    face = face_of(job.face, values)
    if not report_jobs.step(job=job, progress=90, words="Keeping the file"):
        return False
    return job.finish(now=now, content=face.content, progress=100, step="Ready")
