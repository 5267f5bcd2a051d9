"""How does somebody sign in once, by a link that was handed to them?"""

import secrets
from datetime import datetime, timedelta

from accounts.domain.tokens import digest
from accounts.models import SignInLink, User

LIFE = timedelta(hours=12)


def make_link(*, user: User, now: datetime) -> str:
    """The secret part of a one-time link; it works once, for 12 hours."""
    secret = secrets.token_urlsafe(24)
    SignInLink.objects.create(user=user, digest=digest(secret), expires_at=now + LIFE)
    return secret


def use_link(*, secret: str, now: datetime) -> User | None:
    """The person whom the link signs in, once; None where it is unknown, used or over."""
    row = (
        SignInLink.objects.select_related("user").filter(digest=digest(secret), user__is_active=True).first()
    )
    if row is None:
        return None
    used = SignInLink.objects.filter(pk=row.pk, used_at__isnull=True, expires_at__gt=now).update(used_at=now)
    return row.user if used else None
