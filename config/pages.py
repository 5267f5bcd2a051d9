"""What does a visitor see when something is missing or refused, and what does a watchdog see?"""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.problems import plain_problem
from outbox.models import Message

OLDEST_QUEUED = timedelta(minutes=15)
SECURITY_TXT_YEAR = timedelta(days=365)


def bad_request(request, exception=None):
    return _refused(request, 400)


def forbidden(request, exception=None):
    return _refused(request, 403)


def not_found(request, exception=None):
    return _refused(request, 404)


def server_error(request):
    return _refused(request, 500)


def csrf_failure(request, reason=""):
    return render(request, "errors/403_csrf.html", status=403)


def busy(request):
    """The database is away or overloaded: kind words, and when to come again."""
    response = _refused(request, 503)
    response["Retry-After"] = "2"
    return response


@require_safe
@never_cache
def healthz(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request):
    """The database answers, all migrations are applied, and mail is leaving. Writes nothing."""
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
        waiting = Message.objects.filter(
            state=Message.State.QUEUED, send_at__lte=timezone.now() - OLDEST_QUEUED
        )
        state = {
            "database": "ok",
            "migrations": "missing" if missing else "ok",
            "mail": "late" if waiting.exists() else "ok",
        }
    except OperationalError:
        state = {"database": "away"}
    ready = state.get("database") == state.get("migrations") == "ok"
    return JsonResponse(state, status=200 if ready else 503)


@require_safe
def api_docs(request):
    """The API's reference; all of it is served from here."""
    return render(request, "api/docs.html")


@require_safe
def robots(request):
    lines = [
        "User-agent: *",
        *(
            f"Disallow: /{path}/"
            for path in ("my", "guardian", "waiting", "desk", "door", "account", "control", "api", "T", "t")
        ),
    ]
    return HttpResponse(
        "\n".join([*lines, f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]), content_type="text/plain"
    )


@require_safe
def security_txt(request):
    contact = settings.DEFAULT_FROM_EMAIL.rpartition("<")[2].rstrip(">")
    expires = (datetime.now(UTC) + SECURITY_TXT_YEAR).strftime("%Y-%m-%dT00:00:00Z")
    lines = [f"Contact: mailto:{contact}", f"Expires: {expires}", "Preferred-Languages: en"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


def _refused(request, code: int):
    if request.path.startswith("/api/"):
        return plain_problem(code)
    return render(request, f"errors/{code}.html", status=code)
