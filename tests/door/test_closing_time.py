"""Who is inside after closing time?"""

from datetime import UTC, datetime, timedelta

import pytest

from door.domain import closing_time
from door.domain.admission import admit, admit_all
from door.domain.occupancy import occupancy
from door.domain.undo import undo
from door.models import Admission, CheckIn
from tests import factories
from tests.door.factories import TEN, make_phone, make_scan, make_ticket

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def event(db):
    return factories.make_event()


@pytest.fixture
def phone(event):
    return make_phone(event)


def inside(phone, at):
    return occupancy(door_list=phone.door_list, now=at).inside


def test_closing_time_checks_everybody_out_by_a_row_each(event, phone):
    for name in ("Ada One", "Bea Two", "Cleo Three"):
        admit(device=phone, scan=make_scan(make_ticket(event, name), TEN), now=TEN)
    ends_at = event.ends_at

    early = closing_time.check_out_at_closing(now=ends_at - timedelta(seconds=1))
    done = closing_time.check_out_at_closing(now=ends_at)
    again = closing_time.check_out_at_closing(now=ends_at + timedelta(hours=5))

    exits = CheckIn.objects.filter(is_automatic=True)
    assert (early, done, again) == (0, 3, 0)
    assert [(row.verdict, row.direction, row.happened_at) for row in exits] == [("left", "exit", ends_at)] * 3
    assert inside(phone, ends_at) == 0
    assert Admission.objects.standing().count() == 3


def test_closing_costs_the_same_for_one_and_three(event, phone, django_assert_num_queries):
    admit(device=phone, scan=make_scan(make_ticket(event, "Ada One"), TEN), now=TEN)
    with django_assert_num_queries(9):
        assert closing_time.check_out_at_closing(now=event.ends_at) == 1
    for name in ("Bea Two", "Cleo Three", "Dee Four"):
        scan = make_scan(make_ticket(event, name), TEN)
        admit(device=phone, scan=scan, now=TEN)
    with django_assert_num_queries(9):
        assert closing_time.check_out_at_closing(now=event.ends_at) == 3


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        # The hour from 01:00 to 02:00 in London happens twice on 31 October 2027, and never on 28 March.
        (datetime(2027, 10, 30, 20, 0, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
        (datetime(2027, 10, 30, 20, 0, tzinfo=UTC), datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
        (datetime(2027, 3, 27, 20, 0, tzinfo=UTC), datetime(2027, 3, 28, 1, 15, tzinfo=UTC)),
    ],
    ids=["the second half past one", "the first half past one", "just after the clocks went forward"],
)
def test_closing_time_is_right_on_the_nights_the_clocks_change(starts_at, ends_at):
    event = factories.make_event("late-night", starts_at=starts_at, ends_at=ends_at)
    phone = make_phone(event)
    at = starts_at + timedelta(hours=1)
    admit(device=phone, scan=make_scan(make_ticket(event), at), now=at)

    assert closing_time.check_out_at_closing(now=ends_at - timedelta(minutes=1)) == 0
    assert closing_time.check_out_at_closing(now=ends_at) == 1
    assert CheckIn.objects.get(is_automatic=True).happened_at == ends_at


def test_scan_that_comes_in_after_closing_is_checked_out_too(event, phone):
    ada = make_ticket(event)
    night = event.ends_at + timedelta(hours=3)
    closing_time.check_out_at_closing(now=night)
    scan = make_scan(ada, TEN, decided="admitted", device_now=night)
    admit_all(device=phone, scans=[scan], now=night)
    assert inside(phone, night) == 1

    closing_time.check_out_at_closing(now=night)

    assert inside(phone, night) == 0
    assert Admission.objects.get().admitted_at == TEN


def test_late_entry_by_a_supervisor_has_an_hour(event, phone):
    phone.supervisor_until = event.ends_at + timedelta(hours=4)
    phone.save()
    late = event.ends_at + timedelta(minutes=10)
    scan = make_scan(make_ticket(event), late, override_reason="Forgot a bag")
    admit(device=phone, scan=scan, now=late)

    assert closing_time.check_out_at_closing(now=late + timedelta(minutes=59)) == 0
    assert closing_time.check_out_at_closing(now=late + timedelta(hours=1)) == 1
    assert inside(phone, late) == 0


def test_sessions_room_empties_at_its_end_and_the_house_does_not(event, phone):
    session = factories.make_session(event, after_minutes=20)
    door = make_phone(event, session=session)
    ada = make_ticket(event)
    at = session.starts_at
    admit(device=phone, scan=make_scan(ada, at), now=at)
    admit(device=door, scan=make_scan(ada, at), now=at)

    assert closing_time.check_out_at_closing(now=session.ends_at) == 1
    assert (inside(door, at), inside(phone, at)) == (0, 1)


def test_undone_admission_is_not_checked_out(event, phone):
    scan = make_scan(make_ticket(event), TEN)
    admit(device=phone, scan=scan, now=TEN)
    undo(scan_id=scan.scan_id, reason="Wrong person", device=phone, now=TEN)

    assert closing_time.check_out_at_closing(now=event.ends_at) == 0
