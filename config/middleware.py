"""What holds for every request? No hidden characters in, nothing private cached, kind words when the database is away."""

import logging

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError

from config import pages
from config.problems import plain_problem

PRIVATE = ("/my/", "/guardian/", "/waiting/", "/desk/", "/door/", "/account/", "/control/", "/api/v1/")
# The path never leaves, the bare origin does: under no-referrer a browser posts with "Origin: null", which CSRF refuses.
SECRET_IN_ADDRESS = ("/my/", "/guardian/", "/waiting/", "/account/link/")
log = logging.getLogger(__name__)


class HouseMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return pages.bad_request(request)
        response = self.get_response(request)
        if request.path.startswith(PRIVATE):
            response.headers.setdefault("X-Robots-Tag", "noindex, nofollow")
            response.headers.setdefault("Cache-Control", "no-store")
        if request.path.startswith(SECRET_IN_ADDRESS):
            response.headers["Referrer-Policy"] = "strict-origin"
        elif request.path.startswith(("/T/", "/t/")):
            response.headers["Referrer-Policy"] = "no-referrer"
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        return response

    def process_exception(self, request, exception):
        if isinstance(exception, OperationalError | InterfaceError):
            log.warning("database busy or away: %s", type(exception).__name__)
            return pages.busy(request)
        if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
            return _too_large(request)
        return None


def _too_large(request):
    if request.path.startswith("/api/"):
        return plain_problem(413)
    return pages._refused(request, 413)
