"""Is a scan that comes late, or was decided offline, put in its place?"""

from datetime import timedelta

import pytest
from django.db import connection

from door.domain import devices
from door.domain.admission import admit, admit_all
from door.models import Admission, CheckIn, Conflict
from tests.door.factories import DOORS, TEN, answer, make_phone, make_scan, make_ticket
from tickets.models import Guardian

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
HOLDS = int(connection.vendor == "postgresql")  # SQLite has one writer: there is nothing to hold


def test_earlier_scan_that_arrives_later_takes_over_and_lists_a_conflict(event, phone, ada):
    side_door = make_phone(event, gate="side")
    later = make_scan(ada, TEN + 5 * MINUTE, decided="admitted")
    earlier = make_scan(ada, TEN, decided="admitted")
    evening = TEN + 60 * MINUTE

    first = admit(device=phone, scan=later, now=evening)
    second = admit(device=side_door, scan=earlier, now=evening)
    replay = admit(device=phone, scan=later, now=evening)

    assert [answer(first), answer(second), answer(replay)] == [
        ("admitted", "admitted"),
        ("admitted", "admitted"),
        ("admitted", "conflict"),
    ]
    assert Admission.objects.get().check_in.scan_id == earlier.scan_id
    conflict = Conflict.objects.get()
    assert (conflict.check_in.scan_id, conflict.stands.scan_id) == (later.scan_id, earlier.scan_id)
    assert second.inside == 1


def test_late_scan_without_decided_takes_over_from_a_later_one(phone, ada, event):
    side_door = make_phone(event, gate="side")
    live = make_scan(ada, TEN + 5 * MINUTE)
    admit(device=phone, scan=live, now=TEN + 5 * MINUTE)

    evening = TEN + 10 * MINUTE
    earlier = admit(device=side_door, scan=make_scan(ada, TEN, device_now=evening), now=evening)
    replay = admit(device=phone, scan=live, now=evening)

    assert (answer(earlier), answer(replay)) == (("admitted", "admitted"), ("admitted", "conflict"))


@pytest.mark.parametrize("clock", [{"device_now": TEN + 5 * MINUTE}, {}], ids=["tells its clock", "no clock"])
def test_live_scan_is_judged_by_what_stands_now_though_it_was_made_a_moment_before(phone, ada, event, clock):
    """Two phones online: the one that scanned second was answered first. One of them sees green."""
    now = TEN + 5 * MINUTE
    side_door = make_phone(event, gate="side")
    admit(device=phone, scan=make_scan(ada, now - SECOND), now=now - SECOND)

    slower = admit(device=side_door, scan=make_scan(ada, now - 3 * SECOND, **clock), now=now)

    assert answer(slower) == ("already_admitted", "already_admitted")
    assert not Conflict.objects.exists()
    assert Admission.objects.get().admitted_at == now - SECOND


def test_live_scan_after_an_exit_that_was_answered_first_lets_the_person_back_in(phone, ada, event):
    now = TEN + 5 * MINUTE
    admit(device=phone, scan=make_scan(ada, TEN), now=TEN)
    admit(device=phone, scan=make_scan(ada, now, direction="exit"), now=now)

    back = admit(device=phone, scan=make_scan(ada, now - SECOND, device_now=now), now=now)

    assert (answer(back), back.inside) == (("readmitted", "readmitted"), 1)


@pytest.mark.parametrize(
    ("seconds", "sent_with", "standing"),
    [(10, 0, "already_admitted"), (11, 0, "conflict"), (10, 1, "conflict")],
    ids=["10 seconds old", "11 seconds old", "not sent alone"],
)
def test_live_is_what_is_sent_alone_and_arrives_within_ten_seconds(
    phone, ada, event, seconds, sent_with, standing
):
    now = TEN + 5 * MINUTE
    admit(device=make_phone(event, gate="side"), scan=make_scan(ada, TEN), now=TEN)
    others = [make_scan(make_ticket(event, f"Person {n}"), now, device_now=now) for n in range(sent_with)]

    scan = make_scan(ada, now - seconds * SECOND, device_now=now)
    decisions = admit_all(device=phone, scans=[scan, *others], now=now)

    assert answer(decisions[0]) == ("already_admitted", standing)


WRONG_CLOCKS = [
    # scanned at, counter, believed to have happened at
    (TEN - timedelta(days=300), None, "receipt"),
    (TEN - timedelta(days=300), 7, "the scan before"),
    (TEN - timedelta(days=300), 1, "receipt"),
    (TEN + timedelta(days=300), 7, "the scan before"),
    (DOORS - 3 * MINUTE, 7, "the scan before"),
]


@pytest.mark.parametrize(("scanned_at", "counter", "happened"), WRONG_CLOCKS)
def test_time_that_cannot_be_is_capped_and_marked(phone, ada, event, scanned_at, counter, happened):
    """Before the phone was paired, or after its scan was received."""
    evening = TEN + 60 * MINUTE
    first = make_scan(make_ticket(event, "Bea Two"), TEN, device_now=evening, decided="admitted", counter=3)
    wrong = make_scan(ada, scanned_at, device_now=evening, decided="admitted", counter=counter)

    admit_all(device=phone, scans=[first, wrong], now=evening)

    row = CheckIn.objects.get(scan_id=wrong.scan_id)
    assert (row.happened_at, row.is_time_capped) == (
        {"receipt": evening, "the scan before": TEN}[happened],
        True,
    )
    assert not CheckIn.objects.get(scan_id=first.scan_id).is_time_capped


def test_late_scan_is_decided_as_of_its_time(phone, event):
    cancelled = make_ticket(event, state="cancelled", changed_at=TEN + MINUTE)
    waiting = make_ticket(event, "Young Person", age=14)
    Guardian.objects.create(
        ticket=waiting,
        fingerprint=b"g" * 16,
        answer="confirmed",
        asked_at=DOORS,
        answered_at=TEN + MINUTE,
        answered_how="link",
    )
    scans = [make_scan(ticket, TEN + n * MINUTE) for n in (0, 2) for ticket in (cancelled, waiting)]

    decisions = admit_all(device=phone, scans=scans, now=TEN + 60 * MINUTE)

    assert [decision.verdict for decision in decisions] == ["admitted", "on_hold", "cancelled", "admitted"]


def test_revoked_phone_hands_in_for_a_week_and_so_many(phone, ada, event, monkeypatch):
    monkeypatch.setattr(devices, "HAND_IN_MAX", 2)
    phone.revoked_at = TEN
    phone.save()

    def hand_in(now):
        scan = make_scan(ada, TEN, decided="admitted")
        return admit_all(device=phone, scans=[scan], now=now, quarantine=True)[0].standing

    last_moment = event.ends_at + devices.HAND_IN_FOR
    assert [hand_in(TEN), hand_in(last_moment)] == ["quarantined", "quarantined"]
    with pytest.raises(devices.HandInOver, match="too many"):
        hand_in(TEN)
    with pytest.raises(devices.HandInOver, match="more than a week"):
        hand_in(last_moment + SECOND)
    assert CheckIn.objects.count() == 2


def test_person_let_in_offline_counts_though_the_server_disagrees(phone, event):
    cancelled = make_ticket(event, state="cancelled", changed_at=DOORS)

    decision = admit(device=phone, scan=make_scan(cancelled, TEN, decided="admitted"), now=TEN + 30 * MINUTE)

    assert (answer(decision), decision.inside) == (("admitted", "conflict"), 1)
    assert Conflict.objects.get().server_verdict == "cancelled"


def test_refusal_decided_offline_never_admits(phone, ada):
    decision = admit(device=phone, scan=make_scan(ada, TEN, decided="on_hold"), now=TEN + 30 * MINUTE)

    assert (answer(decision), decision.inside) == (("on_hold", "on_hold"), 0)
    assert not Conflict.objects.exists()


def test_unknown_code_let_in_offline_is_listed_and_admits_nobody(phone):
    decision = admit(
        device=phone, scan=make_scan("NOTATICKET", TEN, decided="admitted"), now=TEN + 30 * MINUTE
    )

    assert (answer(decision), decision.inside) == (("unknown", "conflict"), 0)


def test_lost_answer_and_another_decision_on_the_phone_is_heard(event, phone, ada):
    event.safe_capacity = 0
    event.save()
    scan = make_scan(ada, TEN)
    lost = admit(device=phone, scan=scan, now=TEN)

    told = admit(
        device=phone,
        scan=make_scan(ada, TEN, scan_id=scan.scan_id, decided="admitted"),
        now=TEN + MINUTE,
    )

    assert (answer(lost), answer(told)) == (("full", "full"), ("full", "conflict"))
    assert told.inside == 1
    assert CheckIn.objects.count() == 1


def test_upload_is_decided_in_order_of_time_and_answered_in_order_sent(phone, ada):
    scans = [make_scan(ada, TEN + n * MINUTE) for n in (2, 0)]
    scans.append(scans[0])

    decisions = admit_all(device=phone, scans=scans, now=TEN + 60 * MINUTE)

    assert [decision.scan_id for decision in decisions] == [scan.scan_id for scan in scans]
    assert [decision.verdict for decision in decisions] == [
        "already_admitted",
        "admitted",
        "already_admitted",
    ]
    assert CheckIn.objects.count() == 2


def test_upload_costs_the_same_for_one_scan_and_for_thirty(event, phone, django_assert_num_queries):
    tickets = [make_ticket(event, f"Person {n}") for n in range(31)]
    later = TEN + 60 * MINUTE

    with django_assert_num_queries(6 + HOLDS):
        admit_all(device=phone, scans=[make_scan(tickets[30], TEN, decided="admitted")], now=later)
    with django_assert_num_queries(6 + HOLDS):
        admit_all(
            device=phone, scans=[make_scan(t, TEN, decided="admitted") for t in tickets[:30]], now=later
        )


def test_exit_that_arrives_before_its_entry_leaves_nobody_inside(phone, ada):
    evening = TEN + 60 * MINUTE
    admit(device=phone, scan=make_scan(ada, TEN + MINUTE, direction="exit"), now=evening)

    decision = admit(device=phone, scan=make_scan(ada, TEN, decided="admitted"), now=evening)

    assert (answer(decision), decision.inside) == (("admitted", "admitted"), 0)
