"""What is left to settle after the doors, and what comes of it?"""

from datetime import timedelta
from uuid import uuid4

import pytest

from door.domain import conflicts
from door.domain.admission import admit, admit_all
from door.domain.occupancy import occupancy
from door.models import Admission, CheckIn, Conflict, ScanReview
from foundation.refusals import InvalidInput
from tests import factories
from tests.door.factories import TEN, make_phone, make_scan, make_ticket

pytestmark = pytest.mark.django_db
LATER = TEN + timedelta(hours=1)


@pytest.fixture
def event(db):
    return factories.make_event()


@pytest.fixture
def phone(event):
    return make_phone(event)


@pytest.fixture
def boss(db):
    return factories.make_user("supervisor")


@pytest.fixture
def conflict(event, phone):
    other = make_phone(event, gate="side")
    ada = make_ticket(event)
    for device, at in ((phone, TEN), (other, TEN + timedelta(minutes=5))):
        admit_all(device=device, scans=[make_scan(ada, at, decided="admitted")], now=LATER)
    return Conflict.objects.get()


def test_conflict_is_listed_with_both_gates_until_it_is_settled(event, conflict, boss):
    listed = conflicts.conflicts_of(event=event, settled=False)

    assert [(one.check_in.gate.slug, one.stands.gate.slug) for one in listed] == [("side", "main")]
    scan_id = conflict.check_in.scan_id
    conflicts.settle_conflict(event=event, scan_id=scan_id, words="A screenshot", by=boss, now=LATER)
    assert conflicts.conflicts_of(event=event, settled=False) == []
    settled = conflicts.conflicts_of(event=event, settled=True)
    assert [(one.settlement, one.settled_by) for one in settled] == [("A screenshot", boss)]
    assert Admission.objects.standing().count() == 1


def test_conflicts_of_a_kind_are_settled_together_and_the_others_stay(event, conflict, boss, phone):
    """An hour without network and many overlaps: one finding, not an evening's work."""
    side = make_phone(event, gate="back")
    for number in range(3):
        ticket = make_ticket(event, f"Person {number}")
        for device, minute in ((phone, 0), (side, 5)):
            scan = make_scan(ticket, TEN + timedelta(minutes=minute), decided="admitted")
            admit_all(device=device, scans=[scan], now=LATER)
    cancelled = make_ticket(event, "Cass Cancelled", state="cancelled", changed_at=TEN - timedelta(days=1))
    admit_all(device=phone, scans=[make_scan(cancelled, TEN, decided="admitted")], now=LATER)
    settle = {
        "event": event,
        "kind": "already_admitted",
        "words": "Phones were away",
        "by": boss,
        "now": LATER,
    }

    assert conflicts.settle_kind(**settle) == 4

    left = conflicts.conflicts_of(event=event, settled=False)
    assert [one.check_in.ticket for one in left] == [cancelled]
    assert {one.settlement for one in conflicts.conflicts_of(event=event, settled=True)} == {
        "Phones were away"
    }
    with pytest.raises(conflicts.ReviewedAlready):
        conflicts.settle_kind(**settle)
    with pytest.raises(InvalidInput):
        conflicts.settle_kind(**settle | {"kind": "cancelled", "words": " "})


def test_conflict_is_settled_once_with_words_and_only_by_its_event(event, conflict, boss):
    scan_id = conflict.check_in.scan_id
    with pytest.raises(InvalidInput):
        conflicts.settle_conflict(event=event, scan_id=scan_id, words=" ", by=boss, now=LATER)
    other = factories.make_event("other")
    with pytest.raises(Conflict.DoesNotExist):
        conflicts.settle_conflict(event=other, scan_id=scan_id, words="Mine", by=boss, now=LATER)
    conflicts.settle_conflict(event=event, scan_id=scan_id, words="First", by=boss, now=LATER)
    with pytest.raises(conflicts.ReviewedAlready):
        conflicts.settle_conflict(event=event, scan_id=scan_id, words="Second", by=boss, now=LATER)

    assert Conflict.objects.get().settlement == "First"


def override_without_a_grant(event, phone):
    scan = make_scan(make_ticket(event, state="blocked"), TEN, override_reason="I know them")
    admit(device=phone, scan=scan, now=TEN)
    return scan


def test_accepted_override_counts_from_when_it_happened(event, phone, boss):
    scan = override_without_a_grant(event, phone)
    assert [one.scan_id for one in conflicts.scans_to_review(event=event)] == [scan.scan_id]

    conflicts.review_scan(event=event, scan_id=scan.scan_id, accept=True, by=boss, now=LATER)

    admission = Admission.objects.get()
    row = admission.check_in
    assert (admission.admitted_at, admission.is_inside) == (TEN, True)
    assert (row.verdict, row.overridden_verdict, row.override_reason) == (
        "admitted",
        "blocked",
        "I know them",
    )
    assert conflicts.scans_to_review(event=event) == []
    assert CheckIn.objects.get(scan_id=scan.scan_id).is_quarantined


def test_dismissed_scan_lets_nobody_in(event, phone, boss):
    scan = override_without_a_grant(event, phone)

    conflicts.review_scan(event=event, scan_id=scan.scan_id, accept=False, by=boss, now=LATER)

    assert not Admission.objects.exists()
    assert conflicts.scans_to_review(event=event) == []
    with pytest.raises(conflicts.ReviewedAlready):
        conflicts.review_scan(event=event, scan_id=scan.scan_id, accept=True, by=boss, now=LATER)


def test_scans_of_a_revoked_phone_are_accepted_one_by_one(event, phone, boss):
    ada, bea = make_ticket(event, "Ada One"), make_ticket(event, "Bea Two")
    scans = [
        make_scan(ada, TEN, decided="admitted"),
        make_scan(bea, TEN, decided="admitted"),
        make_scan("?", TEN),
    ]
    admit_all(device=phone, scans=scans, now=LATER, quarantine=True)

    for scan in scans:
        conflicts.review_scan(event=event, scan_id=scan.scan_id, accept=scan != scans[1], by=boss, now=LATER)

    assert [one.ticket for one in Admission.objects.all()] == [ada]
    assert occupancy(door_list=phone.door_list, now=LATER).inside == 1
    assert [review.accepted is not None for review in ScanReview.objects.order_by("pk")] == [
        True,
        False,
        False,
    ]


def test_scan_that_was_not_kept_for_review_cannot_be_reviewed(event, phone, boss):
    scan = make_scan(make_ticket(event), TEN)
    admit(device=phone, scan=scan, now=TEN)

    for scan_id in (scan.scan_id, uuid4()):
        with pytest.raises(CheckIn.DoesNotExist):
            conflicts.review_scan(event=event, scan_id=scan_id, accept=True, by=boss, now=LATER)
