"""Does the register say who is on duty and what was seen, and nothing of a certificate?"""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from door.domain.duty_team import Ratio, forget_staff, note_presence, welfare_ratio
from door.models import Admission, CheckIn, DoorList, StaffMember
from tests import factories
from tests.page_text import page_text


@pytest.fixture
def event(db):
    return factories.make_event(starts_at=timezone.now() + timedelta(days=7))


def base(event):
    return f"/desk/events/{event.slug}/staff/"


def answers(**more):
    return {"name": "Wendy Welfare", "role": "welfare", "duty": "Quiet room", "dbs_level": "not-asked"} | more


def test_somebody_is_added_changed_and_taken_off(desk, event, organiser):
    warned = desk.post(f"{base(event)}new/", answers(), follow=True).content.decode()
    member = StaffMember.objects.get()
    desk.post(
        f"{base(event)}{member.uid}/",
        answers(id_seen_on="2026-01-05", dbs_level="enhanced", dbs_seen_on="2026-01-05"),
    )
    member.refresh_from_db()

    assert "Check missing" in warned
    assert (member.lacks_a_check, member.checked_by) == (False, organiser)
    assert b"Check missing" not in desk.get(base(event)).content
    desk.post(f"{base(event)}{member.uid}/", {"do": "remove"})
    assert not StaffMember.objects.exists()


def test_a_steward_needs_no_certificate(desk, event):
    page = desk.post(f"{base(event)}new/", answers(role="steward"), follow=True)

    assert b"Check missing" not in page.content


@pytest.mark.parametrize(
    "fault",
    [
        {"name": ""},
        {"name": "\x07"},
        {"role": "boss"},
        {"dbs_level": "gold"},
        {"dbs_seen_on": "2026-01-05"},
        {"id_seen_on": "2199-01-01"},
        {"id_seen_on": "nonsense"},
        {"id_seen_on": "0001-01-01"},
    ],
)
def test_what_cannot_be_is_refused(desk, event, fault):
    assert desk.post(f"{base(event)}new/", answers(**fault)).status_code == 422
    assert not StaffMember.objects.exists()


def test_the_register_is_forgotten_with_the_names(desk, event):
    desk.post(f"{base(event)}new/", answers())

    kept = forget_staff(now=event.ends_at + timedelta(days=29))
    gone = forget_staff(now=event.ends_at + timedelta(days=31))

    assert (kept, gone) == (0, 1)


def test_another_events_member_is_not_found(desk, event):
    desk.post(f"{base(event)}new/", answers())
    other = factories.make_event("other")

    assert desk.get(f"{base(other)}{StaffMember.objects.get().uid}/").status_code == 404


@pytest.mark.parametrize("role", ["", "supervisor", "welfare", "venue", "board"])
def test_only_an_organiser_keeps_it(client, event, role):
    member = StaffMember.objects.create(event=event, name="Sam", role="steward", added_at=timezone.now())
    urls = [
        base(event),
        f"{base(event)}new/",
        f"{base(event)}{member.uid}/",
        f"/desk/events/{event.slug}/history/",
    ]
    assert {client.get(url).status_code for url in urls} == {302}
    client.force_login(factories.make_user(role))
    assert {client.get(url).status_code for url in urls} == {403}
    assert client.post(urls[2], {"do": "remove"}).status_code == 403
    assert StaffMember.objects.exists()


def test_under_16s_stand_beside_the_welfare_team(desk, event):
    for number, age in enumerate([11, 12, 13, 11, 12, 13, 11, 12, 14, 15, 16, 25]):
        factories.sign_up(event, f"N{number} Example", age=age, now=timezone.now())
    before = welfare_ratio(event=event)
    short = page_text(desk.get(base(event)))
    for number, role in enumerate(["welfare", "safeguarding", "steward"]):
        StaffMember.objects.create(event=event, name=f"Sam {number}", role=role, added_at=timezone.now())

    assert before == Ratio(
        expected=10, inside=0, welfare=0, present=0, needed=2, needed_now=0, younger=8, older=10
    )
    assert "10 under 16 expected, 0 inside now; 0 on the welfare team" in short
    assert (before.is_short, welfare_ratio(event=event).is_short) == (True, False)


def let_in(ticket, now):
    entrance = DoorList.objects.get_or_create(event=ticket.event, session=None)[0]
    scan = CheckIn.objects.create(
        scan_id=uuid4(),
        event=ticket.event,
        door_list=entrance,
        ticket=ticket,
        verdict="admitted",
        scanned_at=now,
        happened_at=now,
        recorded_at=now,
    )
    Admission.objects.create(
        ticket=ticket,
        door_list=entrance,
        check_in=scan,
        admitted_at=now,
        last_at=now,
        recorded_at=now,
        changed_at=now,
    )


def test_who_is_here_stands_beside_the_under_16s_inside(desk, event, organiser, settings):
    now = timezone.now()
    young = [factories.sign_up(event, f"N{number} Example", age=12, now=now) for number in range(9)]
    for ticket in young:
        let_in(ticket, now)
    team = [
        StaffMember.objects.create(event=event, name=f"Sam {number}", role="welfare", added_at=now)
        for number in range(3)
    ]
    url = f"{base(event)}{team[0].uid}/presence/"

    desk.post(url, {"is_here": "yes"})
    one = welfare_ratio(event=event)
    page = page_text(desk.get(base(event)))
    note_presence(member=team[1], is_here=True, by=organiser, now=now)
    two = welfare_ratio(event=event)
    desk.post(url, {"is_here": "no"})
    gone = welfare_ratio(event=event)
    settings.CHILDREN_TO_ONE_ADULT = {"younger": 9, "older": 10}

    assert [(r.inside, r.present, r.needed_now, r.is_short_now) for r in (one, two, gone)] == [
        (9, 1, 2, True),
        (9, 2, 2, False),
        (9, 1, 2, True),
    ]
    assert "9 inside now; 3 on the welfare team, 1 of them here" in page
    assert welfare_ratio(event=event).needed_now == 1
    live = desk.get(f"/desk/door/{event.slug}/").content.decode()
    assert "9 under 16 inside; 1 of the welfare team here" in live


def test_coming_and_going_twice_changes_nothing(desk, event, organiser):
    member = StaffMember.objects.create(
        event=event, name="Sam Sample", role="steward", added_at=timezone.now()
    )
    came, again, left, back = (timezone.now() + timedelta(minutes=minutes) for minutes in (0, 5, 60, 90))
    by = {"member": member, "by": organiser}

    note_presence(is_here=False, now=came, **by)
    note_presence(is_here=True, now=came, **by)
    note_presence(is_here=True, now=again, **by)
    note_presence(is_here=False, now=left, **by)
    member.refresh_from_db()
    assert (member.came_at, member.left_at, member.is_present) == (came, left, False)
    note_presence(is_here=True, now=back, **by)

    member.refresh_from_db()
    assert (member.came_at, member.left_at, member.is_present) == (came, None, True)
    assert desk.post(f"{base(event)}{member.uid}/presence/", {"is_here": "perhaps"}).status_code == 404
    assert desk.get(f"{base(event)}{member.uid}/presence/").status_code == 405


@pytest.mark.parametrize("people", [1, 3])
def test_the_register_costs_the_same(desk, event, people, django_assert_num_queries):
    for number in range(people):
        StaffMember.objects.create(event=event, name=f"Sam {number}", role="steward", added_at=timezone.now())

    with django_assert_num_queries(8):
        desk.get(base(event))


class TestHistory:
    def url(self, event):
        return f"/desk/events/{event.slug}/history/"

    def test_it_says_who_did_what_and_why(self, desk, event, organiser):
        ticket = factories.sign_up(event, "Ben Example", age=14, now=timezone.now())
        page = f"/desk/events/{event.slug}/registrations/{ticket.registration.reference}/"
        desk.post(page, {"reason": "Bus is late"})
        desk.post(f"{page}cancel/", {"reason": "Asked by phone"})
        desk.post(f"/desk/events/{event.slug}/places/", {"capacity": "40"})
        history = page_text(desk.get(self.url(event)))

        for words in (
            "Olive Organiser",
            "opened the contacts",
            "Why: Bus is late",
            "cancelled the registration",
            "Capacity: 50 → 40",
        ):
            assert words in history
        for secret in ("Ben Example", "gail@", "01632"):
            assert secret not in history

    def test_looks_and_changes_are_told_apart(self, desk, event):
        ticket = factories.sign_up(event, now=timezone.now())
        page = f"/desk/events/{event.slug}/registrations/{ticket.registration.reference}/"
        desk.post(page, {"reason": "Planning a ramp"})
        desk.post(f"{page}tickets/1/", {"do": "new-code"})

        looked = desk.get(f"{self.url(event)}?only=looked").content.decode()
        changed = desk.get(f"{self.url(event)}?only=changed").content.decode()

        assert "opened the contacts" in looked
        assert "gave ticket 1" not in looked
        assert "gave ticket 1" in changed
        assert "opened the contacts" not in changed

    def test_another_events_history_stays_there(self, desk, event):
        other = factories.make_event("other", title="Other edition")
        desk.post(f"/desk/events/{other.slug}/places/", {"capacity": "40"})

        assert "→ 40" not in desk.get(self.url(event)).content.decode()

    @pytest.mark.parametrize(
        "query", ["before=x", "before=99999999999999999999", "only=nonsense", "before=1"]
    )
    def test_nonsense_in_the_address_is_forgiven(self, desk, event, query):
        assert desk.get(f"{self.url(event)}?{query}").status_code == 200

    @pytest.mark.parametrize("deeds", [1, 3])
    def test_it_costs_the_same(self, desk, event, deeds, django_assert_num_queries):
        for number in range(deeds):
            desk.post(f"/desk/events/{event.slug}/places/", {"capacity": f"{40 + number}"})

        with django_assert_num_queries(5):
            desk.get(self.url(event))

    def test_the_wrong_method_is_refused(self, desk, event):
        assert desk.post(self.url(event)).status_code == 405
