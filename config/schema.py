"""What does the OpenAPI document say of errors? The same shape for every call, application/problem+json."""

from typing import Any

from config.problems import MEDIA_TYPE, TITLES

PROBLEM = {
    "type": "object",
    "description": "RFC 9457. Other members may help the caller, such as errors by field, or places_left.",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string", "description": "names the refusal to programs, such as event-full"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "description": "words by field", "additionalProperties": True},
    },
    "additionalProperties": True,
}
WORDS = {409: "The state of things does not allow it", 410: "Used, or over"}
# Calls that refuse what is well formed, by operationId.
CONFLICTS = {
    "events_registrations_create",
    "bookings_create",
    "bookings_confirm_create",
    "bookings_release_create",
    "check_ins_undo_create",
}
GONE = {"devices_pair_create"}


def describe_problems(result: dict, generator: Any, request: Any, public: bool) -> dict:
    """A postprocessing hook of drf-spectacular."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    for path, methods in result["paths"].items():
        for operation in methods.values():
            for code in _codes(path, operation):
                operation["responses"].setdefault(str(code), _answer(WORDS.get(code) or TITLES[code][1]))
            operation["responses"].setdefault("default", _answer("Any other refusal"))
    return result


def _codes(path: str, operation: dict) -> list[int]:
    has_query = any(one["in"] == "query" for one in operation.get("parameters", []))
    has_body = "requestBody" in operation
    is_guarded = {} not in operation.get("security", [])
    asked = {
        400: has_body,
        401: is_guarded,
        403: is_guarded,
        404: "{" in path or (has_query and not is_guarded),
        409: operation["operationId"] in CONFLICTS,
        410: operation["operationId"] in GONE,
        413: has_body,
        415: has_body,
        422: has_body or (has_query and is_guarded),
        429: is_guarded,
        503: True,
    }
    return [code for code, holds in asked.items() if holds]


def _answer(words: str) -> dict:
    return {
        "description": words,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
