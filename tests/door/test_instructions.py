"""Does an emergency instruction reach every phone, stop the door, and say who has seen it? (SG-12)"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from door.domain import instructions
from door.domain.instructions import EntryStopped, all_clear, give, note_seen, reached, tell
from door.domain.pins import set_pin, unlock
from door.domain.walk_ins import WalkIn, walk_in
from door.models import Instruction, InstructionSeen
from tests import factories
from tests.door.factories import make_phone
from tests.page_text import page_text
from tickets.domain.places import RegistrationClosed

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def event(db, now):
    return factories.make_event("open-day", starts_at=now - timedelta(minutes=30), title="Open Day")


@pytest.fixture
def boss(db):
    return factories.make_user("supervisor")


def locked_down(event, boss, now, **more):
    return give(event=event, by=boss, now=now, **({"kind": "lock-down", "is_drill": False} | more))


def contact(client, phone):
    body = {"device_now": timezone.now().isoformat(), "unsent": 0}
    return client.post(
        "/api/v1/devices/contact/", body, content_type="application/json", headers=bearer(phone)
    ).json()


def bearer(phone):
    return {"Authorization": f"Bearer door_{phone.name}"}


def say_seen(client, phone, uid):
    return client.post(
        "/api/v1/devices/instruction-seen/",
        {"uid": str(uid)},
        content_type="application/json",
        headers=bearer(phone),
    )


def test_it_travels_with_the_next_contact_until_the_all_clear(client, event, boss, now):
    phone = make_phone(event, name="Sam")
    assert contact(client, phone)["instruction"] is None
    made = locked_down(event, boss, now)

    told = contact(client, phone)["instruction"]

    assert (told["uid"], told["kind"], told["is_drill"]) == (str(made.uid), "lock-down", False)
    assert told["is_seen"] is False
    all_clear(event=event, by=boss, now=now)
    assert contact(client, phone)["instruction"] is None


def test_a_steward_says_that_they_have_seen_it_once(client, event, boss, now):
    phone, made = make_phone(event, name="Sam"), locked_down(event, boss, now)
    contact(client, phone)

    answers = [say_seen(client, phone, made.uid).status_code for _ in range(2)]

    assert answers == [200, 200]
    assert contact(client, phone)["instruction"]["is_seen"] is True
    row = InstructionSeen.objects.get()
    assert row.told_at <= row.seen_at


def test_another_events_instruction_cannot_be_seen(client, event, boss, now):
    other = factories.make_event("other", starts_at=now)
    elsewhere = locked_down(other, boss, now)
    phone = make_phone(event, name="Sam")

    assert say_seen(client, phone, elsewhere.uid).status_code == 422
    assert say_seen(client, phone, uuid4()).status_code == 422
    assert say_seen(client, phone, "no uid").status_code == 422
    assert not InstructionSeen.objects.exists()


def test_the_desk_knows_which_phones_have_not_seen_it(event, boss, now):
    seen, told, away = (make_phone(event, name=name) for name in ("Ada", "Bo", "Cy"))
    make_phone(event, name="Dee", revoked_at=now)
    made = locked_down(event, boss, now)
    tell(device=told, now=now)
    note_seen(device=seen, uid=made.uid, now=now)

    rows = [
        (one.device.name, bool(one.told_at), bool(one.seen_at)) for one in reached(instruction=made, now=now)
    ]

    assert rows == [("Cy", False, False), ("Bo", True, False), ("Ada", True, True)]
    assert away.name == "Cy"


def test_one_stands_at_a_time_and_the_same_again_is_the_same(event, boss, now):
    first = locked_down(event, boss, now)

    assert locked_down(event, boss, now) == first
    second = locked_down(event, boss, now, kind="evacuate")

    assert instructions.standing(event_id=event.pk) == second
    assert Instruction.objects.filter(ended_at__isnull=True).count() == 1


def test_entry_and_registering_stop_until_the_all_clear(event, boss, now):
    before = event.registration_closes_at
    set_pin(event=event, role="supervisor", pin="246813", now=now, by=None)
    phone = make_phone(event, name="Sam")
    unlock(device=phone, pin="246813", now=now)
    phone.refresh_from_db()
    locked_down(event, boss, now)
    locked_down(event, boss, now, kind="evacuate")  # one after the other forgets nothing
    event.refresh_from_db()
    person = WalkIn(name="Wanda Example", age=19, borough="liverpool")

    with pytest.raises(EntryStopped):
        walk_in(device=phone, scan_id=uuid4(), person=person, scanned_at=now, now=now)
    with pytest.raises(RegistrationClosed):
        factories.sign_up(event, "Ada Example", now=now)

    all_clear(event=event, by=boss, now=now)
    all_clear(event=event, by=boss, now=now)
    event.refresh_from_db()
    assert event.registration_closes_at == before
    assert factories.sign_up(event, "Ada Example", now=now).state == "valid"


def test_a_drill_stops_nothing(event, boss, now):
    locked_down(event, boss, now, is_drill=True)
    event.refresh_from_db()

    assert factories.sign_up(event, "Ada Example", now=now).state == "valid"
    instructions.refuse_while_it_stands(event_id=event.pk)


PAGE = "/desk/door/open-day/instruction/"


def post(client, **fields):
    return client.post(PAGE, fields)


def test_the_desk_gives_it_by_one_confirmed_act_and_sees_who_has_it(client, event, boss, now):
    client.force_login(boss)
    make_phone(event, name="Sam")

    unconfirmed = post(client, do="give", kind="lock-down", is_drill="real")
    assert (unconfirmed.status_code, Instruction.objects.count()) == (422, 0)
    assert b"Tick to tell every phone now" in unconfirmed.content
    given = post(client, do="give", kind="lock-down", is_drill="drill", confirmed="on")

    assert given.status_code == 302
    page = page_text(client.get(PAGE))
    assert "Drill: Lock down" in page
    assert "Seen on 0 of 1 phone." in page
    assert "Seen on 0 of 1 phones" in page_text(client.get("/desk/door/open-day/"))
    post(client, do="all-clear")
    assert Instruction.objects.get().ended_at is not None
    assert "Drill: Lock down" not in client.get(PAGE).content.decode()


@pytest.mark.parametrize("fields", [{"kind": "party"}, {"is_drill": "perhaps"}, {"kind": "\x00"}])
def test_what_is_no_instruction_is_refused(client, event, boss, fields):
    client.force_login(boss)
    sent = {"do": "give", "kind": "evacuate", "is_drill": "real", "confirmed": "on"} | fields

    assert post(client, **sent).status_code == 422
    assert not Instruction.objects.exists()


def test_it_is_for_whoever_leads_the_door(client, event):
    assert client.get(PAGE).status_code == 302
    for role, status in (("welfare", 403), ("board", 403), ("venue", 403), ("organiser", 200)):
        client.force_login(factories.make_user(role))
        assert client.get(PAGE).status_code == status
    assert client.put(PAGE).status_code == 405


def test_it_is_in_the_events_history(client, event, boss, now):
    locked_down(event, boss, now)
    all_clear(event=event, by=boss, now=now)
    client.force_login(factories.make_user("organiser"))

    page = client.get(f"/desk/events/{event.slug}/history/").content.decode()

    assert "told every phone: lock down" in page
    assert "ended: lock down" in page


@pytest.mark.parametrize("phones", [1, 3])
def test_the_page_costs_the_same(client, event, boss, now, phones, django_assert_num_queries):
    locked_down(event, boss, now)
    for number in range(phones):
        tell(device=make_phone(event, name=f"Phone {number}"), now=now)
    client.force_login(boss)

    with django_assert_num_queries(7):
        client.get(PAGE)
