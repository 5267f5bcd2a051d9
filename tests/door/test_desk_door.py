"""What can be done with the door from the desk, by whom, and what do the pages say?"""

from datetime import timedelta

import pytest
from django.utils import timezone

from door.domain import pins
from door.domain.admission import admit, admit_all
from door.domain.devices import pair
from door.models import (
    Admission,
    Conflict,
    Device,
    DoorPin,
    DutyCard,
    Gate,
    PairingCode,
    RollCall,
    ScanReview,
)
from tests import factories
from tests.door.factories import code_of, make_gate, make_phone, make_scan, make_ticket

pytestmark = pytest.mark.django_db
PAGES = ["", "open-day/", "open-day/phones/", "open-day/settle/", "open-day/team/", "open-day/duty-card/"]


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def event(db, now):
    return factories.make_event(
        "open-day", starts_at=now - timedelta(minutes=30), safe_capacity=10, title="Open Day"
    )


@pytest.fixture
def boss(client, event):
    client.force_login(factories.make_user("supervisor"))
    return client


def get(client, path=""):
    return client.get(f"/desk/door/{path}")


def post(client, path, **fields):
    return client.post(f"/desk/door/{path}", fields)


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_the_door_team_alone(client, event, page):
    assert get(client, page).status_code == 302
    for role in ("board", "venue", ""):
        client.force_login(factories.make_user(role))
        assert get(client, page).status_code == 403
    for role in ("organiser", "supervisor"):
        client.force_login(factories.make_user(role))
        answer = get(client, page)
        assert answer.status_code == 200
        assert answer["Cache-Control"].find("no-store") >= 0


@pytest.mark.parametrize("page", PAGES)
def test_pages_refuse_the_wrong_method(boss, page):
    assert boss.put(f"/desk/door/{page}").status_code == 405


def test_welfare_sees_the_door_and_changes_nothing(client, event):
    client.force_login(factories.make_user("welfare"))
    make_gate(event)

    assert get(client, "open-day/").status_code == 200
    assert get(client, "open-day/phones/").status_code == 200
    assert post(client, "open-day/phones/", gate="main", session="").status_code == 403
    for path in ("settle/", "team/", "duty-card/"):
        assert get(client, f"open-day/{path}").status_code == 403
    assert not PairingCode.objects.exists()


def test_unknown_and_draft_events_are_not_found(boss):
    factories.make_event("draft", status="draft", published_at=None)

    for page in PAGES[1:]:
        for slug in ("draft", "nothing"):
            assert get(boss, page.replace("open-day", slug)).status_code == 404


def test_pairing_code_is_shown_as_qr_and_pairs_one_phone(boss, event, now):
    make_gate(event)

    page = post(boss, "open-day/phones/", gate="main", session="")

    code = page.context["code"]
    assert page.status_code == 200
    assert page.content.count(b"<svg") >= 1
    assert code in page.content.decode()
    device = pair(pairing_code=code, name="Sam", now=timezone.now()).device
    assert (device.event, device.gate.slug, device.door_list.session) == (event, "main", None)


def test_phone_is_paired_with_a_sessions_door(boss, event):
    make_gate(event)
    session = factories.make_session(event)

    code = post(boss, "open-day/phones/", gate="main", session=session.slug).context["code"]

    assert pair(pairing_code=code, name="Sam", now=timezone.now()).device.door_list.session == session


def test_pairing_refuses_gates_and_sessions_of_other_events(boss, event):
    other = factories.make_event("other")
    make_gate(other, "foreign")
    foreign = factories.make_session(other)
    make_gate(event)

    for fields in (
        {"gate": "foreign"},
        {"gate": "main", "session": foreign.slug},
        {"gate": ""},
        {},
        {"gate": "ma\0in"},
    ):
        assert post(boss, "open-day/phones/", **fields).status_code in {400, 422}
    assert not PairingCode.objects.exists()


def test_phones_are_listed_and_revoked(boss, event, now):
    phone = make_phone(event, name="Sam", last_seen_at=now, unsent_scans=7, app_version="abc123")

    page = get(boss, "open-day/phones/").content.decode()
    answer = post(boss, f"open-day/phones/{phone.pk}/revoke/")

    phone.refresh_from_db()
    assert all(words in page for words in ("Sam", "abc123", "<strong>7</strong>", "Main gate"))
    assert (answer.status_code, phone.revoked_at is not None) == (302, True)
    assert "Revoked" in get(boss, "open-day/phones/").content.decode()


def test_phone_of_another_event_is_not_revoked_here(boss, event):
    phone = make_phone(factories.make_event("other"))

    for key in (phone.pk, 10**30):
        assert post(boss, f"open-day/phones/{key}/revoke/").status_code == 404
    assert Device.objects.get().revoked_at is None


def test_phones_page_costs_the_same_for_one_and_three(boss, event, django_assert_num_queries):
    make_phone(event)
    with django_assert_num_queries(9):
        get(boss, "open-day/phones/")
    make_phone(event)
    make_phone(event)
    with django_assert_num_queries(9):
        get(boss, "open-day/phones/")


def test_live_page_counts_and_says_when_it_is_nearly_full(boss, event, now):
    phone = make_phone(event, last_seen_at=now)
    for number in range(9):
        admit(device=phone, scan=make_scan(make_ticket(event, f"Kim {number}"), now), now=now)
    admit(device=phone, scan=make_scan("nonsense", now), now=now)

    page = get(boss, "open-day/").content.decode()

    assert "Nearly full" in page
    assert "of 10 safe" in page
    assert "We do not know the code" in page
    admit(device=phone, scan=make_scan(make_ticket(event, "Last One"), now), now=now)
    assert "Full." in get(boss, "open-day/").content.decode()


def test_live_page_shows_no_name_of_a_guest(boss, event, now):
    phone = make_phone(event, last_seen_at=now)
    admit(device=phone, scan=make_scan(make_ticket(event, "Zebedee Quixotic"), now), now=now)

    for page in PAGES[1:]:
        assert "Zebedee" not in get(boss, page).content.decode()


def test_conflicts_and_kept_scans_are_settled(boss, event, now):
    ada = make_ticket(event)
    for gate in ("main", "side"):
        scan = make_scan(ada, now - timedelta(minutes=20), decided="admitted")
        admit_all(device=make_phone(event, gate=gate), scans=[scan], now=now)
    conflict = Conflict.objects.get()
    kept = make_scan(make_ticket(event, "Bo Blocked", state="blocked"), now, override_reason="I know them")
    admit(device=make_phone(event), scan=kept, now=now)

    page = get(boss, "open-day/settle/").content.decode()
    post(boss, "open-day/settle/", scan=str(conflict.check_in.scan_id), words="A screenshot")
    post(boss, "open-day/settle/", scan=str(kept.scan_id), accept="yes")

    assert "Main gate" in page
    assert "Side gate" in page
    assert "I know them" in page
    conflict.refresh_from_db()
    assert (conflict.settlement, conflict.settled_by.email) == ("A screenshot", "supervisor@example.org")
    assert ScanReview.objects.get().accepted is not None
    assert Admission.objects.standing().count() == 2
    assert "Nothing to settle" in get(boss, "open-day/settle/").content.decode()


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"scan": "x", "words": "y"},
        {"scan": "2f1b8a9c-0000-4000-8000-000000000001", "words": ""},
        {"scan": "2f1b8a9c-0000-4000-8000-000000000001", "words": "fine"},
        {"scan": "2f1b8a9c-0000-4000-8000-000000000001", "accept": "yes"},
        {"scan": "2f1b8a9c-0000-4000-8000-000000000001", "accept": "perhaps"},
    ],
)
def test_settling_nonsense_is_refused(boss, fields):
    assert post(boss, "open-day/settle/", **fields).status_code in {302, 404}


def test_gates_and_pins_are_set_before_the_day(boss, event, now):
    post(boss, "open-day/team/", ask="gate", name="Front door")
    post(boss, "open-day/team/", ask="pin", role="supervisor", pin="274951")

    assert Gate.objects.get().slug == "front-door"
    assert DoorPin.objects.get().role == "supervisor"
    page = get(boss, "open-day/team/").content.decode()
    assert "274951" not in page
    assert pins.unlock(device=make_phone(event), pin="274951", now=now) == "supervisor"


def test_bad_pins_and_gates_are_refused_in_words(boss):
    for fields in (
        {"ask": "pin", "role": "supervisor", "pin": "111111"},
        {"ask": "pin", "role": "king", "pin": "274951"},
        {"ask": "pin"},
        {"ask": "gate", "name": ""},
        {"ask": "gate", "name": "x" * 300},
    ):
        answer = post(boss, "open-day/team/", **fields)
        assert answer.status_code == 422
        assert b"There is a problem" in answer.content
    assert not DoorPin.objects.exists()
    assert not Gate.objects.exists()


def test_duty_card_is_shown_and_replaced(boss, event):
    first = get(boss, "open-day/duty-card/").context["letters"]
    assert get(boss, "open-day/duty-card/").context["letters"] == first

    post(boss, "open-day/duty-card/")

    assert get(boss, "open-day/duty-card/").context["letters"] != first
    assert DutyCard.objects.get().generation == 2


def test_roll_call_starts_and_ends_from_the_desk(boss, event):
    post(boss, "open-day/roll-call/", do="drill")
    assert "Drill: roll-call" in get(boss, "open-day/").content.decode()
    post(boss, "open-day/roll-call/", do="start")
    assert RollCall.objects.get().is_drill

    post(boss, "open-day/roll-call/", do="end")

    assert RollCall.objects.get().ended_at is not None
    assert post(boss, "open-day/roll-call/", do="panic").status_code == 404
    assert boss.get("/desk/door/open-day/roll-call/").status_code == 405


def test_steps_before_the_day_are_ticked_off(boss, event, now):
    make_phone(event, name="Sam", roster_at=now, storage_kept=False, clock_offset_ms=7_200_000)

    page = get(boss, "open-day/team/").content.decode()

    assert "1 paired" in page
    assert "Add the page to the home screen of Sam" in page
    assert "We correct the clock of Sam" in page


def test_short_code_of_a_ticket_is_nowhere_on_the_desk(boss, event, now):
    ada = make_ticket(event)
    admit(device=make_phone(event), scan=make_scan(ada, now), now=now)

    for page in PAGES[1:]:
        assert code_of(ada)[:10] not in get(boss, page).content.decode()


@pytest.mark.parametrize(
    ("expected", "words"),
    [(199, ""), (200, "200 people or more"), (799, "200 people or more"), (800, "800 people or more")],
)
def test_the_acts_thresholds_are_said_by_who_is_expected_at_one_time(boss, event, expected, words):
    """SG-02: Terrorism (Protection of Premises) Act 2025."""
    event.expected_peak = expected
    event.save()

    page = get(boss, "open-day/").content.decode()

    assert (words in page, "Protection of Premises" in page) == (True, bool(words))
    assert ("800 people or more" in page) == (expected >= 800)
