"""What does the worker do for reports? Makes those that were asked for, and publishes those that are due."""

import logging
from datetime import datetime

from django.core.cache import cache

from reporting.domain import report_jobs
from reporting.domain.near_matches import find_near_matches
from reporting.domain.report_access import live_values
from reporting.faces import face_of

LOOK_EVERY = 3600  # seconds: all names are compared, which need not happen at every tick

log = logging.getLogger(__name__)


def make_reports(*, now: datetime) -> int:
    """Make every report that waits; return how many were finished.

    One that fails is tried again, three times.
    """
    report_jobs.throw_away_old(now=now)
    done = 0
    while job := report_jobs.take_next(now=now):
        try:
            done += _make(job, now)
        except Exception:
            log.exception("report job %s failed", job.pk)
            report_jobs.give_back(job=job, words="It failed; we try again")
            break
    return done


def _make(job, now: datetime) -> bool:
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
    return report_jobs.finish(job=job, content=face.content, now=now)


def look_for_near_matches(*, now: datetime) -> int:
    """Once an hour in a worker that goes on; return how many new pairs there are."""
    if not cache.add("near-matches-looked-for", True, LOOK_EVERY):
        return 0
    return find_near_matches(now=now)
