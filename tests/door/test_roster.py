"""What travels to a door phone, and what does not?"""

import base64
import gzip
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils import timezone

from door.domain.admission import admit
from door.domain.roster import build_roster, read_version, seal
from tests import factories
from tests.door.factories import code_of, make_phone, make_scan, make_ticket
from tickets.domain import codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def open_event(db, now):
    return factories.make_event(
        "open-day", starts_at=now - timedelta(minutes=30), capacity=20, safe_capacity=600
    )


@pytest.fixture
def phone(open_event):
    return make_phone(open_event, token="door_phone")


def get_roster(client, query="", **headers):
    return client.get(f"/api/v1/roster/{query}", headers={"Authorization": "Bearer door_phone", **headers})


def unseal(text: str, code: str, serial: int) -> list:
    """As a phone does it, written a second time on purpose."""
    raw = base64.b64decode(text)
    extracted = hmac.new(b"lcr-creative-events door", code.encode(), "sha256").digest()
    key = hmac.new(extracted, b"details\x01", "sha256").digest()[:16]
    plain = AESGCM(key).decrypt(raw[:6] + bytes(6), raw[6:], str(serial).encode())
    return json.loads(plain)


def fingerprints(roster: dict) -> dict[bytes, tuple[int, int]]:
    raw = base64.b64decode(roster["codes"])
    found = {}
    for at in range(0, len(raw), 16):
        serial, generation = divmod(at // 16, roster["generations"])
        found[raw[at : at + 16]] = (serial + 1, generation + 1)
    return found


def test_roster_knows_every_serial_that_may_be_issued(phone, open_event, now):
    make_ticket(open_event, "Ada Lovelace")
    make_ticket(open_event, "Grace Hopper", generation=3)
    open_event.serials_issued, open_event.places_taken = 2, 2
    open_event.save()

    roster = build_roster(device=phone, now=now)

    found = fingerprints(roster)
    assert (roster["serials"], roster["generations"]) == (
        22,
        4,
    )  # 20 places, two more as margin; three and the next
    assert len(found) == 22 * 4
    for serial, generation in [(1, 1), (1, 4), (2, 3), (22, 1)]:
        code = codes.ticket_code(open_event.pk, serial, generation)
        assert found[hashlib.sha256(f"id{code}".encode()).digest()[:16]] == (serial, generation)


def test_details_open_by_the_ticket_alone(phone, open_event, now):
    ada = make_ticket(open_event, "Ada Lovelace", age=14, age_band="14-15", may_leave_alone=True)
    make_ticket(open_event, "Grace Hopper", state="cancelled")

    roster = build_roster(device=phone, now=now)

    [[serial, generation, state, sealed], [_, _, other_state, _]] = roster["tickets"]
    assert (serial, generation, state, other_state) == (1, 1, "v", "c")
    assert unseal(sealed, code_of(ada), 1) == ["Ada", "L", "14-15", "pua", []]
    with pytest.raises(InvalidTag):
        unseal(sealed, codes.ticket_code(open_event.pk, 2, 1), 1)


def test_collecting_adults_name_opens_by_the_childs_ticket_alone(phone, open_event, now):
    cleo = factories.sign_up(open_event, "Cleo Child", age=14, now=now)

    roster = build_roster(device=phone, now=now)

    [[serial, _, _, sealed]] = roster["tickets"]
    assert unseal(sealed, code_of(cleo), serial)[5] == "Gail Guardian"
    assert "Gail" not in json.dumps(roster)


@pytest.mark.parametrize("name", ["Ada Lovelace", "李小龍", "👩🏽‍🎨", "Nguyễn Văn An", "D’Arcy", "x" * 200])
def test_no_name_stands_in_the_roster(phone, open_event, now, name):
    make_ticket(open_event, name)

    text = json.dumps(build_roster(device=phone, now=now), ensure_ascii=False)

    assert name.split()[0] not in text


def test_length_of_a_short_name_does_not_show():
    moment = timezone.now()
    sealed = {
        len(seal(code="A" * 26, serial=1, details=[name, "L", "14-15", "", []], changed_at=moment))
        for name in ("Jo", "Ada", "Amira")
    }

    assert len(sealed) == 1


def test_same_roster_is_not_sent_twice(client, phone, open_event):
    ada = make_ticket(open_event)
    first = get_roster(client)

    again = get_roster(client, **{"If-None-Match": first.headers["ETag"]})
    admit(device=phone, scan=make_scan(ada, timezone.now()), now=timezone.now())
    changed = get_roster(client, **{"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, changed.status_code) == (200, 304, 200)
    assert again.content == b""
    assert changed.json()["admitted"][0][0] == 1


def test_changes_alone_travel_after_the_first_sync(phone, open_event, now):
    long_ago = now - timedelta(hours=3)
    make_ticket(open_event, "Ada Lovelace", changed_at=long_ago)
    whole = build_roster(device=phone, now=now - timedelta(hours=1))
    make_ticket(open_event, "Grace Hopper", changed_at=now)

    changes = build_roster(device=phone, now=now, since=read_version(whole["version"]))

    assert (whole["is_whole"], changes["is_whole"]) == (True, False)
    assert [row[0] for row in changes["tickets"]] == [2]
    assert (changes["codes"], changes["short_codes"]) == ("", "")


def test_nonsense_version_brings_the_whole_roster(client, phone):
    for version in ("x", "1.2", "1.2.99999999999999999999", "-", "1.1.nan"):
        assert get_roster(client, f"?since={version}").json()["is_whole"]


def test_roster_is_closed_to_strangers(client, phone):
    assert client.get("/api/v1/roster/").status_code == 401


def test_roster_of_1200_tickets_stays_under_150_kb(phone, open_event, now):
    open_event.capacity = open_event.serials_issued = open_event.places_taken = 1200
    open_event.save()
    ada = make_ticket(open_event, "Alexandra Lovelace", age=15, age_band="14-15")
    roster = build_roster(device=phone, now=now)
    roster["tickets"] = [
        [
            serial,
            1,
            "v",
            seal(
                code=codes.ticket_code(open_event.pk, serial, 1),
                serial=serial,
                details=["Alexandra", "L", "14-15", "pu", [101, 102]],
                changed_at=ada.changed_at,
            ),
        ]
        for serial in range(1, 1201)
    ]
    roster["admitted"] = [[serial, 1_790_000_000 + serial * 7, "main", 1] for serial in range(1, 1201)]

    assert len(gzip.compress(json.dumps(roster).encode())) < 150_000


def test_queries_do_not_grow_with_the_tickets(phone, open_event, now, django_assert_num_queries):
    make_ticket(open_event)
    with django_assert_num_queries(8):
        build_roster(device=phone, now=now)
    for n in range(3):
        make_ticket(open_event, f"Person {n}")
    with django_assert_num_queries(8):
        build_roster(device=phone, now=now)
