"""Can an organiser find and put right a registration, and is every look at a child's contact kept?"""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.utils import timezone

from desk.domain.registration_lists import SHORTEST_SEARCH, Wanted, registrations
from outbox.models import Message
from people.boroughs import Borough
from tests import factories
from tests.people.test_names import name_pairs
from tickets.models import Registration, Ticket


@pytest.fixture
def event(db):
    return factories.make_event(starts_at=timezone.now() + timedelta(days=7))


@pytest.fixture
def ada(event):
    return factories.sign_up(event, "Ada Example", now=timezone.now(), access_needs="a ramp")


@pytest.fixture
def ben(event):
    """Fourteen, waiting for a guardian."""
    return factories.sign_up(event, "Ben Example", age=14, borough=Borough.WIRRAL, now=timezone.now())


def base(event):
    return f"/desk/events/{event.slug}/registrations/"


def page_of(ticket):
    return f"{base(ticket.event)}{ticket.registration.reference}/"


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Ada", "Ben"}),
        ("search=ada", {"Ada"}),
        ("search=BEN%40", {"Ben"}),
        ("state=on-hold", {"Ben"}),
        ("band=14-15", {"Ben"}),
        ("borough=liverpool", {"Ada"}),
        ("kind=group", set()),
        ("search=%25", {"Ada", "Ben"}),
        ("search=__", set()),
        ("state=nonsense", {"Ada", "Ben"}),
        ("search=%01", {"Ada", "Ben"}),
        ("after=nonsense", {"Ada", "Ben"}),
        ("after=1-1", set()),
        (f"after={'9' * 40}-1", {"Ada", "Ben"}),
    ],
)
def test_the_list_shows_what_was_asked_for(desk, event, ada, ben, query, shown):
    page = desk.get(f"{base(event)}?{query}").content.decode()

    assert {name for name in ("Ada", "Ben") if f"<bdi>{name} Example" in page} == shown
    assert "example.org" not in page


def test_the_list_finds_a_name_however_it_was_typed(event):
    """Every pair of the truth table that is one name, on whichever database."""
    pairs = name_pairs("same")
    ticket = factories.sign_up(event, "Ada Example", now=timezone.now())
    registration = ticket.registration

    for row in pairs:
        Ticket.objects.filter(pk=ticket.pk).update(name=row["one"])
        if len(row["other"].strip()) >= SHORTEST_SEARCH:
            found = registrations(event=event, wanted=Wanted(search=row["other"]))
            assert list(found) == [registration], row


def test_the_list_goes_on_where_the_page_ended(desk, event, monkeypatch):
    monkeypatch.setattr("desk.domain.registration_lists.page_of.__kwdefaults__", {"after": "", "most": 2})
    for number in range(5):
        factories.sign_up(event, f"Person{number} Example", now=timezone.now())
    seen, url = [], base(event)

    while url:
        page = desk.get(url).content.decode()
        seen += [number for number in "43210" if f"Person{number} " in page]
        url = (
            base(event) + page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
            if 'rel="next"' in page
            else ""
        )

    assert seen == list("43210")


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_costs_the_same(desk, event, people, django_assert_num_queries):
    for number in range(people):
        factories.sign_up(event, f"Person{number} Example", now=timezone.now())

    with django_assert_num_queries(7):
        desk.get(base(event))


@pytest.mark.parametrize("people", [1, 3])
def test_the_page_costs_the_same(desk, event, people, django_assert_num_queries):
    from tickets.domain.registration import Attendee, Contact, register

    attendees = [Attendee(name=f"Person {n}", age=20 + n, borough=Borough.SEFTON) for n in range(people)]
    done = register(
        event=event,
        lead=Contact(name="Lee Lead", email="lee@example.org"),
        attendees=attendees,
        vouched_by="registrar",
        now=timezone.now(),
    )

    with django_assert_num_queries(9):
        desk.get(f"{base(event)}{done.registration.reference}/")


def test_a_childs_contacts_open_for_a_reason_that_is_kept(desk, organiser, ben):
    closed = desk.get(page_of(ben)).content.decode()
    refused = desk.post(page_of(ben), {"reason": ""})
    opened = desk.post(page_of(ben), {"reason": "Bus is late, ask who collects"}).content.decode()

    assert "gail@example.org" not in closed
    assert "ben@example.org" not in closed + opened
    assert refused.status_code == 422
    assert "gail@example.org" in opened
    assert "01632 960 010" in opened
    line = LogEntry.objects.get(action=LogEntry.Action.ACCESS)
    assert (line.actor, line.additional_data["reason"]) == (organiser, "Bus is late, ask who collects")
    assert "gail" not in str(line.__dict__).lower()


def test_an_adults_address_is_shown_and_needs_a_reason_for_needs_alone(desk, ada):
    page = desk.get(page_of(ada)).content.decode()

    assert "ada@example.org" in page
    assert "a ramp" not in page
    assert "a ramp" in desk.post(page_of(ada), {"reason": "Planning the ramp"}).content.decode()


def test_a_registration_is_cancelled_and_they_are_told(desk, organiser, ada):
    url = f"{page_of(ada)}cancel/"

    assert b"1 place" in desk.get(url).content
    assert desk.post(url, {"reason": ""}).status_code == 422
    desk.post(url, {"reason": "Asked by phone"})
    again = desk.post(url, {"reason": "Asked by phone"})

    ada.refresh_from_db()
    assert ada.state == Ticket.State.CANCELLED
    assert again.status_code == 422
    assert Message.objects.filter(purpose="ended").count() == 1
    line = LogEntry.objects.get(additional_data__did="cancelled the registration")
    assert (line.actor, line.additional_data["reason"]) == (organiser, "Asked by phone")


def test_a_ticket_gets_a_new_code_and_goes_out_again(desk, ada):
    desk.post(f"{page_of(ada)}tickets/1/", {"do": "new-code"})

    ada.refresh_from_db()
    assert ada.generation == 2
    assert Message.objects.filter(purpose="sent-again").count() == 1


def test_a_name_and_a_borough_are_put_right(desk, ada, ben):
    url = f"{page_of(ada)}tickets/1/"

    taken = desk.post(url, {"do": "correct", "name": "\x07", "borough": "wirral"})
    desk.post(url, {"do": "correct", "name": "Ada Łovelace", "borough": "wirral"})

    ada.refresh_from_db()
    assert taken.status_code == 422
    assert (ada.name, ada.borough) == ("Ada Łovelace", "wirral")
    kept = str([line.__dict__ for line in LogEntry.objects.all()])
    assert "Łovelace" not in kept


def test_a_ticket_is_paused_and_let_go(desk, ada):
    url = f"{page_of(ada)}tickets/1/"

    assert desk.post(url, {"do": "pause"}).status_code == 422
    desk.post(url, {"do": "pause", "pause-reason": "Two people with one name"})
    ada.refresh_from_db()
    paused = ada.state
    desk.post(url, {"do": "let-go"})
    ada.refresh_from_db()

    assert (paused, ada.state) == (Ticket.State.BLOCKED, Ticket.State.VALID)


def test_one_ticket_is_cancelled(desk, ada, event):
    desk.post(f"{page_of(ada)}tickets/1/", {"do": "cancel"})

    event.refresh_from_db()
    assert event.places_taken == 0
    assert b"Nothing about it changes" in desk.get(f"{page_of(ada)}tickets/1/").content


def test_the_ticket_is_sent_again(desk, ada):
    desk.post(page_of(ada), {"do": "send-again"})

    assert Message.objects.filter(purpose="sent-again").count() == 1


def test_another_events_registration_is_not_found(desk, ada):
    other = factories.make_event("other")
    reference = ada.registration.reference

    assert desk.get(f"{base(other)}{reference}/").status_code == 404
    assert desk.get(f"{page_of(ada)}tickets/2/").status_code == 404
    assert desk.get(f"{page_of(ada)}tickets/99999999999999999999/").status_code == 404


@pytest.mark.parametrize("role", ["", "supervisor", "welfare", "venue", "board"])
def test_only_an_organiser_sees_registrations(client, ada, role):
    urls = [
        base(ada.event),
        page_of(ada),
        f"{page_of(ada)}cancel/",
        f"{page_of(ada)}tickets/1/",
        "/desk/mail/",
    ]
    assert {client.get(url).status_code for url in urls} == {302}
    client.force_login(factories.make_user(role))
    assert {client.get(url).status_code for url in urls} == {403}
    assert {client.post(url).status_code for url in urls[1:]} == {403}
    assert not LogEntry.objects.filter(action=LogEntry.Action.ACCESS).exists()
    assert Registration.objects.get().ended_at is None


def test_the_wrong_method_is_refused(desk, ada):
    assert desk.post(base(ada.event)).status_code == 405
    assert desk.delete(page_of(ada)).status_code == 405


def test_failed_mail_is_listed_and_tried_again(desk, ada, ben):
    Message.objects.update(state=Message.State.FAILED, tries=8, last_error="SMTPRecipientsRefused")
    page = desk.get("/desk/mail/").content.decode()

    desk.post("/desk/mail/", {"message": Message.objects.get(purpose="guardian").message_id})
    one = Message.objects.filter(state=Message.State.QUEUED).count()
    desk.post("/desk/mail/")

    assert ada.registration.reference in page
    assert ben.registration.reference in page
    assert "gail@" not in page
    assert one == 1
    assert not Message.objects.filter(state=Message.State.FAILED).exists()


@pytest.mark.parametrize("people", [1, 3])
def test_failed_mail_costs_the_same(desk, event, people, django_assert_num_queries):
    for number in range(people):
        factories.sign_up(event, f"Person{number} Example", age=14, now=timezone.now())
    Message.objects.update(state=Message.State.FAILED)

    with django_assert_num_queries(7):
        desk.get("/desk/mail/")
