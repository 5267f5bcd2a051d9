"""What happens to what is too large, too deep or too many?

(SE-19) A kind 4xx, nothing read, nothing written.
"""

import json

import pytest

from accounts.domain.tokens import issue_token
from door.models import CheckIn
from tests import factories
from tests.door.factories import make_phone
from tickets.models import Registration

pytestmark = pytest.mark.django_db


def test_a_large_form_is_refused_unread(client, event):
    answer = client.post("/e/showcase/register/", {"name": "x" * 600_000})

    assert answer.status_code == 413
    assert "too" in answer.content.decode().lower()


def test_a_large_api_body_is_refused_as_a_problem(client, event):
    answer = client.post("/api/v1/devices/pair/", data=b" " * 600_000, content_type="application/json")

    assert answer.status_code == 413
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_largest_honest_batch_passes(client, event):
    make_phone(event, token="door_big")
    scans = [
        {
            "scan_id": f"00000000-0000-4000-8000-{number:012d}",
            "code": "x" * 8_000,
            "direction": "entry",
            "scanned_at": "2026-12-01T10:00:00Z",
        }
        for number in range(500)
    ]
    answer = client.post(
        "/api/v1/check-ins/batch/",
        data=json.dumps({"device_now": "2026-12-01T10:00:00Z", "scans": scans}),
        content_type="application/json",
        headers={"Authorization": "Bearer door_big"},
    )

    assert answer.status_code == 200
    assert CheckIn.objects.count() == 500


def test_too_many_fields_are_refused(client, event):
    answer = client.post("/e/showcase/register/", {f"f{number}": "1" for number in range(3_000)})

    assert answer.status_code in {400, 413}
    assert not Registration.objects.exists()


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_json_is_refused(client, event, organiser, opening):
    depth = 20_000
    closing = {"[": "]", '{"a":': "}"}[opening]
    body = opening * depth + "1" + closing * depth

    answer = client.post(
        "/api/v1/events/showcase/registrations/",
        data=body,
        content_type="application/json",
        headers={
            "Authorization": f"Bearer {issue_token(user=organiser, now=factories.DAY)}",
            "Idempotency-Key": "deep",
        },
    )

    assert answer.status_code in {400, 422}
    assert not Registration.objects.exists()


def test_a_long_query_is_refused(client):
    assert client.get("/", {"q": "x" * 100_000}).status_code == 400


def test_a_length_that_is_no_number_is_refused(client):
    assert client.generic("POST", "/find/", b"", CONTENT_LENGTH="12a").status_code == 400


def test_a_long_language_header_is_harmless(client):
    assert client.get("/", headers={"Accept-Language": "a" * 60_000}).status_code == 200


def test_uploads_stay_in_memory(settings):
    assert settings.FILE_UPLOAD_HANDLERS == ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
    assert not settings.MEDIA_URL.strip("/")
    assert factories.DAY
