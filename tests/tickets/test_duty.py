"""What may the duty team do at the door, and what is refused to everybody else?"""

import base64
import hmac
import json
import zlib
from datetime import timedelta
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from events.domain.refusals import InvalidInput
from tests import cast
from tests.tickets.door_cast import TEN, code_of, make_phone, make_ticket
from tickets.domain import contacts, parties, pins, roll_calls, searching, walk_ins
from tickets.domain.groups import Party, register_group
from tickets.domain.occupancy import occupancy
from tickets.domain.places import EventFull
from tickets.domain.registration import AlreadyRegistered, Contact
from tickets.models import (
    AccessNeed,
    Admission,
    CheckIn,
    Consent,
    ContactOpened,
    DoorPin,
    Guardian,
    PartyCount,
    RollCall,
    Ticket,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition(db):
    return cast.make_edition()


@pytest.fixture
def phone(edition):
    return make_phone(edition)


@pytest.fixture
def supervisor(edition):
    return make_phone(edition, name="Sue", supervisor_until=TEN + timedelta(hours=2))


@pytest.fixture
def welfare(edition):
    return make_phone(edition, name="Will", welfare_until=TEN + timedelta(hours=2))


# PINs


def test_pin_makes_the_phone_a_supervisors_for_twelve_hours(edition, phone):
    pins.set_pin(event=edition, role="supervisor", pin="274951", now=TEN, by=None)
    pins.set_pin(event=edition, role="welfare", pin="583920", now=TEN, by=None)

    role = pins.unlock(device=phone, pin=" 274951", now=TEN)

    phone.refresh_from_db()
    assert (role, phone.supervisor_until, phone.welfare_until) == (
        "supervisor",
        TEN + timedelta(hours=12),
        None,
    )
    assert "274951" not in DoorPin.objects.get(role="supervisor").pin_hash


@pytest.mark.parametrize(
    "pin", ["", "12345", "1234567890123", "aaaaaa", "111111", "121212", "123456", "654321"]
)
def test_pin_that_is_easily_guessed_is_refused(edition, pin):
    with pytest.raises(InvalidInput):
        pins.set_pin(event=edition, role="supervisor", pin=pin, now=TEN, by=None)

    assert not DoorPin.objects.exists()


def test_two_roles_have_two_pins(edition):
    pins.set_pin(event=edition, role="supervisor", pin="274951", now=TEN, by=None)

    with pytest.raises(InvalidInput):
        pins.set_pin(event=edition, role="welfare", pin="274951", now=TEN, by=None)


def test_guessing_a_pin_locks_it_for_a_while(edition, phone):
    pins.set_pin(event=edition, role="supervisor", pin="274951", now=TEN, by=None)
    for guess in range(pins.TRIES):
        with pytest.raises(pins.PinRefused):
            pins.unlock(device=phone, pin=f"90000{guess}", now=TEN)

    with pytest.raises(pins.PinRefused, match="Too many"):
        pins.unlock(device=phone, pin="274951", now=TEN)
    assert pins.unlock(device=phone, pin="274951", now=TEN + pins.LOCKED_FOR) == "supervisor"


def test_knowing_one_pin_does_not_help_to_guess_the_other(edition, phone):
    pins.set_pin(event=edition, role="supervisor", pin="274951", now=TEN, by=None)
    pins.set_pin(event=edition, role="welfare", pin="583920", now=TEN, by=None)
    for guess in range(pins.TRIES):
        with pytest.raises(pins.PinRefused):
            pins.unlock(device=phone, pin=f"90000{guess}", now=TEN)
        if guess < pins.TRIES - 1:
            pins.unlock(device=phone, pin="583920", now=TEN)

    with pytest.raises(pins.PinRefused):
        pins.unlock(device=phone, pin="274951", now=TEN)


def test_pin_of_another_event_opens_nothing(edition, phone):
    pins.set_pin(event=cast.make_edition("other"), role="supervisor", pin="274951", now=TEN, by=None)

    with pytest.raises(pins.PinRefused):
        pins.unlock(device=phone, pin="274951", now=TEN)


# Search by name


def test_search_finds_names_whatever_their_accents(edition, supervisor):
    sian = make_ticket(edition, "Siân Nguyễn")
    make_ticket(edition, "Ada Lovelace")

    hits, more = searching.find_by_name(device=supervisor, words="sian nguyen", now=TEN)

    assert [(hit.name, hit.is_inside) for hit in hits] == [("Siân N", None)]
    assert hits[0].code == code_of(sian)[:10]
    assert not more


@pytest.mark.parametrize("words", ["", "  ", "ab", "%%%", "a b", "._-"])
def test_search_needs_three_letters(supervisor, words):
    with pytest.raises(InvalidInput):
        searching.find_by_name(device=supervisor, words=words, now=TEN)


def test_search_gives_ten_names_at_most_of_this_event_alone(edition, supervisor):
    other = cast.make_edition("other")
    for number in range(12):
        make_ticket(edition, f"Kim {number}")
    make_ticket(other, "Kim Elsewhere")

    hits, more = searching.find_by_name(device=supervisor, words="kim", now=TEN)

    assert (len(hits), more) == (10, True)
    assert {hit.name for hit in hits} <= {f"Kim {number}"[:5] for number in range(12)}


def test_search_costs_the_same_for_one_and_three(edition, supervisor, django_assert_num_queries):
    make_ticket(edition, "Kim One")
    with django_assert_num_queries(3):
        searching.find_by_name(device=supervisor, words="kim", now=TEN)
    make_ticket(edition, "Kim Two")
    make_ticket(edition, "Kim Three")
    with django_assert_num_queries(3):
        searching.find_by_name(device=supervisor, words="kim", now=TEN)


def test_only_a_supervisor_may_search_or_walk_in(edition, phone, welfare):
    for device in (phone, welfare):
        with pytest.raises(pins.NotGranted):
            searching.find_by_name(device=device, words="ada", now=TEN)
        with pytest.raises(pins.NotGranted):
            walk_in(device)
    assert not Ticket.objects.exists()


# Walk-ins


def walk_in(device, *, scan_id=None, now=TEN, **fields):
    person = {"name": "Wanda Walker", "age": 19, "borough": "liverpool"} | fields
    return walk_ins.walk_in(
        device=device, scan_id=scan_id or uuid4(), person=walk_ins.WalkIn(**person), scanned_at=now, now=now
    )


def test_walk_in_gets_a_ticket_and_is_let_in_at_once(edition, supervisor):
    decision = walk_in(supervisor, email="wanda@example.org", photo=True, access_needs="A quiet place")

    ticket = Ticket.objects.get()
    edition.refresh_from_db()
    assert (decision.verdict, decision.ticket.first_name) == ("admitted", "Wanda")
    assert (ticket.registration.source, ticket.person is not None, ticket.no_photos) == (
        "walk-in",
        True,
        False,
    )
    assert (edition.places_taken, edition.serials_issued) == (1, 1)
    assert AccessNeed.objects.get().text == "A quiet place"
    assert [consent.kind for consent in Consent.objects.all()] == ["photo"]


def test_walk_in_told_twice_is_one(edition, supervisor):
    scan_id = uuid4()

    first = walk_in(supervisor, scan_id=scan_id)
    second = walk_in(supervisor, scan_id=scan_id)

    assert (first.verdict, second.verdict, second.is_replay) == ("admitted", "admitted", True)
    assert (Ticket.objects.count(), Admission.objects.count()) == (1, 1)


def test_walk_in_without_an_address_is_nobody_we_could_know_again(supervisor):
    walk_in(supervisor)

    assert Ticket.objects.get().person is None


def test_walk_in_who_has_a_ticket_is_sent_to_the_search(edition, supervisor):
    walk_in(supervisor, email="wanda@example.org")

    with pytest.raises(AlreadyRegistered):
        walk_in(supervisor, email="Wanda@Example.org")
    edition.refresh_from_db()
    assert (edition.places_taken, Ticket.objects.count()) == (1, 1)


def test_walk_in_below_sixteen_needs_a_guardian_here_or_their_number(supervisor):
    with pytest.raises(InvalidInput) as refused:
        walk_in(supervisor, age=14)
    assert set(refused.value.fields) == {"adult_name", "adult_phone"}
    with pytest.raises(InvalidInput) as refused:
        walk_in(supervisor, age=14, adult_name="Gail Guardian")
    assert set(refused.value.fields) == {"adult_phone"}

    walk_in(supervisor, age=14, adult_name="Gail Guardian", adult_is_here=True)

    guardian = Guardian.objects.get()
    assert (guardian.name, guardian.answer, guardian.ticket.state) == ("Gail Guardian", "confirmed", "valid")


def test_walk_in_finds_no_place_where_all_have_tickets(supervisor):
    supervisor.event.capacity = 1
    supervisor.event.save()
    walk_in(supervisor)

    with pytest.raises(EventFull):
        walk_in(supervisor, name="Will Walker")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": " "}, "name"),
        ({"age": 9}, "age"),
        ({"age": 26}, "age"),
        ({"age": 10**9}, "age"),
        ({"borough": "atlantis"}, "borough"),
        ({"email": "no address"}, "email"),
        ({"news": True}, "email"),
        ({"age": 17}, "adult_name"),
        ({"access_needs": "x" * 501}, "access_needs"),
        ({"name": "A\0da"}, "name"),
    ],
)
def test_walk_in_with_bad_input_writes_nothing(edition, supervisor, fields, wrong):
    with pytest.raises(InvalidInput) as refused:
        walk_in(supervisor, **fields)

    edition.refresh_from_db()
    assert wrong in refused.value.fields
    assert (edition.places_taken, Ticket.objects.count(), CheckIn.objects.count()) == (0, 0, 0)


# Parties


@pytest.fixture
def party(edition):
    registered = register_group(
        event=edition,
        lead=Contact(name="Tina Teacher", email="tina@example.org", phone="01632 960 001"),
        party=Party(
            organisation="Example School", heads={"11-13": 3, "14-15": 2}, adults=2, borough="wirral"
        ),
        declares_consent=True,
        now=cast.DAY - timedelta(days=9),
    )
    return registered.tickets


def arrive(phone, party, **fields):
    fields = {"scan_id": uuid4(), "code": code_of(party[0]), "scanned_at": TEN, "now": TEN} | fields
    return parties.arrive(device=phone, **fields)


def test_party_opens_by_any_ticket_of_it(phone, party):
    opened = parties.party_of(device=phone, code=code_of(party[3]), now=TEN)

    assert opened.organisation == "Example School"
    assert [(one.age_band, one.is_adult, one.is_inside) for one in opened.members] == [
        *[("26-plus", True, None)] * 2,
        *[("11-13", False, None)] * 3,
        *[("14-15", False, None)] * 2,
    ]


def test_ticked_members_are_let_in_and_the_others_are_not(phone, party):
    arrival = arrive(phone, party, serials=[party[0].serial, party[5].serial, 4_000])

    assert [one.ticket.serial for one in arrival.admitted] == [party[0].serial, party[5].serial]
    assert Admission.objects.inside().count() == 2


def test_heads_let_in_as_many_as_are_here_and_say_who_has_no_ticket(phone, party):
    arrival = arrive(phone, party, heads={"11-13": 4, "14-15": 1}, adults=2)

    assert (len(arrival.admitted), arrival.surplus) == (6, {"11-13": 1})
    count = PartyCount.objects.get()
    assert (count.heads_by_band, count.adults) == ({"11-13": 4, "14-15": 1}, 2)


def test_heads_are_totals_so_telling_them_again_lets_in_nobody_more(phone, party):
    scan_id = uuid4()
    arrive(phone, party, heads={"11-13": 2}, adults=1, scan_id=scan_id)

    replayed = arrive(phone, party, heads={"11-13": 2}, adults=1, scan_id=scan_id)
    again = arrive(phone, party, heads={"11-13": 2}, adults=1)
    more = arrive(phone, party, heads={"11-13": 3}, adults=1)

    assert (replayed.is_replay, len(again.admitted), len(more.admitted)) == (True, 0, 1)
    assert occupancy(door_list=phone.door_list, now=TEN).inside == 4


def test_heads_counted_offline_are_inside_whatever_the_server_thinks_of_the_room(edition, phone, party):
    edition.safe_capacity = 1
    edition.save()

    arrival = arrive(phone, party, heads={"11-13": 3}, now=TEN + timedelta(hours=1), was_let_in=True)

    assert len(arrival.admitted) == 3
    assert occupancy(door_list=phone.door_list, now=TEN).inside == 3


def test_ticket_of_no_group_opens_no_party(edition, phone):
    ada = make_ticket(edition)

    for code in (code_of(ada), "A" * 26, "", "x" * 8000):
        with pytest.raises(parties.NotAParty):
            parties.party_of(device=phone, code=code, now=TEN)


@pytest.mark.parametrize(
    "fields", [{}, {"heads": {}}, {"heads": {"11-13": -1}}, {"heads": {"99": 1}}, {"heads": {"11-13": 900}}]
)
def test_party_of_nobody_is_refused(phone, party, fields):
    with pytest.raises(InvalidInput):
        arrive(phone, party, **fields)

    assert not CheckIn.objects.exists()


# Contacts


def test_welfare_opens_a_contact_for_a_reason_that_is_kept(edition, welfare):
    child = cast.sign_up(edition, "Cleo Child", age=14)

    contact = contacts.open_contact(device=welfare, code=code_of(child), reason="Feels ill", now=TEN)

    assert (contact.name, contact.phone, contact.relation) == ("Gail Guardian", "01632 960 010", "guardian")
    opened = ContactOpened.objects.get()
    assert (opened.ticket, opened.device, opened.reason) == (child, welfare, "Feels ill")


def test_contact_needs_the_role_a_reason_and_a_ticket_of_this_event(edition, supervisor, welfare):
    child = cast.sign_up(edition, "Cleo Child", age=14)
    foreign = cast.sign_up(cast.make_edition("other"), "Fay Foreign", age=14)

    with pytest.raises(pins.NotGranted):
        contacts.open_contact(device=supervisor, code=code_of(child), reason="Feels ill", now=TEN)
    with pytest.raises(InvalidInput):
        contacts.open_contact(device=welfare, code=code_of(child), reason=" ", now=TEN)
    with pytest.raises(contacts.NoContact):
        contacts.open_contact(device=welfare, code=code_of(foreign), reason="Feels ill", now=TEN)
    assert not ContactOpened.objects.exists()


# The roll-call


def opened_with(sealed: str, card: str) -> list:
    """What a phone reads of the sealed list when it sees the duty card; written from the definition."""
    secret = card.removeprefix("DUTY-").encode()
    extracted = hmac.digest(b"lcr-creative-events roll-call", secret, "sha256")
    key = hmac.digest(extracted, b"roll-call\x01", "sha256")[:16]
    raw = base64.b64decode(sealed)
    return json.loads(zlib.decompress(AESGCM(key).decrypt(raw[:12], raw[12:], b"roll-call")))


def test_roll_call_is_read_with_the_card_and_holds_no_more_than_it_must(edition):
    make_ticket(edition, "Ada Lovelace")
    cleo = make_ticket(edition, "Cleo Child", age=14, age_band="14-15")
    AccessNeed.objects.create(ticket=cleo, text="Epilepsy")
    card = roll_calls.card_text(event=edition, now=TEN)

    sealed = roll_calls.sealed_roll_call(event=edition, now=TEN)

    assert opened_with(sealed, card) == [
        [1, "Ada L", "16-18", "", 0, 0],
        [2, "Cleo C", "14-15", "", 1, 1],
    ]
    assert "Ada" not in sealed
    assert len(card) == len("DUTY-") + 26


def test_new_card_closes_the_list_to_the_old_one(edition):
    old = roll_calls.card_text(event=edition, now=TEN)
    etag = roll_calls.roll_call_etag(event=edition)

    roll_calls.replace_card(event=edition, now=TEN)

    assert roll_calls.card_text(event=edition, now=TEN) != old
    assert roll_calls.roll_call_etag(event=edition) != etag
    with pytest.raises(InvalidTag):
        opened_with(roll_calls.sealed_roll_call(event=edition, now=TEN), old)


def mark(phone, *serials, opened_at=TEN, now=TEN, is_drill=False):
    return roll_calls.mark_seen(
        device=phone, serials=serials, opened_at=opened_at, is_drill=is_drill, now=now
    )


def test_marks_of_several_phones_merge(edition, phone, supervisor):
    for name in ("Ada One", "Bea Two", "Cleo Three"):
        make_ticket(edition, name)

    mark(phone, 1)
    seen = mark(supervisor, 2, 1, 999)
    again = mark(phone, 1)

    assert (seen.serials, again.serials) == ([1, 2], [1, 2])
    assert RollCall.objects.count() == 1


def test_marks_that_come_after_the_end_start_no_new_roll_call(edition, phone):
    make_ticket(edition)
    assert mark(phone).roll_call is None
    mark(phone, 999)
    roll_calls.end(event=edition, now=TEN + timedelta(minutes=10))

    late = mark(phone, 1, now=TEN + timedelta(minutes=20))
    later = TEN + timedelta(minutes=30)
    next_one = mark(phone, 999, opened_at=later, now=later, is_drill=True)

    assert late.roll_call.ended_at is not None
    assert (next_one.roll_call.ended_at, next_one.roll_call.is_drill, next_one.serials) == (None, True, [])
