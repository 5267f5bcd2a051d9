"""How many places and mails can be had in the name of an address that nobody has shown to be theirs?"""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.domain import rates
from outbox.models import Message
from tests import factories
from tests.tickets.public import answers_for, walk
from tickets.domain import codes
from tickets.domain.email_verification import MAILS, MOST_PLACES, AddressNotProved, prove
from tickets.domain.registration import Attendee, Contact, register
from tickets.models import Registration, Ticket

VIC = "vic@example.org"


@pytest.fixture(autouse=True)
def nothing_counted():
    rates.reset()


def sign_up(event, number, *, now, email=VIC, vouched_by="network", age=19, guardian=None):
    name = f"Person {number}"
    attendee = Attendee(name=name, age=age, borough="wirral", guardian=guardian)
    lead = Contact(name=name, email=email)
    return register(event=event, lead=lead, attendees=[attendee], vouched_by=vouched_by, now=now).registration


def test_an_address_has_six_places_until_somebody_opens_our_mail(event, noon):
    first, *_ = [sign_up(event, number, now=noon) for number in range(MOST_PLACES)]

    with pytest.raises(AddressNotProved):
        sign_up(event, "again", email="VIC@example.org ", now=noon)

    event.refresh_from_db()
    assert event.places_taken == MOST_PLACES
    (asked,) = Message.objects.filter(purpose="prove-address")
    assert asked.context == {"registration": first.pk}
    prove(registration=first, now=noon)
    assert Registration.objects.get(pk=first.pk).vouched_by == "address"
    sign_up(event, "again", now=noon)


@pytest.mark.parametrize("vouched_by", ["registrar", "supervisor", "address"])
def test_who_is_vouched_for_has_no_such_bound(event, noon, vouched_by):
    for number in range(MOST_PLACES + 1):
        sign_up(event, number, vouched_by=vouched_by, now=noon)

    assert Ticket.objects.valid().count() == MOST_PLACES + 1
    assert set(Registration.objects.values_list("vouched_by", flat=True)) == {vouched_by}


def test_another_edition_and_a_cancelled_place_do_not_count(event, noon):
    other = factories.make_event("other", starts_at=event.starts_at)
    for number in range(MOST_PLACES):
        sign_up(other, number, now=noon)

    for number in range(MOST_PLACES):
        registration = sign_up(event, number, now=noon)
    registration.tickets.update(state="cancelled")

    sign_up(event, "more", now=noon)


def test_a_guardian_who_is_asked_about_six_children_is_asked_about_no_more(event, noon):
    gail = Contact(name="Gail Guardian", email="gail@example.org")
    for number in range(MOST_PLACES):
        sign_up(event, number, age=14, email=f"n{number}@example.org", guardian=gail, now=noon)

    with pytest.raises(AddressNotProved):
        sign_up(event, "more", age=14, email="more@example.org", guardian=gail, now=noon)


def test_five_mails_an_hour_leave_for_one_address_and_the_others_later(event, noon):
    others = [factories.make_event(f"other-{n}", starts_at=event.starts_at) for n in range(2)]

    for number in range(12):
        sign_up([event, *others][number % 3], number, email=f"vic+{number}@example.org", now=noon)

    leave = sorted(Message.objects.values_list("due_at", flat=True))
    hours = [noon + timedelta(hours=hour) for hour in range(3)]
    assert leave == [hours[0]] * MAILS + [hours[1]] * MAILS + [hours[2]] * 2


def test_the_form_says_what_to_do(client, open_event):
    now = timezone.now()
    for number in range(MOST_PLACES):
        sign_up(open_event, number, now=now)

    _, done = walk(client, open_event, "19", **answers_for(19, email=VIC))

    assert done.status_code == 422
    assert b"Open the link that we sent there" in done.content


def test_the_link_proves_an_address_that_needed_no_proof(client, open_event):
    registration = sign_up(open_event, 1, now=timezone.now())
    page = f"/my/{codes.owner_secret(registration)}/"

    client.post(f"{page}confirm/{codes.proof_secret(registration)}/")

    registration.refresh_from_db()
    assert (registration.vouched_by, registration.state) == ("address", "confirmed")
    assert Message.objects.filter(purpose="confirmed").count() == 0
