"""Does each age from 10 to 26 see exactly what the table says, and never more?"""

import re

import pytest
from django.db import connection

from people.boroughs import Borough
from tests import factories
from tests.tickets.public import answer_of, answers_for, hidden, walk
from tickets.models import Consent, EmergencyContact, Guardian, Ticket

ALWAYS = {"name", "borough", "postcode", "access_needs", "choices"}
OWN = ALWAYS | {"email"}
GUARDED = {"guardian_name", "guardian_email", "guardian_phone"}
CONTACT = {"emergency_contact_name", "emergency_contact_phone"}
CARRIED = {"csrfmiddlewaretoken", "step", "stamp", "age"}


def asked(age: int) -> set[str]:
    if age < 13:
        return ALWAYS | GUARDED
    if age < 16:
        return OWN | GUARDED
    return OWN | CONTACT if age < 18 else OWN


@pytest.mark.parametrize("age", range(11, 26))
def test_each_age_is_asked_what_the_table_says(client, open_event, age):
    page = answer_of(client, open_event, age, step="age")

    names = set(re.findall(r'<(?:input|textarea|select)[^>]*name="([^"]+)"', page.content.decode()))
    assert names - CARRIED == asked(age)
    assert "checked" not in page.content.decode()
    assert "<select" not in page.content.decode()


@pytest.mark.parametrize("age", range(11, 26))
def test_each_age_gets_the_ticket_that_the_table_says(client, open_event, age):
    _, done = walk(client, open_event, str(age), **answers_for(age))

    ticket = Ticket.objects.get()
    assert done.status_code == (200 if age < 16 else 302)
    assert (ticket.age, ticket.state) == (age, "on-hold" if age < 16 else "valid")
    assert (Guardian.objects.count(), EmergencyContact.objects.count()) == (
        int(age < 16),
        int(16 <= age < 18),
    )
    assert ticket.no_photos
    assert not Consent.objects.exists()


@pytest.mark.parametrize("age", [0, 10, 26, 119])
def test_whom_the_day_is_not_for_reads_a_kind_page_and_is_asked_nothing(client, open_event, age):
    page = answer_of(client, open_event, age, step="age")

    assert page.status_code == 200
    assert b"Who this day is for" in page.content
    assert b"<form" not in page.content
    assert not Ticket.objects.exists()


@pytest.mark.parametrize(
    "age", ["", "10.9", "-1", "150", "12 and a half", "١٢.٥", "1e1", "9" * 400, "\0", "sixty"]
)
def test_what_is_no_age_is_asked_again_with_what_was_typed(client, open_event, age):
    page = answer_of(client, open_event, age, step="age")

    assert page.status_code == 422
    assert page.content.count(b"<title>Error: ") == 1
    assert b'href="#id_age"' in page.content
    assert b'aria-invalid="true"' in page.content


@pytest.mark.parametrize(
    ("age", "years"), [("011", 11), (" 16 ", 16), ("１６", 16), ("٢٠", 20), ("sixteen", 16)]
)
def test_an_age_in_any_digits_or_as_a_word_is_taken(client, open_event, age, years):
    walk(client, open_event, age, **answers_for(years))

    assert Ticket.objects.get().age == years


def test_a_postcode_only_helps_to_choose_and_is_dropped(client, open_event):
    given = answers_for(19) | {"borough": "", "postcode": "L36 1AA"}

    page = answer_of(client, open_event, 19, step="check", **given)

    shown = page.content.decode()
    assert "That looks like Knowsley" in shown
    assert re.search(r'value="knowsley"[^>]*checked', shown)
    assert "L36" not in shown
    walk(client, open_event, "19", **answers_for(19) | {"borough": Borough.KNOWSLEY, "postcode": "L36 1AA"})
    assert Ticket.objects.get().borough == "knowsley"


def test_a_postcode_in_two_boroughs_or_in_none_asks(client, open_event):
    between = answer_of(
        client, open_event, 19, step="check", **answers_for(19) | {"borough": "", "postcode": "L35 4AA"}
    )
    nowhere = answer_of(
        client, open_event, 19, step="check", **answers_for(19) | {"borough": "", "postcode": "none"}
    )

    assert (between.status_code, nowhere.status_code) == (422, 422)
    assert b"L35 is in more than one place: Knowsley, St Helens or Halton" in between.content
    assert b"We do not know this postcode" in nowhere.content


def test_an_event_asks_only_what_it_wants(client, open_event):
    open_event.asks_access_needs = open_event.asks_photos = open_event.asks_news = False
    open_event.save()

    page = answer_of(client, open_event, 19, step="age").content.decode()

    assert 'name="access_needs"' not in page
    assert 'name="choices"' not in page


def test_where_under_16s_come_with_an_adult_nobody_has_to_confirm(client, open_event):
    open_event.guardian_rule = "with-adult"
    open_event.save()

    walk(client, open_event, "14", **answers_for(14))

    assert (Ticket.objects.get().state, Guardian.objects.get().answer) == ("valid", "confirmed")


def test_all_choices_refused_and_all_accepted_make_the_same_ticket_in_as_many_pages(client, open_event):
    refused = walk(client, open_event, "19", **answers_for(19))
    accepted = walk(client, open_event, "19", **answers_for(19, name="Bo Example", choices=["photo", "news"]))

    assert [one.status_code for one in refused] == [one.status_code for one in accepted] == [200, 302]
    assert list(Ticket.objects.order_by("pk").values_list("state", "age_band")) == [("valid", "19-24")] * 2
    assert list(Ticket.objects.order_by("pk").values_list("no_photos", flat=True)) == [True, False]


ASKS_FOR_A_LOCK = connection.vendor == "postgresql"  # on each key; SQLite writes one at a time


def test_a_registration_takes_at_most_ten_queries(client, open_event, assert_statements):
    factories.make_session(open_event, capacity=5)
    stamp = hidden(client.get(f"/e/{open_event.slug}/register/"), "stamp")
    sent = {"stamp": stamp, "age": "19", "step": "confirm"} | answers_for(19)

    # One more for whoever chose sessions, and one where so many tickets are out that it may be a rush.
    with assert_statements(10 + ASKS_FOR_A_LOCK):
        client.post(f"/e/{open_event.slug}/register/", sent)
