"""What happens when one form is sent twice:
from two tabs, after a lost answer, with something changed in between?"""

import pytest

from events.models import Event
from outbox.models import Message
from tests.tickets.public import answers_for, hidden
from tickets.models import AccessNeed, Registration, Ticket, WaitingListEntry

pytestmark = pytest.mark.usefixtures("open_event")
ADDRESS = "/e/showcase/register/"


def tab(client, age=19, **more):
    """A form of its own, filled in up to its last button: what that sends."""
    stamp = hidden(client.get(ADDRESS), "stamp")
    return {"stamp": stamp, "age": str(age), "step": "confirm"} | answers_for(age, **more)


def tickets():
    return list(Ticket.objects.values_list("name", flat=True))


@pytest.mark.parametrize("age", [16, 19])
def test_two_tabs_of_one_person_make_one_ticket(client, open_event, age):
    first, second = tab(client, age), tab(client, age)
    assert first["stamp"] != second["stamp"]

    made, again = client.post(ADDRESS, first), client.post(ADDRESS, second)

    assert made.status_code == 302
    assert again.status_code == 409
    assert b"We have sent your ticket to this address" in again.content
    # It says nothing more, and leads nowhere: whoever asks may be a stranger.
    assert made["Location"].encode() not in again.content
    assert b"Ada" not in again.content
    assert Message.objects.filter(purpose="find-ticket").count() == 1
    open_event.refresh_from_db()
    assert (tickets(), open_event.places_taken) == (["Ada Example"], 1)


@pytest.mark.parametrize("age", [12, 14])
@pytest.mark.parametrize("guardian_rule", ["confirm", "with-adult"])
def test_nobody_learns_by_registering_whether_a_child_is_coming(client, open_event, age, guardian_rule):
    type(open_event).objects.update(guardian_rule=guardian_rule)

    first, again = client.post(ADDRESS, tab(client, age)), client.post(ADDRESS, tab(client, age))

    assert (first.status_code, again.status_code) == (200, 200)
    assert b"Nearly done: look in your mail" in first.content
    assert first.content == again.content
    assert b"/my/" not in first.content
    assert Message.objects.filter(purpose="find-ticket").count() == 1
    open_event.refresh_from_db()
    assert (tickets(), open_event.places_taken) == (["Ada Example"], 1)


def test_the_second_tab_changes_nothing_of_the_first(client, open_event):
    client.post(ADDRESS, tab(client))

    client.post(ADDRESS, tab(client, borough="wirral", access_needs="a ramp", choices=["photo", "news"]))

    ticket = Ticket.objects.get()
    assert (ticket.borough, ticket.no_photos) == ("liverpool", True)
    assert not ticket.consents.exists()
    assert not AccessNeed.objects.exists()


def test_two_tabs_for_two_children_of_one_address_make_two_tickets(client):
    for name in ("Ada Example", "Bo Example"):
        assert client.post(ADDRESS, tab(client, 12, name=name)).status_code == 200

    assert tickets() == ["Ada Example", "Bo Example"]


@pytest.mark.parametrize("age", [16, 19])
def test_after_a_lost_answer_the_same_form_leads_to_the_same_ticket(client, open_event, age):
    sent = tab(client, age)

    lost, again = client.post(ADDRESS, sent), client.post(ADDRESS, sent)

    assert again.status_code == 302
    assert again["Location"] == lost["Location"]
    assert client.get(again["Location"]).status_code == 200
    assert not Message.objects.filter(purpose="find-ticket").exists()
    open_event.refresh_from_db()
    assert (tickets(), open_event.places_taken) == (["Ada Example"], 1)


def test_the_last_place_is_found_again_though_the_event_is_full_meanwhile(client, open_event):
    open_event.capacity = 1
    open_event.save()
    sent = tab(client)

    lost, again = client.post(ADDRESS, sent), client.post(ADDRESS, sent)

    assert again["Location"] == lost["Location"]
    assert Registration.objects.count() == 1


def test_the_same_form_with_another_name_is_refused_and_changes_nothing(client):
    sent = tab(client)
    client.post(ADDRESS, sent)

    page = client.post(ADDRESS, sent | {"name": "Bo Example"})

    assert page.status_code == 409
    assert b"This form made a ticket already" in page.content
    assert tickets() == ["Ada Example"]


def test_a_used_form_leads_to_its_registration_though_it_is_over(client):
    sent = tab(client)
    mine = client.post(ADDRESS, sent)["Location"]
    client.post(f"{mine}cancel/")

    again = client.post(ADDRESS, sent, follow=True)

    assert b"This registration is over" in again.content
    assert Registration.objects.count() == 1
    # A fresh form is a fresh wish.
    assert client.post(ADDRESS, tab(client)).status_code == 302


def test_a_group_and_a_waiting_party_are_taken_once_a_form(client, open_event):
    group, waiting = "/e/showcase/group/", "/e/showcase/waiting-list/"
    school = {
        "stamp": hidden(client.get(group), "stamp"),
        "organisation": "Example Academy",
        "name": "Tara Teacher",
        "email": "tara@example.org",
        "phone": "01632 960 020",
        "heads_14_15": "4",
        "adults": "1",
        "borough": "sefton",
        "declared": "on",
    }
    assert client.post(group, school)["Location"] == client.post(group, school)["Location"]
    assert Ticket.objects.count() == 5

    Event.objects.update(capacity=5)
    party = {"stamp": hidden(client.get(waiting), "stamp"), "email": "wil@example.org", "party_size": "2"}
    assert client.post(waiting, party)["Location"] == client.post(waiting, party)["Location"]
    assert WaitingListEntry.objects.count() == 1
