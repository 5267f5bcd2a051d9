"""What does the API answer the duty team's phones, and those that are not?"""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from door.domain.devices import revoke
from door.models import Admission, CheckIn
from tests.door.factories import call, make_phone, make_ticket, scan_body

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def phone(open_day):
    return make_phone(open_day, token="door_phone")


@pytest.fixture
def ada(open_day):
    return make_ticket(open_day, "Ada Lovelace")


DUTY = {
    "devices/unlock/": {"pin": "274951"},
    "search/": {"name": "ada"},
    "walk-ins/": {
        "scan_id": "2f1b8a9c-0000-4000-8000-000000000001",
        "scanned_at": "2026-12-01T10:00:00Z",
        "name": "Wanda",
        "age": 19,
        "borough": "liverpool",
    },
    "parties/": {"code": "A" * 26},
    "parties/arrive/": {
        "scan_id": "2f1b8a9c-0000-4000-8000-000000000002",
        "scanned_at": "2026-12-01T10:00:00Z",
        "code": "A" * 26,
        "serials": [1],
    },
    "contacts/": {"code": "A" * 26, "reason": "Feels ill"},
    "roll-call/marks/": {"serials": [1], "opened_at": "2026-12-01T10:00:00Z", "is_drill": True},
}


@pytest.mark.parametrize("path", [*DUTY, "roll-call/"])
def test_duty_calls_refuse_strangers_and_revoked_phones(client, phone, now, path):
    method = "post" if path in DUTY else "get"

    assert call(client, method, path, DUTY.get(path), token="").status_code == 401
    assert call(client, method, path, DUTY.get(path), token="door_nobody").status_code == 401
    revoke(device=phone, now=now)
    assert call(client, method, path, DUTY.get(path)).status_code == 401


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("devices/unlock/", 403),
        ("search/", 403),
        ("walk-ins/", 403),
        ("contacts/", 403),
        ("parties/", 409),
        ("parties/arrive/", 409),
    ],
)
def test_duty_calls_refuse_a_stewards_phone_in_words(client, phone, path, status):
    answer = call(client, "post", path, DUTY[path])

    assert answer.status_code == status
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["detail"]


@pytest.mark.parametrize("path", DUTY)
@pytest.mark.parametrize("body", [{}, [], "text", {"nonsense": 1}, {"code": 1, "reason": {}}])
def test_duty_calls_answer_nonsense_with_422(client, phone, path, body):
    assert call(client, "post", path, body).status_code in {400, 422}
    assert call(client, "get", path).status_code == 405


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("walk-ins/", {"age": 10**30}),
        ("walk-ins/", {"name": "A\0da"}),
        ("walk-ins/", {"scanned_at": "9999-12-31T23:59:59-14:00"}),
        ("parties/arrive/", {"serials": [2**63]}),
        ("parties/arrive/", {"heads": {"11-13": 10**20}}),
        ("roll-call/marks/", {"serials": [-1]}),
        ("roll-call/marks/", {"opened_at": "0001-01-01T00:00:00+14:00"}),
        ("search/", {"name": "\ud800\ud800\ud800"}),
        ("contacts/", {"reason": "x" * 300}),
    ],
)
def test_duty_calls_refuse_absurd_values(client, open_day, phone, now, path, change):
    phone.supervisor_until = phone.welfare_until = now + timedelta(hours=1)
    phone.save()

    answer = client.post(
        f"/api/v1/{path}",
        data=json.dumps(DUTY[path] | change),
        content_type="application/json",
        headers={"Authorization": "Bearer door_phone"},
    )

    assert answer.status_code in {200, 400, 409, 422}
    assert not CheckIn.objects.exists()


def test_supervisor_searches_scans_and_walks_somebody_in(client, open_day, phone, ada, now):
    type(open_day).objects.update(places_taken=1, serials_issued=1)
    phone.supervisor_until = now + timedelta(hours=1)
    phone.save()

    found = call(client, "post", "search/", {"name": "love"}).json()
    scanned = call(client, "post", "check-ins/", scan_body(found["tickets"][0]["code"], now)).json()
    walked = call(client, "post", "walk-ins/", DUTY["walk-ins/"] | {"scanned_at": now.isoformat()})

    assert [hit["name"] for hit in found["tickets"]] == ["Ada L"]
    assert (scanned["verdict"], scanned["ticket"]["first_name"]) == ("admitted", "Ada")
    assert (walked.status_code, walked.json()["verdict"]) == (201, "admitted")
    assert call(client, "post", "walk-ins/", DUTY["walk-ins/"]).status_code == 200
    assert Admission.objects.count() == 2


def test_roll_call_travels_once_and_its_start_is_told_at_the_next_contact(client, phone, ada, now):
    whole = call(client, "get", "roll-call/")
    again = client.get(
        "/api/v1/roll-call/",
        headers={"Authorization": "Bearer door_phone", "If-None-Match": whole["ETag"]},
    )
    body = {"serials": [ada.serial], "opened_at": now.isoformat(), "is_drill": True}
    marks = call(client, "post", "roll-call/marks/", body).json()
    contact = call(client, "post", "devices/contact/", {"device_now": now.isoformat(), "unsent": 0}).json()

    assert "Lovelace" not in whole.content.decode()
    assert again.status_code == 304
    assert (marks["serials"], marks["is_drill"], marks["ended_at"]) == ([ada.serial], True, None)
    assert contact["roll_call"]["is_drill"] is True
