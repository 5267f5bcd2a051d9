"""Who may take a scan back, and what stands then?"""

from datetime import timedelta
from uuid import uuid4

import pytest

from door.domain.admission import admit
from door.domain.undo import NothingToUndo, UndoForbidden, undo
from door.models import Admission, CheckIn, Conflict, DoorList
from tests.door.factories import TEN, answer, make_gate, make_phone, make_scan

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_undo_is_a_row_and_lets_the_ticket_in_again(phone, ada):
    scan = make_scan(ada, TEN)
    admit(device=phone, scan=scan, now=TEN)

    undone = undo(scan_id=scan.scan_id, reason="Wrong person", now=TEN + MINUTE, device=phone)
    again = undo(scan_id=scan.scan_id, reason="Wrong person", now=TEN + 2 * MINUTE, device=phone)
    replay = admit(device=phone, scan=scan, now=TEN + 3 * MINUTE)
    entry = admit(device=phone, scan=make_scan(ada, TEN + 4 * MINUTE), now=TEN + 4 * MINUTE)

    assert (answer(undone), undone.inside, undone.is_replay) == (("admitted", "undone"), 0, False)
    assert (again.scan_id, again.is_replay) == (undone.scan_id, True)
    assert (answer(replay), entry.verdict) == (("admitted", "undone"), "admitted")
    assert CheckIn.objects.count() == 3
    assert Admission.objects.standing().get().check_in.scan_id == entry.scan_id


def test_undo_of_the_earlier_admission_gives_the_later_one_its_place(event, phone, ada):
    side_door = make_phone(event, gate="side")
    evening = TEN + 60 * MINUTE
    earlier, later = (make_scan(ada, TEN + n * MINUTE, decided="admitted") for n in range(2))
    admit(device=phone, scan=earlier, now=evening)
    admit(device=side_door, scan=later, now=evening)

    undo(scan_id=earlier.scan_id, reason="Wrong ticket", now=evening, device=phone)

    assert Admission.objects.standing().get().check_in.scan_id == later.scan_id
    assert not Conflict.objects.exists()


def test_only_its_phone_or_a_supervisor_undoes_a_scan(event, phone, ada):
    scan = make_scan(ada, TEN)
    admit(device=phone, scan=scan, now=TEN)
    other = make_phone(event, gate="side")

    with pytest.raises(UndoForbidden):
        undo(scan_id=scan.scan_id, reason="Why not", now=TEN, device=other)
    other.supervisor_until = TEN + MINUTE
    other.save()

    assert undo(scan_id=scan.scan_id, reason="Mistake", now=TEN, device=other).standing == "undone"


def test_refused_scan_has_nothing_to_undo(phone):
    scan = make_scan("nonsense", TEN)
    admit(device=phone, scan=scan, now=TEN)

    with pytest.raises(NothingToUndo):
        undo(scan_id=scan.scan_id, reason="Mistake", now=TEN, device=phone)


def test_undo_of_an_exit_brings_the_person_back_in(phone, ada):
    admit(device=phone, scan=make_scan(ada, TEN), now=TEN)
    left = make_scan(ada, TEN + MINUTE, direction="exit")
    admit(device=phone, scan=left, now=TEN + MINUTE)

    assert undo(scan_id=left.scan_id, reason="Still here", now=TEN + 2 * MINUTE, device=phone).inside == 1


def test_unknown_scan_cannot_be_undone(phone):
    with pytest.raises(CheckIn.DoesNotExist):
        undo(scan_id=uuid4(), reason="Mistake", now=TEN, device=phone)
    assert DoorList.objects.count() == 1
    assert make_gate(phone.event).name == "Main gate"
