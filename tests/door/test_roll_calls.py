"""Does the roll-call open by its card alone, and do the marks of several phones merge?"""

import base64
import hmac
import json
import zlib
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from door.domain import roll_calls
from door.models import RollCall, RollCallMark
from tests.door.factories import TEN, make_ticket
from tickets.models import AccessNeed

pytestmark = pytest.mark.django_db


def opened_with(sealed: str, card: str) -> list:
    """What a phone reads of the sealed list when it sees the duty card; written from the definition."""
    secret = card.removeprefix("DUTY-").encode()
    extracted = hmac.digest(b"lcr-creative-events roll-call", secret, "sha256")
    key = hmac.digest(extracted, b"roll-call\x01", "sha256")[:16]
    raw = base64.b64decode(sealed)
    return json.loads(zlib.decompress(AESGCM(key).decrypt(raw[:12], raw[12:], b"roll-call")))


def test_roll_call_is_read_with_the_card_and_holds_no_more_than_it_must(event):
    make_ticket(event, "Ada Lovelace")
    cleo = make_ticket(event, "Cleo Child", age=14, age_band="14-15")
    AccessNeed.objects.create(ticket=cleo, text="Epilepsy")
    card = roll_calls.card_text(event=event, now=TEN)

    sealed = roll_calls.sealed_roll_call(event=event, now=TEN)

    assert opened_with(sealed, card) == [
        [1, "Ada L", "16-17", "", 0, 0],
        [2, "Cleo C", "14-15", "", 1, 1],
    ]
    assert "Ada" not in sealed
    assert len(card) == len("DUTY-") + 26


def test_new_card_closes_the_list_to_the_old_one(event):
    old = roll_calls.card_text(event=event, now=TEN)
    etag = roll_calls.roll_call_etag(event=event)

    roll_calls.replace_card(event=event, now=TEN)

    assert roll_calls.card_text(event=event, now=TEN) != old
    assert roll_calls.roll_call_etag(event=event) != etag
    with pytest.raises(InvalidTag):
        opened_with(roll_calls.sealed_roll_call(event=event, now=TEN), old)


def mark(phone, *serials, opened_at=TEN, now=TEN, is_drill=False, taken_back=()):
    return roll_calls.mark_seen(
        device=phone,
        serials=serials,
        taken_back=taken_back,
        opened_at=opened_at,
        is_drill=is_drill,
        now=now,
    )


def test_marks_of_several_phones_merge(event, phone, supervisor):
    for name in ("Ada One", "Bea Two", "Cleo Three"):
        make_ticket(event, name)

    mark(phone, 1)
    seen = mark(supervisor, 2, 1, 999)
    again = mark(phone, 1)

    assert (seen.serials, again.serials) == ([1, 2], [1, 2])
    assert RollCall.objects.count() == 1


def test_mark_is_taken_back_on_another_phone_and_made_again(event, phone, supervisor):
    for name in ("Ada One", "Bea Two"):
        make_ticket(event, name)
    mark(phone, 1, 2)
    later = TEN + timedelta(minutes=1)

    without = mark(supervisor, taken_back=[1, 999], now=later)
    again = mark(supervisor, 1, now=later)

    assert without.serials == [2]
    assert again.marks == [
        roll_calls.SeenMark(1, later, supervisor.name),
        roll_calls.SeenMark(2, TEN, phone.name),
    ]
    back = RollCallMark.objects.get(taken_back_at__isnull=False)
    assert (back.ticket.serial, back.device, back.taken_back_by) == (1, phone, supervisor)


def test_marks_that_come_after_the_end_start_no_new_roll_call(event, phone):
    make_ticket(event)
    assert mark(phone).roll_call is None
    mark(phone, 999)
    roll_calls.end(event=event, now=TEN + timedelta(minutes=10))

    late = mark(phone, 1, now=TEN + timedelta(minutes=20))
    later = TEN + timedelta(minutes=30)
    next_one = mark(phone, 999, opened_at=later, now=later, is_drill=True)

    assert late.roll_call.ended_at is not None
    assert (next_one.roll_call.ended_at, next_one.roll_call.is_drill, next_one.serials) == (None, True, [])
