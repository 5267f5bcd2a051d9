"""Which API tokens does a person hold, and whose token is this?"""

import hashlib
import secrets
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import connection

from accounts.models import ApiToken, User
from accounts.roles import know_roles

TOKEN_BYTES = 24  # 192 bits from the operating system's generator
PREFIX = "lcr_"
_STANDING = f"""
SELECT t.id, t.label, t.created_at, u.id, u.email, u.name, u.is_staff, u.is_superuser, g.name
  FROM {ApiToken._meta.db_table} t JOIN {User._meta.db_table} u ON u.id = t.user_id
  LEFT JOIN {User.groups.through._meta.db_table} m ON m.user_id = u.id
  LEFT JOIN {Group._meta.db_table} g ON g.id = m.group_id
 WHERE t.digest = %s AND t.revoked_at IS NULL AND u.is_active
"""  # noqa: S608  the names of our own tables


def issue_token(*, user: User, now: datetime, label: str = "") -> str:
    """Make a personal API token and return it; it cannot be shown again. Earlier tokens stay valid."""
    token = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    ApiToken.objects.create(user=user, digest=digest(token), label=label, created_at=now)
    return token


def token_of(*, token: str) -> ApiToken | None:
    """The standing token row with its user and the user's roles, or None. One query.

    In SQL because every call of the API asks it: building the same query anew costs more than answering it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [digest(token)])
        rows = cursor.fetchall()
    if not rows:
        return None
    pk, label, created_at, user_id, email, name, is_staff, is_superuser, _role = rows[0]
    user = User(
        id=user_id, email=email, name=name, is_active=True, is_staff=is_staff, is_superuser=is_superuser
    )
    user._state.adding = False
    know_roles(user, {row[-1] for row in rows if row[-1]})
    row = ApiToken(id=pk, user=user, digest=digest(token), label=label, created_at=created_at)
    row._state.adding = False
    return row


def digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
