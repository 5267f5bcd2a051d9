"""What does a visitor see when something is missing or refused, and what does a watchdog see?"""

import hmac
import shutil
import sys
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from config.metrics import exposition
from config.problems import RETRY_AFTER_SECONDS, is_busy, plain_problem
from foundation.addresses import every_route
from outbox.domain.due import all_work, late_work
from printing.printer import RETRY_SECONDS

SECURITY_TXT_YEAR = timedelta(days=365)
LOOPBACK = {"127.0.0.1", "::1"}
LEAST_FREE = 0.10  # share of a disk


def bad_request(request, exception=None):
    return refused(request, 400)


def forbidden(request, exception=None):
    return refused(request, 403)


def not_found(request, exception=None):
    return refused(request, 404)


def server_error(request):
    """Called while the fault is being handled. One that was raised in a middleware may be a busy database."""
    if is_busy(sys.exception()):
        return busy(request)
    return refused(request, 500)


def csrf_failure(request, reason=""):
    return render(request, "errors/403_csrf.html", status=403)


def busy(request):
    """The database is away or overloaded: kind words, and when to come again."""
    response = refused(request, 503)
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def printer_busy(request):
    """Many papers are being made: the page asks again by itself, and what was made by then is kept."""
    if request.path.startswith("/api/"):
        return busy(request)
    response = HttpResponse(render_to_string("errors/503_printing.html"), status=503)
    response["Retry-After"] = response["Refresh"] = str(RETRY_SECONDS)
    return response


@require_safe
@never_cache
def healthz(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request):
    """The database answers, migrations are applied, what is due runs, no disk is full. Writes nothing."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        late = late_work(now=timezone.now())
        state = {
            "database": "ok",
            "migrations": "missing" if missing else "ok",
            "work": _late_words(late),
            "disk": f"low: {', '.join(low)}" if (low := _low_disks()) else "ok",
        }
    except (OperationalError, InterfaceError):
        state = {"database": "away"}
    ready = state.get("database") == state.get("migrations") == "ok"
    return JsonResponse(state, status=200 if ready else 503)


@require_safe
def api_docs(request):
    """The API's reference; all of it is served from here."""
    return render(request, "api/docs.html")


def _late_words(late: list[str]) -> str:
    if len(late) == len(all_work()):
        return "late: all of it"
    return f"late: {', '.join(late)}" if late else "ok"


def _low_disks() -> list[str]:
    """Whose disk has little room left: each may be one of its own."""
    folders = {"files": settings.VAR_DIR, "ledger": settings.ERASURE_LEDGER.parent}
    if settings.ON_SQLITE:
        folders["database"] = Path(settings.DATABASES["default"]["NAME"]).parent
    return sorted(name for name, folder in folders.items() if _has_little_room(folder))


def _has_little_room(folder: Path) -> bool:
    """A folder that is not there yet will be made on the disk of the one above it."""
    there = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    usage = shutil.disk_usage(there)
    return usage.free < LEAST_FREE * usage.total


@require_safe
def robots(request):
    lines = ["User-agent: *", *(f"Disallow: {beginning}" for beginning in _private_beginnings())]
    return HttpResponse(
        "\n".join([*lines, f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]), content_type="text/plain"
    )


@cache
def _private_beginnings() -> list[str]:
    """The shortest beginnings below which no route is open, as in /my/ and /api/v1/."""
    routes = list(every_route())
    open_ones = [route.pattern for route in routes if route.is_open]
    found = set()
    for route in routes:
        words = route.pattern.split("/")[1:-1]
        beginnings = ["/" + "/".join(words[: depth + 1]) + "/" for depth in range(len(words))]
        private = (one for one in beginnings if not any(page.startswith(one) for page in open_ones))
        found.add(next(private, ""))
    return sorted(one for one in found if one and not set("<(") & set(one))


@require_safe
def security_txt(request):
    contact = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    expires = (datetime.now(UTC) + SECURITY_TXT_YEAR).strftime("%Y-%m-%dT00:00:00Z")
    lines = [f"Contact: mailto:{contact}", f"Expires: {expires}", "Preferred-Languages: en"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


@require_safe
@never_cache
def metrics(request):
    """Numbers for Prometheus, for whoever has METRICS_TOKEN; without one, for this machine itself."""
    if not _may_read_metrics(request):
        return refused(request, 404)
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


def _may_read_metrics(request) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    # A proxy on this machine speaks for strangers, and says so.
    return "X-Forwarded-For" not in request.headers and request.META.get("REMOTE_ADDR") in LOOPBACK


def refused(request, code: int):
    """A kind page, or a problem for the API. From 500 on without a look at session or messages."""
    if request.path.startswith("/api/"):
        return plain_problem(code)
    page = f"errors/{code}.html"
    if code >= 500:
        return HttpResponse(render_to_string(page), status=code)
    return render(request, page, status=code)
