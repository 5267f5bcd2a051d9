"""What does the live door page count?"""

from datetime import UTC, datetime, timedelta

import pytest

from door.domain.admission import admit, admit_all
from door.domain.live_figures import Quarter, live_door
from door.models import CheckIn
from tests import factories
from tests.door.factories import TEN, make_phone, make_scan, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(db):
    return factories.make_event()


@pytest.fixture
def phone(event):
    return make_phone(event, name="Sam", last_seen_at=TEN)


def scan(phone, ticket, at, **fields):
    return admit(device=phone, scan=make_scan(ticket, at, **fields), now=at)


def test_arrivals_are_distinct_people_by_quarter_hour(event, phone):
    ada, bea, cleo = (make_ticket(event, name) for name in ("Ada One", "Bea Two", "Cleo Three"))
    scan(phone, ada, TEN)
    scan(phone, bea, TEN + timedelta(minutes=14))
    scan(phone, bea, TEN + timedelta(minutes=15), direction="exit")
    scan(phone, bea, TEN + timedelta(minutes=20))
    scan(phone, cleo, TEN + timedelta(minutes=46))

    live = live_door(event=event, now=TEN + timedelta(hours=1))

    assert live.quarters == [
        Quarter(TEN, 2, 2),
        Quarter(TEN + timedelta(minutes=15), 0, 2),
        Quarter(TEN + timedelta(minutes=30), 0, 2),
        Quarter(TEN + timedelta(minutes=45), 1, 3),
    ]
    assert (live.registered, live.count.admitted, live.count.inside, live.peak) == (3, 3, 3, 3)


def test_day_and_peak_of_an_event_of_three_days(db):
    """The page shows today; the most at one time was yesterday."""
    day = timedelta(days=1)
    event = factories.make_event(ends_at=factories.DAY + 2 * day + timedelta(hours=8))
    phone = make_phone(event)
    ada, bea = make_ticket(event, "Ada One"), make_ticket(event, "Bea Two")
    for ticket in (ada, bea):
        scan(phone, ticket, TEN)
        scan(phone, ticket, TEN + timedelta(hours=5), direction="exit")
    cleo = make_ticket(event, "Cleo Three")
    scan(phone, cleo, TEN + day + timedelta(minutes=20))

    first, second = (live_door(event=event, now=TEN + days * day + timedelta(hours=6)) for days in (0, 1))

    assert (first.day, first.quarters[0]) == (TEN.date(), Quarter(TEN, 2, 2))
    assert second.day == (TEN + day).date()
    assert second.quarters == [Quarter(TEN + day + timedelta(minutes=15), 1, 1)]
    assert (second.peak, second.count.inside) == (2, 1)


def test_phone_with_a_clock_of_2020_moves_no_day_but_is_marked(event, phone):
    """Decided with no network, stamped 2020, and the clock put right before it was sent."""
    ada, bea = make_ticket(event, "Ada One"), make_ticket(event, "Bea Two")
    scan(phone, ada, TEN, counter=1)
    wrong = datetime(2020, 1, 1, tzinfo=UTC)
    later = TEN + timedelta(hours=1)

    scans = [make_scan(bea, wrong, device_now=later, decided="admitted", counter=2)]
    admit_all(device=phone, scans=scans, now=later)
    live = live_door(event=event, now=later)

    assert live.quarters == [Quarter(TEN, 2, 2)]
    assert (live.day, live.peak) == (TEN.date(), 2)
    row = CheckIn.objects.get(ticket=bea)
    assert (row.scanned_at, row.happened_at, row.is_time_capped) == (wrong, TEN, True)


def test_refusals_are_counted_by_reason_and_practice_is_not(event, phone):
    ada = make_ticket(event)
    blocked = make_ticket(event, "Bo Blocked", state="blocked")
    scan(phone, ada, TEN)
    scan(phone, ada, TEN + timedelta(seconds=10))
    scan(phone, ada, TEN + timedelta(seconds=20))
    scan(phone, blocked, TEN)
    scan(phone, blocked, TEN, is_practice=True)
    scan(phone, "nonsense", TEN)

    live = live_door(event=event, now=TEN)

    assert live.refused == {"already_admitted": (2, 1), "blocked": (1, 1), "unknown": (1, 0)}
    assert next(iter(live.refused)) == "already_admitted"


def test_phone_that_tries_codes_is_named(event, phone):
    quick = [
        make_scan(f"{number:0>26}".replace("0", "A"), TEN + timedelta(seconds=number)) for number in range(20)
    ]
    admit_all(device=phone, scans=quick, now=TEN + timedelta(minutes=1))

    assert [one.name for one in live_door(event=event, now=TEN + timedelta(minutes=5)).suspicious] == ["Sam"]
    assert live_door(event=event, now=TEN + timedelta(hours=1)).suspicious == []


def test_nineteen_unknown_codes_are_a_bad_day(event, phone):
    quick = [make_scan(f"X{number}", TEN + timedelta(seconds=number)) for number in range(19)]
    admit_all(device=phone, scans=quick, now=TEN + timedelta(minutes=1))

    assert live_door(event=event, now=TEN + timedelta(minutes=5)).suspicious == []


def test_phones_are_on_quiet_or_over(event, phone):
    make_phone(event, name="Quinn", last_seen_at=TEN - timedelta(minutes=5), unsent_scans=3)
    make_phone(event, name="Ola", last_seen_at=TEN, revoked_at=TEN)

    live = live_door(event=event, now=TEN)

    assert [(one.device.name, one.state, one.needs_care) for one in live.phones] == [
        ("Quinn", "quiet", True),
        ("Sam", "on", False),
        ("Ola", "over", False),
    ]


def test_live_page_costs_the_same_for_one_and_three(event, phone, django_assert_num_queries):
    scan(phone, make_ticket(event, "Ada One"), TEN)
    with django_assert_num_queries(12):
        live_door(event=event, now=TEN)
    for name in ("Bea Two", "Cleo Three", "Dee Four"):
        scan(make_phone(event, name=name), make_ticket(event, name), TEN)
    with django_assert_num_queries(12):
        live_door(event=event, now=TEN)
