"""Does the OpenAPI document say what contract.md promises, call by call?"""

import json

import pytest
from django.core.management import call_command
from django.urls import reverse

EVENT = {
    "slug",
    "title",
    "series",
    "starts_at",
    "ends_at",
    "status",
    "capacity",
    "places_left",
    "waiting_list_open",
    "registration",
    "venue",
    "sessions",
}
DECISION = {"scan_id", "verdict", "standing", "message", "ticket", "first_admitted_at", "gate", "occupancy"}
REACH = {
    "target",
    "rung",
    "definition",
    "as_at",
    "goal",
    "value",
    "low",
    "high",
    "by_borough",
    "by_age_band",
    "by_edition",
    "evidence",
    "left_out",
    "rule_version",
    "digest",
    "editions",
}

# (method, path, fields sent, status, fields answered)
CONTRACT = [
    ("get", "events/", set(), 200, {"results"}),
    ("get", "events/{slug}/", set(), 200, EVENT),
    (
        "post",
        "events/{slug}/registrations/",
        {"lead", "attendees", "sessions", "consents"},
        201,
        {"reference", "state", "manage_url", "tickets"},
    ),
    ("post", "registrations/{reference}/cancel/", set(), 200, set()),
    ("post", "devices/pair/", {"pairing_code", "name"}, 201, {"token", "event", "gate", "expires_at"}),
    ("get", "roster/", set(), 200, set()),
    (
        "post",
        "check-ins/",
        {"scan_id", "code", "direction", "scanned_at", "device_now", "decided", "override"},
        201,
        DECISION,
    ),
    ("post", "check-ins/batch/", {"device_now", "scans"}, 200, {"results"}),
    ("post", "check-ins/{scan_id}/undo/", {"reason"}, 201, {"scan_id"}),
    ("get", "occupancy/", set(), 200, {"inside", "admitted", "safe_capacity", "as_at", "by_gate"}),
    (
        "get",
        "spaces/",
        {"starts_at", "ends_at", "people", "layout", "step_free"},
        200,
        {"results"},
    ),
    (
        "post",
        "bookings/",
        {
            "space",
            "event",
            "title",
            "starts_at",
            "ends_at",
            "setup_minutes",
            "clearup_minutes",
            "people",
            "layout",
            "hold_until",
            "as_option",
        },
        201,
        {"id", "state", "rank"},
    ),
    ("post", "bookings/{id}/confirm/", set(), 200, {"id", "state", "rank"}),
    ("post", "bookings/{id}/release/", set(), 200, {"id", "state", "rank"}),
    ("get", "reach/{slug}/", {"as_at", "public"}, 200, REACH),
]
SPACE = {
    "slug",
    "name",
    "venue",
    "borough",
    "layouts",
    "safe_capacity",
    "step_free",
    "free",
    "reasons",
}


@pytest.fixture(scope="module")
def document(tmp_path_factory) -> dict:
    """As the command writes it, which fails on any warning."""
    path = tmp_path_factory.mktemp("schema") / "schema.json"
    call_command(
        "spectacular", "--validate", "--fail-on-warn", "--format", "openapi-json", "--file", str(path)
    )
    return json.loads(path.read_text(encoding="utf-8"))


def resolved(document: dict, schema: dict) -> dict:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def fields_of(document: dict, schema: dict) -> set[str]:
    return set(resolved(document, schema).get("properties", {}))


def sent_fields(document: dict, operation: dict) -> set[str]:
    query = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
    body = operation.get("requestBody")
    return query | (fields_of(document, body["content"]["application/json"]["schema"]) if body else set())


@pytest.mark.parametrize(("method", "path", "sent", "status", "answered"), CONTRACT)
def test_each_call_of_the_contract_is_described(document, method, path, sent, status, answered):
    operation = document["paths"][f"/api/v1/{path}"][method]

    answer = operation["responses"][str(status)]["content"]["application/json"]["schema"]
    assert sent <= sent_fields(document, operation)
    assert answered <= fields_of(document, answer)


def test_a_space_is_described_as_in_the_contract(document):
    page = resolved(document, {"$ref": "#/components/schemas/SpacesAnswer"})

    assert fields_of(document, page["properties"]["results"]["items"]) >= SPACE


def test_the_idempotency_key_is_asked_for(document):
    operation = document["paths"]["/api/v1/events/{slug}/registrations/"]["post"]

    keys = [one for one in operation["parameters"] if one["in"] == "header"]
    assert [(one["name"], one["required"]) for one in keys] == [("Idempotency-Key", True)]
    assert {"200", "201", "400", "401", "403", "409", "422"} <= set(operation["responses"])


def test_every_refusal_is_problem_json(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            for code, answer in operation["responses"].items():
                if code == "default" or int(code) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], (method, path, code)


def test_tokens_are_asked_for_where_they_are_needed(document):
    public = {
        (method, path)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if {} in operation.get("security", [])
    }

    assert public == {
        ("get", "/api/v1/events/"),
        ("get", "/api/v1/events/{slug}/"),
        ("post", "/api/v1/devices/pair/"),
    }


def test_document_and_reference_are_public(client, db):
    document = client.get(reverse("api-schema"), {"format": "json"})
    reference = client.get(reverse("api-docs"))

    assert document.status_code == 200
    assert document.json()["openapi"].startswith("3.1")
    assert reference.status_code == 200
    assert "<style" not in reference.content.decode()
