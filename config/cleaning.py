"""What of signing in is over, and may go?"""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from accounts.domain.rates import forget_counts


def clear_sessions(*, now: datetime) -> int:
    """Sessions whose time is up, and what was noted about their browsers; return how many rows left."""
    sessions = Session.objects.filter(expire_date__lte=now).delete()[0]
    alive = Session.objects.values("session_key")
    return sessions + UserSession.objects.exclude(session_key__in=alive).delete()[0]


def clear_counts(*, now: datetime) -> int:
    return forget_counts(now=now)
