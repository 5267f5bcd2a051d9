"""Which scans count though they were refused, and which never count?"""

from datetime import timedelta

import pytest

from door.domain.admission import admit, admit_all
from door.models import Admission, CheckIn, Conflict
from tests import factories
from tests.door.factories import DOORS, TEN, answer, make_phone, make_scan, make_ticket

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def test_supervisor_admits_what_was_refused_with_a_reason(event, phone):
    waiting = make_ticket(event, state="on-hold")
    phone.supervisor_until = TEN + timedelta(hours=11)
    phone.save()

    decision = admit(device=phone, scan=make_scan(waiting, TEN, override_reason="Guardian is here"), now=TEN)

    assert (answer(decision), decision.inside) == (("admitted", "admitted"), 1)
    row = CheckIn.objects.get()
    assert (row.override_reason, row.overridden_verdict) == ("Guardian is here", "on_hold")


def test_override_without_a_grant_waits_for_review(event, phone):
    waiting = make_ticket(event, state="on-hold")

    decision = admit(device=phone, scan=make_scan(waiting, TEN, override_reason="They asked"), now=TEN)

    assert (answer(decision), decision.inside) == (("on_hold", "quarantined"), 0)
    assert not Admission.objects.exists()


def test_override_never_admits_an_unknown_code(phone):
    phone.supervisor_until = TEN + timedelta(hours=11)
    phone.save()

    decision = admit(device=phone, scan=make_scan("nonsense", TEN, override_reason="Let them in"), now=TEN)

    assert answer(decision) == ("unknown", "unknown")


def test_override_of_somebody_inside_counts_once(phone, ada):
    phone.supervisor_until = TEN + timedelta(hours=11)
    phone.save()
    admit(device=phone, scan=make_scan(ada, TEN), now=TEN)

    decision = admit(
        device=phone, scan=make_scan(ada, TEN + MINUTE, override_reason="Same person"), now=TEN + MINUTE
    )

    assert (decision.verdict, decision.inside) == ("admitted", 1)
    assert not Conflict.objects.exists()


def test_practice_reaches_no_figure_and_needs_no_open_door(phone, ada):
    before = DOORS - timedelta(hours=2)

    practised = [
        admit(
            device=phone, scan=make_scan(ada, before + n * MINUTE, is_practice=True), now=before + n * MINUTE
        )
        for n in range(2)
    ]
    real = admit(device=phone, scan=make_scan(ada, TEN), now=TEN)

    assert [answer(decision) for decision in practised] == [
        ("admitted", "practice"),
        ("already_admitted", "practice"),
    ]
    assert [decision.inside for decision in practised] == [0, 0]
    assert answer(real) == ("admitted", "admitted")


def test_quarantined_upload_admits_nobody(phone, ada):
    [decision] = admit_all(
        device=phone,
        scans=[make_scan(ada, TEN, decided="admitted")],
        now=TEN + 30 * MINUTE,
        quarantine=True,
    )

    assert (decision.standing, decision.inside) == ("quarantined", 0)


def test_scan_id_of_another_event_is_no_replay(event, phone, ada):
    elsewhere = factories.make_event("elsewhere")
    scan = make_scan(ada, TEN)
    admit(device=phone, scan=scan, now=TEN)

    with pytest.raises(Exception, match="could not be read"):
        admit(device=make_phone(elsewhere), scan=scan, now=TEN)


@pytest.mark.parametrize(
    ("scanned_at", "is_covered"),
    [
        (TEN - MINUTE, False),
        (TEN, True),
        (TEN + timedelta(hours=12) - MINUTE, True),
        (TEN + timedelta(hours=12), False),
    ],
    ids=["a minute before the PIN", "with the PIN", "in its last minute", "twelve hours later"],
)
def test_a_pin_covers_the_scans_of_its_twelve_hours_however_late_they_come(
    event, phone, scanned_at, is_covered
):
    waiting = make_ticket(event, state="on-hold")
    phone.supervisor_until = TEN + timedelta(hours=12)
    phone.save()
    scan = make_scan(waiting, scanned_at, override_reason="Guardian is here")

    decision = admit(device=phone, scan=scan, now=TEN + timedelta(hours=13))

    assert decision.standing == ("admitted" if is_covered else "quarantined")
    assert Admission.objects.exists() is is_covered
    assert CheckIn.objects.get().is_quarantined is not is_covered
