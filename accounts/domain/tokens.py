"""Which API tokens does a person hold, and whose token is this?"""

import hashlib
import secrets
from datetime import datetime

from accounts.models import ApiToken, User

TOKEN_BYTES = 24  # 192 bits from the operating system's generator
PREFIX = "lcr_"


def issue_token(*, user: User, now: datetime, label: str = "") -> str:
    """Make a personal API token and return it; it cannot be shown again. Earlier tokens stay valid."""
    token = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    ApiToken.objects.create(user=user, digest=digest(token), label=label, created_at=now)
    return token


def token_of(*, token: str) -> ApiToken | None:
    """The standing token row with its user, or None. One query; the roles of the user are asked for apart."""
    found = ApiToken.objects.select_related("user").filter(digest=digest(token)).order_by()
    return next((row for row in found if row.revoked_at is None and row.user.is_active), None)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
