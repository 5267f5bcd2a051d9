"""Can an organiser cancel what bots made, all at once and nothing else? (SE-08)"""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from desk.domain.bulk_cancellation import OthersByNow, cancel_fitting, preview
from desk.domain.registration_lists import Wanted
from door.models import Admission, CheckIn, DoorList
from foundation.refusals import InvalidInput
from outbox.models import Message
from tests import factories
from tickets.models import Registration, Ticket

NOW = timezone.now()
BOTS = Wanted(search="@bots.example")


@pytest.fixture
def event(db):
    return factories.make_event(starts_at=NOW + timedelta(days=7), capacity=3_000)


def bot(event, number=0, **more):
    return factories.sign_up(event, f"Bot{number} Example", email=f"b{number}@bots.example", now=NOW, **more)


def cancel(event, organiser, **more):
    asked = {"wanted": BOTS, "matching": 1, "reason": "Made by a bot", "tell": False} | more
    return cancel_fitting(event=event, by=organiser, now=NOW, **asked)


def standing():
    return set(Registration.objects.filter(ended_at__isnull=True).values_list("lead_email", flat=True))


def test_what_fits_is_cancelled_and_nothing_else(event, organiser):
    session = factories.make_session(event, capacity=10)
    bot(event, 1, sessions=[session.slug])
    bot(event, 2, age=14)
    factories.sign_up(event, "Ada Example", now=NOW)
    Message.objects.filter(purpose__in=["ended", "guardian"]).update(state="queued")

    assert cancel(event, organiser, matching=2) == 2

    event.refresh_from_db()
    session.refresh_from_db()
    assert standing() == {"ada@example.org"}
    assert (event.places_taken, session.places_taken) == (1, 0)
    assert set(Ticket.objects.filter(state="cancelled").values_list("name", flat=True)) == {
        "Bot1 Example",
        "Bot2 Example",
    }
    assert not Message.objects.filter(purpose="ended").exists()
    assert not Message.objects.filter(purpose="guardian", state="queued").exists()
    deed = LogEntry.objects.get(additional_data__did__startswith="cancelled 2 registrations")
    assert (deed.additional_data["did"], deed.additional_data["reason"], deed.actor) == (
        "cancelled 2 registrations without a mail",
        "Made by a bot",
        organiser,
    )


def test_they_are_told_where_the_organiser_says_so(event, organiser):
    bot(event)

    cancel(event, organiser, tell=True)

    assert Message.objects.filter(purpose="ended").count() == 1


def test_it_is_refused_where_others_fit_by_now(event, organiser):
    bot(event, 1)
    bot(event, 2)

    with pytest.raises(OthersByNow, match="2 fit by now, not 1"):
        cancel(event, organiser, matching=1)

    assert len(standing()) == 2


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(search="a"), Wanted(search="  ")])
def test_it_never_takes_everybody(event, organiser, wanted):
    bot(event)

    with pytest.raises(InvalidInput):
        cancel(event, organiser, wanted=wanted)

    assert preview(event=event, wanted=wanted).registrations == 0
    assert len(standing()) == 1


def test_who_came_is_left_alone(event, organiser):
    ticket = bot(event)
    entrance = DoorList.objects.create(event=event)
    scan = CheckIn.objects.create(
        scan_id="2f1b8a9c-0000-4000-8000-000000000001",
        event=event,
        door_list=entrance,
        ticket=ticket,
        verdict="admitted",
        scanned_at=NOW,
        happened_at=NOW,
        recorded_at=NOW,
    )
    Admission.objects.create(
        ticket=ticket,
        door_list=entrance,
        check_in=scan,
        admitted_at=NOW,
        last_at=NOW,
        recorded_at=NOW,
        changed_at=NOW,
    )

    shown = preview(event=event, wanted=BOTS)

    assert (shown.registrations, shown.came) == (0, 1)
    assert cancel(event, organiser, matching=0) == 0
    assert len(standing()) == 1


def test_by_when_they_registered_and_who_never_confirmed(event, organiser):
    early, late = bot(event, 1), bot(event, 2)
    Registration.objects.filter(pk=early.registration_id).update(created_at=NOW - timedelta(hours=2))
    Registration.objects.filter(pk=late.registration_id).update(needs_proof=True)

    hour = Wanted(since=NOW - timedelta(hours=3), until=NOW - timedelta(hours=1))

    assert [one.pk for one in preview(event=event, wanted=hour).rows] == [early.registration_id]
    unproven = preview(event=event, wanted=Wanted(state="unproven"))
    assert [one.pk for one in unproven.rows] == [late.registration_id]


def test_two_thousand_go_at_once_in_few_statements(event, organiser, django_assert_max_num_queries):
    many = [
        Registration(
            event=event,
            reference=f"BOT{number}",
            owner_fingerprint=number.to_bytes(16, "big"),
            created_at=NOW,
            lead_name="Bot",
            lead_email=f"b{number}@bots.example",
        )
        for number in range(2_000)
    ]
    Registration.objects.bulk_create(many)
    Ticket.objects.bulk_create(
        Ticket(
            registration=one,
            event=event,
            serial=number + 1,
            fingerprint=number.to_bytes(16, "big"),
            short_fingerprint=number.to_bytes(8, "big"),
            name="Bot",
            age=19,
            age_band="19-24",
            issued_at=NOW,
            changed_at=NOW,
        )
        for number, one in enumerate(Registration.objects.order_by("pk"))
    )
    event.places_taken = event.serials_issued = 2_000
    event.save()
    factories.sign_up(event, "Ada Example", now=NOW)

    with django_assert_max_num_queries(70):
        assert cancel(event, organiser, matching=2_000, tell=True) == 2_000

    event.refresh_from_db()
    assert (event.places_taken, standing()) == (1, {"ada@example.org"})
    assert Message.objects.filter(purpose="ended").count() == 2_000


def url(event):
    return f"/desk/events/{event.slug}/registrations-cancel/"


def test_the_page_shows_what_fits_before_it_asks(desk, event):
    bot(event)
    factories.sign_up(event, "Ada Example", now=NOW)

    listed = desk.get(f"/desk/events/{event.slug}/registrations/?search=bots.example").content.decode()
    page = desk.get(f"{url(event)}?search=bots.example").content.decode()
    done = desk.post(
        f"{url(event)}?search=bots.example", {"matching": 1, "reason": "Made by a bot", "tell": "no"}
    )

    assert "registrations-cancel/?search=bots.example" in listed
    assert "Cancel 1 registration?" in page
    assert ("Bot0 Example" in page, "Ada Example" in page) == (True, False)
    assert done.status_code == 302
    assert standing() == {"ada@example.org"}


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("search=bots", {"reason": ""}),
        ("search=bots", {"tell": "perhaps"}),
        ("search=bots", {"matching": "2"}),
        ("search=bots", {"matching": "9" * 30}),
        ("search=bots", {"reason": "\x00\x00\x00\x00\x00"}),
        ("", {}),
        ("state=nonsense", {}),
        ("since=yesterday", {}),
        ("search=%00bots", {}),
    ],
)
def test_the_page_refuses_and_cancels_nothing(desk, event, query, fields):
    bot(event)
    sent = {"matching": "1", "reason": "Made by a bot", "tell": "no"} | fields

    answer = desk.post(f"{url(event)}?{query}", sent)

    assert answer.status_code in {400, 422}  # 400: a NUL in the address
    assert len(standing()) == 1


def test_it_is_the_organisers_alone(client, event):
    bot(event)
    assert client.get(url(event)).status_code == 302
    for role in ("supervisor", "welfare", "board", "venue"):
        client.force_login(factories.make_user(role))
        assert client.post(f"{url(event)}?search=bots").status_code == 403
    client.force_login(factories.make_user("organiser"))
    assert client.put(url(event)).status_code == 405
    assert client.get(url(event)).status_code == 200
    assert len(standing()) == 1


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_costs_the_same(desk, event, people, django_assert_num_queries):
    for number in range(people):
        bot(event, number)

    with django_assert_num_queries(12):
        desk.get(f"{url(event)}?search=bots")
