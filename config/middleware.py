"""What holds for every request?

Nothing too large in, nothing private cached or logged, kind words when the database is away.
"""

import logging
import time
from functools import cache

from auditlog.middleware import AuditlogMiddleware
from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent

from config import pages
from config.metrics import count_request
from config.problems import is_busy, plain_problem
from foundation.addresses import has_secret, is_open_to_all
from printing.printer import PrinterBusy, somebody_waits

# Bytes. A batch of 500 scans of up to 8,000 characters is the largest honest body; a desk page may
# bring a table of names. Everything else is a form.
LARGE = ("/api/v1/check-ins/", "/api/v1/devices/hand-in/", "/desk/", "/my/")
LARGE_BODY = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
FORM_BODY = 512 * 1024
LONGEST_QUERY = 8 * 1024
KNOWN_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
log = logging.getLogger(__name__)
requests = logging.getLogger("requests")


class HouseMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        started = time.perf_counter()
        with somebody_waits():
            response = self._refusal(request) or self.get_response(request)
        _mark(request, response)
        _note(request, response, seconds=time.perf_counter() - started)
        return response

    def _refusal(self, request):
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "%00" in query or len(query) > LONGEST_QUERY:
            return pages.bad_request(request)
        try:
            length = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            return pages.bad_request(request)
        if length > (LARGE_BODY if request.path.startswith(LARGE) else FORM_BODY):
            return _too_large(request)
        return None

    def process_exception(self, request, exception):
        if is_busy(exception):
            log.warning("database or disk away: %s", type(exception).__name__)
            return pages.busy(request)
        if isinstance(exception, PrinterBusy):
            return pages.printer_busy(request)
        if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
            return _too_large(request)
        return None


class OnePolicyMiddleware(CSPMiddleware):
    """The same content security policy on every answer, put together once: no page asks for more."""

    def process_response(self, request, response):
        if settings.DEBUG:  # a traceback page styles itself
            return super().process_response(request, response)
        if HEADER not in response:
            response[HEADER] = _policy()
        return response


@cache
def _policy() -> str:
    return build_policy()


class ChangeLogMiddleware(AuditlogMiddleware):
    """Names who is signed in beside each change; a request without a session has nobody to name."""

    def __call__(self, request):
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        return super().__call__(request)


def _mark(request, response) -> None:
    """Private is what no route called open; what led to no route may be a secret address mistyped."""
    match = getattr(request, "resolver_match", None)
    if match is None or not is_open_to_all(match.func):
        response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        response.headers.setdefault("Cache-Control", "no-store")
    if match is None or has_secret(match.route):
        # The path never leaves, the bare origin does: under no-referrer a browser posts with "Origin: null",
        # which CSRF refuses.
        response.headers["Referrer-Policy"] = "strict-origin"
    if response.status_code == 429:
        response.headers.setdefault("Retry-After", "60")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")


def _note(request, response, *, seconds: float) -> None:
    """One line and one count a request: the route's pattern, never the address that was asked for."""
    match = getattr(request, "resolver_match", None)
    route = f"/{match.route}" if match else "(none)"
    method = request.method if request.method in KNOWN_METHODS else "OTHER"
    count_request(method=method, route=route, status=response.status_code, seconds=seconds)
    ms = round(seconds * 1000, 1)
    extra = {"method": method, "route": route, "status": response.status_code, "ms": ms}
    requests.info("%s %s %s %s ms", method, route, response.status_code, ms, extra=extra)


def _too_large(request):
    if request.path.startswith("/api/"):
        return plain_problem(413)
    return pages.refused(request, 413)
