"""Who is let in, refused or sent to another door, and who is inside?"""

from datetime import timedelta

import pytest
from django.db import connection

from door.domain.admission import admit
from door.domain.decisions import TicketShown
from door.domain.devices import DeviceRefused
from door.models import Admission, CheckIn
from tests import factories
from tests.door.factories import (
    DOORS,
    TEN,
    answer,
    code_of,
    make_phone,
    make_registration,
    make_scan,
    make_ticket,
)
from tickets.domain import codes
from tickets.models import ReplacedCode, SessionPlace, Ticket

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
HOLDS = int(connection.vendor == "postgresql")  # SQLite has one writer: there is nothing to hold


def test_live_entry_is_let_in_with_four_reads_and_two_inserts(phone, ada, django_assert_num_queries):
    scan = make_scan(ada, TEN)

    with django_assert_num_queries(6 + HOLDS):
        decision = admit(device=phone, scan=scan, now=TEN)

    assert decision.verdict == decision.standing == "admitted"
    assert decision.message == "Welcome."
    assert decision.ticket == TicketShown(1, "Ada", "L", "16-17", ("no_photos",))
    assert (decision.first_admitted_at, decision.gate, decision.inside) == (TEN, "main", 1)
    assert decision.safe_capacity == 600
    check_in = CheckIn.objects.get()
    assert (check_in.ticket, check_in.device, check_in.gate) == (ada, phone, phone.gate)
    assert Admission.objects.get().check_in == check_in


def test_second_scan_says_where_and_when(event, phone, ada):
    side_door = make_phone(event, gate="side")
    admit(device=phone, scan=make_scan(ada, TEN), now=TEN)

    decision = admit(device=side_door, scan=make_scan(ada, TEN + MINUTE), now=TEN + MINUTE)

    assert answer(decision) == ("already_admitted", "already_admitted")
    assert decision.message == "Already let in at 10:00, Main gate. Check their name, or call a supervisor."
    assert (decision.first_admitted_at, decision.gate, decision.inside) == (TEN, "main", 1)
    assert list(CheckIn.objects.values_list("verdict", flat=True)) == ["admitted", "already_admitted"]


def test_known_scan_is_replayed_whatever_happened_since(phone, ada):
    scan = make_scan(ada, TEN)
    first = admit(device=phone, scan=scan, now=TEN)
    Ticket.objects.update(state="cancelled", changed_at=TEN + MINUTE)

    second = admit(device=phone, scan=scan, now=TEN + 2 * MINUTE)

    assert (first.is_replay, second.is_replay) == (False, True)
    assert answer(second) == ("admitted", "admitted")
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize(
    "write",
    [
        str.lower,
        lambda code: f"  {code}\r\n",
        lambda code: " ".join(code[at : at + 4] for at in range(0, 26, 4)),
        lambda code: f"https://elsewhere.example/t/{code.lower()}/",
        lambda code: code[:10],
        lambda code: code[:10].lower(),
    ],
)
def test_code_is_found_however_it_is_written(phone, ada, write):
    decision = admit(device=phone, scan=make_scan(write(code_of(ada)), TEN), now=TEN)

    assert (decision.verdict, decision.ticket.serial) == ("admitted", 1)


@pytest.mark.parametrize(
    "code",
    ["", "1", "javascript:alert(1)", "WIFI:S:x;T:WPA;P:y;;", "\x00\x01\x02", "\ud800", "A" * 8_000, "A" * 26],
)
def test_what_is_no_ticket_is_unknown_and_kept_as_a_digest(phone, ada, code):
    decision = admit(device=phone, scan=make_scan(code, TEN), now=TEN)

    assert answer(decision) == ("unknown", "unknown")
    assert (decision.ticket, decision.first_admitted_at) == (None, None)
    row = CheckIn.objects.get()
    assert (row.ticket, len(row.unknown_digest)) == (None, 64)


def test_flipped_character_is_unknown(phone, ada):
    code = code_of(ada)
    forged = ("B" if code[0] == "A" else "A") + code[1:]

    assert admit(device=phone, scan=make_scan(forged, TEN), now=TEN).verdict == "unknown"


def test_other_events_ticket_shows_nothing_of_its_person(phone):
    elsewhere = make_ticket(factories.make_event("elsewhere"), "Grace Hopper")

    decision = admit(device=phone, scan=make_scan(elsewhere, TEN), now=TEN)

    assert (decision.verdict, decision.ticket, decision.first_admitted_at) == ("wrong_event", None, None)
    assert not Admission.objects.exists()


def test_other_events_short_code_is_unknown(phone):
    elsewhere = make_ticket(factories.make_event("elsewhere"))

    assert admit(device=phone, scan=make_scan(code_of(elsewhere)[:10], TEN), now=TEN).verdict == "unknown"


@pytest.mark.parametrize(
    ("state", "verdict"), [("cancelled", "cancelled"), ("on-hold", "on_hold"), ("blocked", "blocked")]
)
def test_ticket_that_does_not_admit_is_refused_but_may_leave(phone, event, state, verdict):
    ticket = make_ticket(event, state=state)

    refused = admit(device=phone, scan=make_scan(ticket, TEN), now=TEN)
    exit_ = admit(device=phone, scan=make_scan(ticket, TEN, direction="exit"), now=TEN)

    assert (refused.verdict, exit_.verdict) == (verdict, "left")
    assert not Admission.objects.exists()


def test_reissued_ticket_replaces_its_old_code(phone, ada):
    old = code_of(ada)
    ReplacedCode.objects.create(
        ticket=ada,
        generation=1,
        fingerprint=ada.fingerprint,
        short_fingerprint=ada.short_fingerprint,
        replaced_at=TEN - MINUTE,
    )
    ada.generation = 2
    ada.fingerprint = codes.fingerprint(code_of(ada))
    ada.short_fingerprint = codes.short_fingerprint(code_of(ada))
    ada.save()

    verdicts = [
        admit(device=phone, scan=make_scan(code, TEN), now=TEN).verdict
        for code in (old, old[:10], code_of(ada))
    ]

    assert verdicts == ["replaced", "replaced", "admitted"]


def test_door_keeps_its_times(phone, ada, event):
    early, late = DOORS - MINUTE, event.ends_at

    verdicts = [admit(device=phone, scan=make_scan(ada, at), now=at) for at in (early, late)]

    assert [decision.message for decision in verdicts] == [
        "This door opens at 09:00. Ask them to come back then.",
        "This door closed at 14:30. Call a supervisor if they should still come in.",
    ]


def test_ticket_issued_after_the_scan_is_not_refused_for_that(phone, event):
    walk_in = make_ticket(event, issued_at=TEN + MINUTE)

    assert admit(device=phone, scan=make_scan(walk_in, TEN), now=TEN + 2 * MINUTE).verdict == "admitted"


def test_session_door_says_the_right_room_and_time(event, ada):
    here = factories.make_session(event, "games-workshop", capacity=10)
    studio = factories.make_space("studio-two", name="Studio 2")
    there = factories.make_session(event, "film-workshop", capacity=10, space=studio, after_minutes=90)
    phone = make_phone(event, session=here)
    SessionPlace.objects.create(ticket=ada, session=there)
    now = here.starts_at

    lost = admit(device=phone, scan=make_scan(ada, now), now=now)
    SessionPlace.objects.create(ticket=ada, session=here)
    found = admit(device=phone, scan=make_scan(ada, now), now=now)

    assert (lost.verdict, lost.message) == (
        "wrong_session",
        "Their place is in Studio 2 at 11:00. Show them the way.",
    )
    assert found.verdict == "admitted"


def test_session_without_a_limit_takes_whoever_is_in(event, ada):
    talk = factories.make_session(event, "open-talk")
    phone = make_phone(event, session=talk)

    assert admit(device=phone, scan=make_scan(ada, talk.starts_at), now=talk.starts_at).verdict == "admitted"


def test_exit_and_return_is_one_person(phone, ada):
    times = [TEN + n * MINUTE for n in range(4)]
    directions = ["entry", "exit", "exit", "entry"]

    decisions = [
        admit(device=phone, scan=make_scan(ada, at, direction=direction), now=at)
        for at, direction in zip(times, directions, strict=True)
    ]

    assert [decision.verdict for decision in decisions] == ["admitted", "left", "left", "readmitted"]
    assert [decision.inside for decision in decisions] == [1, 0, 0, 1]
    assert Admission.objects.get().admitted_at == TEN


def test_full_house_holds_and_an_exit_makes_room(event, phone):
    event.safe_capacity = 1
    event.save()
    ada, grace = make_ticket(event, "Ada"), make_ticket(event, "Grace")

    def scan(ticket, direction="entry"):
        return admit(device=phone, scan=make_scan(ticket, TEN, direction=direction), now=TEN)

    decisions = [scan(ada), scan(grace), scan(ada, "exit"), scan(grace), scan(ada)]

    assert [decision.verdict for decision in decisions] == ["admitted", "full", "left", "admitted", "full"]


def test_scan_near_the_safe_capacity_costs_two_more_queries(event, phone, ada, django_assert_num_queries):
    event.safe_capacity = 10
    event.save()

    with django_assert_num_queries(8 + HOLDS):
        admit(device=phone, scan=make_scan(ada, TEN), now=TEN)


def test_queries_do_not_grow_with_the_event(event, phone, django_assert_num_queries):
    event.safe_capacity = None
    event.save()
    tickets = [make_ticket(event, f"Person {n}") for n in range(12)]
    for ticket in tickets[:10]:
        admit(device=phone, scan=make_scan(ticket, TEN), now=TEN)

    with django_assert_num_queries(6 + HOLDS):
        admit(device=phone, scan=make_scan(tickets[10], TEN), now=TEN)
    with django_assert_num_queries(7 + HOLDS):
        admit(device=phone, scan=make_scan(tickets[0], TEN), now=TEN)


def test_clock_of_the_phone_is_corrected(phone, ada):
    two_hours = timedelta(hours=2)
    scan = make_scan(ada, TEN - two_hours, device_now=TEN - two_hours + MINUTE)

    decision = admit(device=phone, scan=scan, now=TEN + MINUTE)

    assert (decision.verdict, decision.first_admitted_at) == ("admitted", TEN)
    assert CheckIn.objects.get().scanned_at == TEN - two_hours


def test_clock_ahead_never_scans_in_the_future(phone, ada):
    decision = admit(device=phone, scan=make_scan(ada, TEN + timedelta(days=1)), now=TEN)

    assert decision.first_admitted_at == TEN


def test_revoked_and_outdated_phones_are_refused(event, phone, ada):
    over = event.ends_at + timedelta(hours=12)
    with pytest.raises(DeviceRefused):
        admit(device=phone, scan=make_scan(ada, over), now=over)
    phone.revoked_at = TEN
    phone.save()

    with pytest.raises(DeviceRefused):
        admit(device=phone, scan=make_scan(ada, TEN), now=TEN)

    assert not CheckIn.objects.exists()


def test_desk_scans_without_a_phone(phone, ada):
    decision = admit(door_list=phone.door_list, scan=make_scan(ada, TEN), now=TEN)

    assert (decision.verdict, decision.gate) == ("admitted", "")


def test_group_ticket_says_so(event, phone):
    registration = make_registration(event, 99, DOORS, kind="group")
    ticket = make_ticket(event, "Tom Teacher", registration=registration, is_adult_of_group=True, age=None)

    decision = admit(device=phone, scan=make_scan(ticket, TEN), now=TEN)

    assert decision.ticket.flags == ("no_photos", "group", "group_adult")
