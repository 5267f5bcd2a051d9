"""Does the demo hold what contract.md promises, and does planting it again change nothing?"""

import re
from collections import Counter
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import User
from config.demo.seed import plant_demo
from door.domain.occupancy import occupancy
from door.models import CheckIn, Conflict, DoorList, Gate
from events.models import Booking, Event, Layout, Series, Venue
from outbox.models import Message
from reporting.domain.publishing import differences
from reporting.domain.reach import measure_reach
from reporting.models import HandCount, Invitation, PublishedReport, Target
from tickets.domain.places import closed_words
from tickets.models import EmergencyContact, Guardian, Registration, Ticket

pytestmark = pytest.mark.database


def every_row() -> dict[str, list]:
    return {
        model._meta.label: sorted(model.objects.values_list(), key=repr)
        for model in apps.get_models(include_auto_created=True)
    }


def test_venues_and_series_are_those_of_the_plan(demo):
    assert set(Venue.objects.values_list("slug", "borough")) == {
        ("make-north-docks", "liverpool"),
        ("make-birkenhead", "wirral"),
        ("make-huyton", "knowsley"),
        ("sci-tech-daresbury", "halton"),
        ("baltic-creative", "liverpool"),
    }
    assert set(Series.objects.values_list("slug", flat=True)) == {"skills-showcase", "cornerstone"}
    confirmed = Layout.objects.filter(confirmed_at__isnull=False)
    assert {layout.confirmed_by for layout in confirmed} == {"A demo user, not the venue (fictional)"}


def test_showcase_1_is_past_and_was_attended(demo):
    event = Event.objects.get(slug="showcase-1", series__slug="skills-showcase")
    registrations = Registration.objects.filter(event=event)
    verdicts = Counter(CheckIn.objects.filter(event=event).values_list("verdict", flat=True))

    assert event.ends_at < demo
    assert 250 <= registrations.count() <= 270
    assert registrations.filter(kind=Registration.Kind.GROUP).count() == 1
    assert {"admitted", "already_admitted", "readmitted", "left", "unknown", "cancelled", "too_early"} == set(
        verdicts
    )
    assert verdicts["admitted"] < Ticket.objects.for_event(event).valid().count()  # some did not come
    assert Conflict.objects.filter(check_in__event=event, settled_at__isnull=True).count() == 1
    assert HandCount.objects.get(event=event).heads == 12


def test_showcase_2_takes_registrations_for_a_day_in_some_weeks(demo):
    event = Event.objects.get(slug="showcase-2", series__slug="skills-showcase")

    assert timedelta(weeks=4) < event.starts_at - demo < timedelta(weeks=9)
    assert closed_words(event=event, now=demo) == ""
    assert event.places_left >= 200
    assert event.sessions.filter(strands__isnull=False, exhibitors__isnull=False).exists()


def test_cornerstone_is_on_now(demo):
    event = Event.objects.get(slug="cornerstone-2026", series__slug="cornerstone")
    tomorrow = timezone.localtime(demo).date() + timedelta(days=1)

    assert timedelta() <= (demo - timedelta(hours=24)) - event.doors_open_at < timedelta(minutes=1)
    assert timezone.localtime(event.ends_at).date() == tomorrow
    assert timezone.localtime(event.ends_at).hour == 23
    assert closed_words(event=event, now=demo) == ""
    assert (event.min_age, event.max_age) == (None, None)
    assert event.places_left >= 300
    assert event.safe_capacity > event.capacity
    assert set(event.strands.values_list("slug", flat=True)) == {"music", "film-tv", "games"}
    inside = occupancy(door_list=DoorList.objects.get(event=event, session=None), now=demo)
    assert 0 < inside.inside < inside.admitted
    assert Gate.objects.filter(event=event, slug="main").exists()


def test_targets_have_their_goals_and_figures(demo):
    goals = {target.slug: (target.goal, target.goal_high) for target in Target.objects.all()}
    values = {slug: measure_reach(target=Target.objects.get(slug=slug), as_at=demo).value for slug in goals}

    assert goals == {
        "showcase-reach": (500, None),
        "cornerstone-engaged": (1000, None),
        "influencers-invited": (5, 10),
        "showcase-editions": (2, None),
    }
    assert 150 < values["showcase-reach"] < 260
    assert values["cornerstone-engaged"] > 100
    assert values["influencers-invited"] == 6
    assert values["showcase-editions"] == 1
    assert set(PublishedReport.objects.values_list("target__slug", "number")) == {
        ("showcase-reach", 1),
        ("showcase-editions", 1),
        ("influencers-invited", 1),
        ("cornerstone-engaged", 1),
    }
    assert differences() == []


def test_demo_users_have_their_roles(demo):
    roles = {user.email: [group.name for group in user.groups.all()] for user in User.objects.all()}

    assert roles == {
        f"{role}@example.org": [role] for role in ("organiser", "welfare", "supervisor", "venue", "board")
    }
    assert [venue.slug for venue in Venue.objects.of(User.objects.get(email="venue@example.org"))] == [
        "baltic-creative"
    ]
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_spaces_are_held_confirmed_and_wanted_twice(demo):
    assert set(Booking.objects.values_list("state", "rank")) == {("confirmed", 1), ("held", 1), ("held", 2)}


def test_everybody_is_fictional(demo):
    addresses = {
        *Registration.objects.values_list("lead_email", flat=True),
        *Guardian.objects.values_list("email", flat=True),
        *User.objects.values_list("email", flat=True),
    }
    phones = {
        *Guardian.objects.values_list("phone", flat=True),
        *EmergencyContact.objects.values_list("phone", flat=True),
        *Registration.objects.values_list("lead_phone", flat=True),
    } - {""}

    assert all(address.endswith("@example.org") for address in addresses)
    assert phones
    assert all(re.fullmatch(r"01632 960\d{3}", phone) for phone in phones)
    assert all("fictional" in name for name in Invitation.objects.values_list("name", flat=True))
    assert set(Message.objects.values_list("state", flat=True)) == {Message.State.DROPPED}


def test_planting_again_changes_nothing(demo):
    before = every_row()

    planted = plant_demo(now=demo + timedelta(days=3))

    assert planted is False
    assert every_row() == before


def test_demo_links_sign_in_each_role(demo, client):
    said = StringIO()

    call_command("demo_links", site="http://127.0.0.1:8000", stdout=said)

    links = re.findall(r"http://127\.0\.0\.1:8000(\S+)  (\w+)", said.getvalue())
    assert [role for _, role in links] == ["organiser", "welfare", "supervisor", "venue", "board"]
    answer = client.post(links[0][0])
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")


def test_demo_links_are_refused_where_strangers_come(demo, settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError):
        call_command("demo_links")
