"""What does the API answer door phones, strangers and nonsense?"""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from accounts.domain.tokens import issue_token
from door.domain.devices import make_pairing_code, revoke
from door.models import Admission, CheckIn, Device, PairingCode
from tests import factories
from tests.door.factories import call, make_gate, make_phone, make_ticket, scan_body

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


# Pairing


def test_phone_is_paired_once_by_a_code(client, open_day, now):
    code = make_pairing_code(gate=make_gate(open_day), now=now, by=None)
    body = {"pairing_code": code, "name": "Sam"}

    first = call(client, "post", "devices/pair/", body, token=None)
    second = call(client, "post", "devices/pair/", body, token=None)

    assert first.status_code == 201
    answer = first.json()
    device = Device.objects.get()
    assert (answer["event"], answer["gate"], device.name) == ("open-day", "main", "Sam")
    assert answer["expires_at"] == device.expires_at.isoformat().replace("+00:00", "Z")
    assert device.expires_at == open_day.ends_at + timedelta(hours=12)
    assert call(client, "get", "occupancy/", token=answer["token"]).status_code == 200
    assert (second.status_code, second.headers["Content-Type"]) == (410, "application/problem+json")


def test_earlier_codes_stay_good_and_all_expire(client, open_day, now):
    gate = make_gate(open_day)
    first, second = (make_pairing_code(gate=gate, now=now, by=None) for _ in range(2))
    old = make_pairing_code(gate=gate, now=now - timedelta(minutes=10), by=None)

    codes = [
        call(client, "post", "devices/pair/", {"pairing_code": code, "name": "Sam"}, token=None).status_code
        for code in (first.lower(), second.replace("-", " "), old, "nonsense")
    ]

    assert codes == [201, 201, 410, 410]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"pairing_code": "x"},
        {"pairing_code": "x", "name": ""},
        {"pairing_code": "x", "name": "a\x00b"},
        {"pairing_code": "x", "name": "\ud800"},
        {"pairing_code": 7, "name": "Sam", "role": "supervisor"},
        {"pairing_code": "x", "name": "a" * 61},
        [],
        "text",
    ],
)
def test_pairing_refuses_nonsense(client, db, body):
    assert call(client, "post", "devices/pair/", json.dumps(body), token=None).status_code == 422


def test_command_prints_a_code_as_its_last_word(client, open_day, capsys):
    make_gate(open_day)

    call_command("pairing_code", "open-day", "main")

    code = capsys.readouterr().out.split()[-1]
    body = {"pairing_code": code, "name": "Sam"}
    assert call(client, "post", "devices/pair/", body, token=None).status_code == 201
    with pytest.raises(CommandError, match="no gate side"):
        call_command("pairing_code", "open-day", "side")


def test_no_code_for_an_event_that_is_over(db):
    over = factories.make_event(starts_at=timezone.now() - timedelta(days=3))
    make_gate(over)

    with pytest.raises(CommandError, match="over"):
        call_command("pairing_code", "showcase", "main")

    assert not PairingCode.objects.exists()


# Scans


def test_scan_is_answered_as_the_contract_says(client, phone, ada, now, django_assert_num_queries):
    body = scan_body(ada, now, device_now=now.isoformat())

    with django_assert_num_queries(6 + (connection.vendor == "postgresql")):
        first = call(client, "post", "check-ins/", body)
    replay = call(client, "post", "check-ins/", body)

    assert (first.status_code, replay.status_code) == (201, 200)
    answer = first.json()
    admitted_at = answer.pop("first_admitted_at")
    assert abs(timezone.datetime.fromisoformat(admitted_at) - now) < timedelta(seconds=5)
    assert answer == {
        "scan_id": body["scan_id"],
        "verdict": "admitted",
        "standing": "admitted",
        "message": "Welcome.",
        "ticket": {
            "serial": 1,
            "first_name": "Ada",
            "initial": "L",
            "age_band": "16-17",
            "flags": ["no_photos"],
        },
        "gate": "main",
        "occupancy": {"inside": 1, "safe_capacity": 600},
    }
    assert replay.json() == {**answer, "first_admitted_at": admitted_at}


@pytest.mark.parametrize(
    "fields",
    [
        {"scan_id": "no uuid"},
        {"scan_id": 7},
        {"code": None},
        {"code": 7},
        {"code": "A" * 8_001},
        {"direction": "sideways"},
        {"direction": ["entry"]},
        {"scanned_at": "yesterday"},
        {"scanned_at": "2026-12-01T10:00:00"},
        {"scanned_at": "9999-12-31T23:59:59+00:00"},
        {"scanned_at": "0001-01-01T00:00:00+00:00"},
        {"device_now": 12},
        {"decided": "fine"},
        {"decided": {}},
        {"decided": "left"},
        {"direction": "exit", "decided": "admitted"},
        {"override": "please"},
        {"override": {"reason": ""}},
        {"override": {"reason": "a\x00b"}},
        {"override": {"reason": "x" * 201}},
        {"practice": "yes"},
        {"collection": "x"},
        {"event": "other"},
    ],
)
def test_bad_fields_are_refused_and_nothing_is_stored(client, phone, ada, now, fields):
    answer = call(client, "post", "check-ins/", json.dumps(scan_body(ada, now) | fields))

    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["errors"]
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize("body", ["{", "[]", "null", '"text"', "\x00"])
def test_bad_bodies_are_refused(client, phone, body):
    assert call(client, "post", "check-ins/", body).status_code in {400, 422}


@pytest.mark.parametrize("code", ["", "\x00\x07", "\ud83d", "<b>", "A" * 8_000, "WIFI:S:a;;"])
def test_what_is_no_ticket_is_a_stored_unknown(client, phone, now, code):
    answer = call(client, "post", "check-ins/", json.dumps(scan_body(code, now)))

    assert (answer.status_code, answer.json()["verdict"]) == (201, "unknown")
    assert CheckIn.objects.count() == 1


def test_strangers_people_and_revoked_phones_may_not_scan(client, phone, ada, now, organiser):
    person = issue_token(user=organiser, now=now)
    revoke(device=phone, now=now)

    statuses = [
        call(client, "post", "check-ins/", scan_body(ada, now), token=token).status_code
        for token in (None, "door_nonsense", person, "door_phone")
    ]

    assert statuses == [401, 401, 401, 401]
    assert not CheckIn.objects.exists()


@pytest.mark.parametrize("path", ["check-ins/", "check-ins/batch/", "devices/pair/"])
def test_posts_are_not_gets(client, phone, path):
    assert call(client, "get", path).status_code == 405


# Batches


def test_batch_answers_each_scan_and_stops_at_none(client, phone, ada, now):
    early, late = now - timedelta(minutes=20), now - timedelta(minutes=10)
    scans = [scan_body(ada, late), {"scan_id": "x"}, 7, scan_body(ada, early), scan_body("nothing", now)]

    answer = call(
        client, "post", "check-ins/batch/", {"device_now": now.isoformat(), "scans": scans, "unsent": 3}
    )

    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [result["verdict"] for result in results] == [
        "already_admitted",
        "malformed",
        "malformed",
        "admitted",
        "unknown",
    ]
    assert results[1].keys() == {"scan_id", "verdict", "message"}
    assert CheckIn.objects.count() == 3
    phone.refresh_from_db()
    assert phone.unsent_scans == 3
    assert abs(phone.clock_offset_ms) < 5_000


def test_clock_that_fell_back_to_1970_is_answered_with_words_about_the_clock(client, phone, ada, now):
    fallen = {"device_now": "1970-01-01T00:03:00+00:00"}
    words = "The clock of this phone shows the year 1970. Set its date and time, and try again."

    one = call(client, "post", "check-ins/", scan_body(ada, now, **fallen))
    many = call(client, "post", "check-ins/batch/", fallen | {"scans": [scan_body(ada, now)]})

    assert (one.status_code, many.status_code) == (422, 422)
    assert [answer.json()["errors"]["device_now"] for answer in (one, many)] == [[words], [words]]
    assert not CheckIn.objects.exists()


def test_batch_twice_is_the_same(client, phone, open_day, now):
    tickets = [make_ticket(open_day, f"Person {n}") for n in range(5)]
    body = {
        "device_now": now.isoformat(),
        "scans": [scan_body(ticket, now - timedelta(minutes=5), decided="admitted") for ticket in tickets],
    }

    answers = [call(client, "post", "check-ins/batch/", body).json() for _ in range(2)]

    assert answers[0] == answers[1]
    assert Admission.objects.count() == CheckIn.objects.count() == 5


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"device_now": "2026-12-01T10:00:00Z"},
        {"device_now": "2026-12-01T10:00:00Z", "scans": {}},
        {"device_now": "2026-12-01T10:00:00Z", "scans": [{}] * 501},
        {"device_now": "2026-12-01T10:00:00Z", "scans": [], "more": 1},
        [],
    ],
)
def test_bad_batches_are_refused(client, phone, body):
    assert call(client, "post", "check-ins/batch/", json.dumps(body)).status_code == 422


def test_scan_id_of_another_event_is_malformed_in_a_batch(client, phone, ada, now):
    elsewhere = factories.make_event("elsewhere", starts_at=now)
    make_phone(elsewhere, token="door_other")
    body = scan_body(ada, now)
    call(client, "post", "check-ins/", body)

    batch = {"device_now": now.isoformat(), "scans": [body]}
    [result] = call(client, "post", "check-ins/batch/", batch, token="door_other").json()["results"]
    single = call(client, "post", "check-ins/", body, token="door_other")

    assert (result["verdict"], single.status_code) == ("malformed", 422)


def test_revoked_phone_hands_in_what_it_had_not_sent(client, phone, ada, now):
    revoke(device=phone, now=now)
    body = {"device_now": now.isoformat(), "scans": [scan_body(ada, now, decided="admitted")]}

    statuses = [
        call(client, "post", path, body).status_code for path in ("check-ins/batch/", "devices/hand-in/")
    ]

    assert statuses == [401, 200]
    assert CheckIn.objects.get().is_quarantined
    assert not Admission.objects.exists()


# Undo and occupancy


def test_undo_over_the_api(client, phone, ada, now):
    body = scan_body(ada, now)
    call(client, "post", "check-ins/", body)
    path = f"check-ins/{body['scan_id']}/undo/"

    first = call(client, "post", path, {"reason": "Wrong person"})
    second = call(client, "post", path, {"reason": "Wrong person"})

    assert (first.status_code, second.status_code) == (201, 200)
    answer = first.json()
    assert (answer["undoes"], answer["standing"], answer["occupancy"]["inside"]) == (
        body["scan_id"],
        "undone",
        0,
    )
    assert CheckIn.objects.count() == 2


def test_undo_refuses_strangers_nonsense_and_other_phones(client, phone, open_day, ada, now, organiser):
    make_phone(open_day, token="door_other", gate="side")
    body = scan_body(ada, now)
    call(client, "post", "check-ins/", body)
    path = f"check-ins/{body['scan_id']}/undo/"
    board = issue_token(user=factories.make_user("board"), now=now)

    statuses = [
        call(client, "post", path, {"reason": "x"}, token=None).status_code,
        call(client, "post", path, {"reason": "x"}, token="door_other").status_code,
        call(client, "post", path, {"reason": "x"}, token=board).status_code,
        call(client, "post", path, {"reason": "a\x00"}).status_code,
        call(client, "post", path, {}).status_code,
        call(client, "post", f"check-ins/{uuid4()}/undo/", {"reason": "x"}).status_code,
        call(client, "post", path, {"reason": "x"}, token=issue_token(user=organiser, now=now)).status_code,
    ]

    assert statuses == [401, 403, 403, 422, 422, 404, 201]


def test_occupancy_counts_people_not_doors(client, phone, open_day, ada, now, organiser):
    make_phone(open_day, token="door_other", gate="side")
    call(client, "post", "check-ins/", scan_body(ada, now))
    call(client, "post", "check-ins/", scan_body(ada, now), token="door_other")

    device = call(client, "get", "occupancy/").json()
    person = call(
        client, "get", "occupancy/?event=open-day", token=issue_token(user=organiser, now=now)
    ).json()

    device.pop("as_at")
    person.pop("as_at")
    assert device == person == {"inside": 1, "admitted": 1, "safe_capacity": 600, "by_gate": {"main": 1}}


def test_occupancy_asks_people_for_the_event_and_the_right(client, phone, now, organiser, venue_person):
    tokens = [issue_token(user=user, now=now) for user in (organiser, venue_person)]

    assert call(client, "get", "occupancy/", token=tokens[0]).status_code == 422
    assert call(client, "get", "occupancy/?event=open-day", token=tokens[1]).status_code == 403


def test_contact_tells_the_clock_and_unsent_scans(client, phone, now):
    slow = now - timedelta(hours=2)

    answer = call(
        client,
        "post",
        "devices/contact/",
        {"device_now": slow.isoformat(), "unsent": 4, "app_version": "abc"},
    )

    phone.refresh_from_db()
    assert (answer.status_code, phone.unsent_scans, phone.app_version) == (200, 4, "abc")
    assert abs(phone.clock_offset_ms - 7_200_000) < 5_000


def test_signed_out_phone_is_no_phone(client, phone):
    assert call(client, "post", "devices/sign-out/").status_code == 204
    assert call(client, "get", "occupancy/").status_code == 401
