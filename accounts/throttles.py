"""How often may one token call? Often enough for every honest door; above that, 429 with Retry-After."""

import threading
import time

from rest_framework.throttling import BaseThrottle

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
