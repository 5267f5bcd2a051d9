"""How does a group come in, ticked one by one or counted?"""

from datetime import timedelta
from uuid import uuid4

import pytest

from door.domain import parties
from door.domain.occupancy import occupancy
from door.models import Admission, CheckIn, PartyCount
from foundation.refusals import InvalidInput
from tests import factories
from tests.door.factories import TEN, code_of, make_ticket
from tickets.domain.groups import Party, register_group
from tickets.domain.registration import Contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def party(event):
    registered = register_group(
        event=event,
        lead=Contact(name="Tina Teacher", email="tina@example.org", phone="01632 960 001"),
        party=Party(
            organisation="Example School", heads={"11-13": 3, "14-15": 2}, adults=2, borough="wirral"
        ),
        declares_consent=True,
        vouched_by="registrar",
        now=factories.DAY - timedelta(days=9),
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


def test_heads_beyond_the_tickets_come_back_however_often_the_phone_asks(event, phone, party):
    """Counted with no network: the answer says whom no roll-call knows, and the desk lists it."""
    scan_id = uuid4()
    counted = {"heads": {"11-13": 9}, "adults": 3, "was_let_in": True, "scan_id": scan_id}

    answers = [arrive(phone, party, **counted) for _ in range(2)]

    assert [(one.is_replay, one.surplus) for one in answers] == [
        (False, {"11-13": 6, "adults": 1}),
        (True, {"11-13": 6, "adults": 1}),
    ]
    [listed] = parties.counted_beyond_tickets(event=event)
    assert (listed.check_in.device, listed.surplus) == (phone, {"11-13": 6, "adults": 1})


def test_heads_are_totals_so_telling_them_again_lets_in_nobody_more(phone, party):
    scan_id = uuid4()
    arrive(phone, party, heads={"11-13": 2}, adults=1, scan_id=scan_id)

    replayed = arrive(phone, party, heads={"11-13": 2}, adults=1, scan_id=scan_id)
    again = arrive(phone, party, heads={"11-13": 2}, adults=1)
    more = arrive(phone, party, heads={"11-13": 3}, adults=1)

    assert (replayed.is_replay, len(again.admitted), len(more.admitted)) == (True, 0, 1)
    assert occupancy(door_list=phone.door_list, now=TEN).inside == 4


def test_heads_counted_offline_are_inside_whatever_the_server_thinks_of_the_room(event, phone, party):
    event.safe_capacity = 1
    event.save()

    arrival = arrive(phone, party, heads={"11-13": 3}, now=TEN + timedelta(hours=1), was_let_in=True)

    assert len(arrival.admitted) == 3
    assert occupancy(door_list=phone.door_list, now=TEN).inside == 3


def test_ticket_of_no_group_opens_no_party(event, phone):
    ada = make_ticket(event)

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
