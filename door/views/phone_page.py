"""What does a door phone open? The page, its service worker and its manifest; nothing here is personal."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from people.boroughs import Borough
from people.domain.age_bands import AGE_BAND_LABELS
from tickets.domain.age_rules import BOOKS_BELOW, EMERGENCY_CONTACT_BELOW, GUARDIAN_BELOW

FILES = [
    "door/main.js",
    "door/camera.js",
    "door/codes.js",
    "door/decoder.js",
    "door/dialogs.js",
    "door/duty.js",
    "door/instruction.js",
    "door/keyboard.js",
    "door/marks.js",
    "door/pairing.js",
    "door/party.js",
    "door/practice.js",
    "door/rollcall.js",
    "door/roster.js",
    "door/scanner.js",
    "door/scanning.js",
    "door/screen.js",
    "door/seen-list.js",
    "door/signals.js",
    "door/sightings.js",
    "door/store.js",
    "door/sync.js",
    "door/turns.js",
    "door/verdict.js",
    "door/wedge.js",
    "door/viewfinder.js",
    "door/wakelock.js",
    "door/watch.js",
    "door/decode-worker.js",
    "door/door.css",
    "door/icon.svg",
    "vendor/idb/index.js",
    "vendor/zxing/index.js",
    "vendor/zxing/zxing_reader.wasm",
]


@require_safe
def door_page(request):
    context = {
        "version": _version(),
        "boroughs": Borough.choices,
        "bands": list(AGE_BAND_LABELS.items()),
        "guardian_below": GUARDIAN_BELOW,
        "books_below": BOOKS_BELOW,
        "called_below": EMERGENCY_CONTACT_BELOW,
    }
    response = render(request, "door/page.html", context)
    response["Cache-Control"] = "no-cache"
    response["Permissions-Policy"] = "camera=(self)"
    return response


@require_safe
def door_service_worker(request):
    response = render(
        request,
        "door/service-worker.js",
        {
            "version": _version(),
            "page": reverse("door"),
            "files": json.dumps([static(name) for name in FILES]),
        },
        content_type="text/javascript",
    )
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def door_manifest(request):
    return JsonResponse(
        {
            "name": "Door",
            "short_name": "Door",
            "id": reverse("door"),
            "start_url": reverse("door"),
            "scope": reverse("door"),
            "display": "standalone",
            "orientation": "any",
            "background_color": "#0b0b0f",
            "theme_color": "#0b0b0f",
            "icons": [
                {"src": static("door/icon.svg"), "type": "image/svg+xml", "sizes": "any", "purpose": "any"},
                *(
                    {
                        "src": static(f"pictures/door-{side}.png"),
                        "type": "image/png",
                        "sizes": f"{side}x{side}",
                        "purpose": "any maskable",
                    }
                    for side in (192, 512)
                ),
            ],
        },
        content_type="application/manifest+json",
    )


def _version() -> str:
    """Of the files' contents: in production they never change while we run."""
    return _version_once() if settings.PRODUCTION else _version_now()


@lru_cache(maxsize=1)
def _version_once() -> str:
    return _version_now()


def _version_now() -> str:
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(static(name).encode())
        path = None if settings.PRODUCTION else finders.find(name)
        if path:
            with open(path, "rb") as file:
                digest.update(file.read())
    for template in ("door/page.html", "door/dialogs.html", "door/duty.html", "door/service-worker.js"):
        digest.update(_template_source(template))
    return digest.hexdigest()[:12]


def _template_source(name: str) -> bytes:
    from django.template.loader import get_template

    origin = get_template(name).origin  # type: ignore[attr-defined]  # of our one template engine
    return Path(origin.name).read_bytes()
