"""How often may one token, or one address, call?

Often enough for every honest door; above that, 429 with Retry-After.
"""

import threading
import time
from datetime import timedelta

from django.utils import timezone
from rest_framework.throttling import BaseThrottle

from accounts.client_address import client_network
from accounts.domain.rates import count_use

PER_SECOND = 200  # requests of one token in one worker; the contract promises no less than 100


class TokenThrottle(BaseThrottle):
    """Counts whole seconds in memory: no query, nothing shared between workers."""

    _guard = threading.Lock()
    _second = 0
    _counts: dict[str, int] = {}

    def allow_request(self, request, view) -> bool:
        token = getattr(request.auth, "pk", None)
        if token is None:
            return True
        key = f"{type(request.auth).__name__}:{token}"
        second = int(time.monotonic())
        with TokenThrottle._guard:
            if second != TokenThrottle._second:
                TokenThrottle._second, TokenThrottle._counts = second, {}
            count = TokenThrottle._counts[key] = TokenThrottle._counts.get(key, 0) + 1
        return count <= PER_SECOND

    def wait(self) -> float:
        return 1.0


class PairingThrottle(BaseThrottle):
    """Tries to pair from one address, which a whole venue may share. Counted over all workers."""

    PER_WINDOW = 120
    WINDOW = timedelta(minutes=10)

    def allow_request(self, request, view) -> bool:
        uses = count_use(what="pair", who=client_network(request), window=self.WINDOW, now=timezone.now())
        return uses <= self.PER_WINDOW

    def wait(self) -> float:
        return self.WINDOW.total_seconds() / 2
