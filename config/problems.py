"""How does the API say no? As application/problem+json (RFC 9457), for every error."""

import errno
import logging

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404, JsonResponse
from rest_framework import exceptions, status
from rest_framework.response import Response

from foundation.refusals import Kind, Refusal

MEDIA_TYPE = "application/problem+json"
STATUS_OF_KIND = {
    Kind.CONFLICT: status.HTTP_409_CONFLICT,
    Kind.INVALID: status.HTTP_422_UNPROCESSABLE_ENTITY,
    Kind.FORBIDDEN: status.HTTP_403_FORBIDDEN,
    Kind.GONE: status.HTTP_410_GONE,
}
TITLES = {
    400: ("malformed-request", "The request could not be read"),
    401: ("not-signed-in", "A valid token is needed"),
    403: ("not-allowed", "This token may not do that"),
    404: ("not-found", "There is nothing here"),
    405: ("method-not-allowed", "That cannot be done at this address"),
    406: ("not-acceptable", "Only JSON is answered"),
    413: ("too-large", "The request is too large"),
    415: ("unsupported-media-type", "Only JSON is understood"),
    422: ("invalid", "Something needs changing"),
    429: ("too-many-requests", "Too many requests"),
    500: ("server-error", "Something went wrong on our side"),
    503: ("busy", "Please try again in a moment"),
}
RETRY_AFTER_SECONDS = 2
NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}

log = logging.getLogger(__name__)


def problem(
    code: int, *, slug: str = "", title: str = "", detail: str = "", headers=None, **members
) -> Response:
    default_slug, default_title = TITLES.get(code, TITLES[400])
    body = {"type": slug or default_slug, "title": title or default_title, "status": code}
    if detail:
        body["detail"] = detail
    return Response({**body, **members}, status=code, headers=headers, content_type=MEDIA_TYPE)


def problem_handler(exc: Exception, context: dict) -> Response | None:
    """DRF's EXCEPTION_HANDLER. None lets Django log and answer an unforeseen fault as a 500."""
    if isinstance(exc, Refusal):
        members = dict(exc.details)
        if exc.fields:
            members["errors"] = exc.fields
        return problem(
            STATUS_OF_KIND[exc.kind], slug=exc.slug, title=exc.title, detail=exc.message, **members
        )
    if isinstance(exc, Http404):
        return problem(404)
    if isinstance(exc, PermissionDenied):
        return problem(403)
    if isinstance(exc, RecursionError):
        return problem(400, detail="The JSON is nested too deeply.")
    if is_busy(exc):
        log.warning("database or disk away: %s", type(exc).__name__)
        return problem(503, headers={"Retry-After": str(RETRY_AFTER_SECONDS)})
    if isinstance(exc, exceptions.ValidationError):
        return problem(422, errors=_by_field(exc.detail))
    if isinstance(exc, exceptions.APIException):
        headers = {}
        if auth_header := getattr(exc, "auth_header", None):
            headers["WWW-Authenticate"] = auth_header
        if wait := getattr(exc, "wait", None):
            headers["Retry-After"] = str(max(1, round(wait)))
        return problem(exc.status_code, detail=str(exc.detail), headers=headers)
    return None


def plain_problem(code: int) -> JsonResponse:
    """The same shape where no API view was reached: an unknown address, or an unforeseen fault."""
    slug, title = TITLES[code]
    return JsonResponse({"type": slug, "title": title, "status": code}, status=code, content_type=MEDIA_TYPE)


def is_busy(fault: BaseException | None) -> bool:
    """True where the database is away or overloaded, or the disk is full:
    come again, nothing is wrong with you."""
    if isinstance(fault, OperationalError | InterfaceError):
        return True
    return isinstance(fault, OSError) and fault.errno in NO_SPACE


def _by_field(detail) -> dict | list:
    return detail if isinstance(detail, dict) else {"body": detail}
