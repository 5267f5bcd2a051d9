"""A thousand at once for five hundred places: exactly five hundred?"""

from collections import Counter
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.utils import timezone

from events.models import Event
from outbox.models import Message
from tests import factories
from tests.door.test_admission_race import at_the_same_moment
from tickets.domain.attendees import Attendee, Contact
from tickets.domain.changes import confirm_by_guardian
from tickets.domain.issuance import Idempotency
from tickets.domain.places import EventFull
from tickets.domain.registration import register
from tickets.domain.waiting_list import make_offers
from tickets.models import Guardian, Registration, Ticket, WaitingListEntry

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database, pytest.mark.thorough]
PHONES = 25  # at one moment, each for several people in turn
PEOPLE = 1_000
PLACES = 500


def sign_up(event, number, *, key=""):
    lead = Contact(name=f"Person {number}", email=f"p{number}@example.org")
    attendee = Attendee(name=lead.name, age=19, borough="wirral")
    idempotency = Idempotency(scope="form", key=key) if key else None
    return register(
        event=event,
        lead=lead,
        vouched_by="registrar",
        attendees=[attendee],
        now=timezone.now(),
        idempotency=idempotency,
    )


@pytest.fixture
def rush(db):
    return factories.make_event(capacity=PLACES, starts_at=timezone.now() + timedelta(days=9))


def test_a_thousand_for_five_hundred_places_are_exactly_five_hundred(rush):
    def some_in_turn(first):
        event = Event.objects.get(pk=rush.pk)
        answers = Counter()
        for number in range(first, PEOPLE, PHONES):
            try:
                sign_up(event, number)
                answers["a ticket"] += 1
            except EventFull:
                answers["full"] += 1
        return answers

    answers = sum(at_the_same_moment([lambda n=n: some_in_turn(n) for n in range(PHONES)]), Counter())

    rush.refresh_from_db()
    assert answers == {"a ticket": PLACES, "full": PEOPLE - PLACES}
    assert (rush.places_taken, Ticket.objects.count(), Message.objects.count()) == (PLACES,) * 3
    assert set(Ticket.objects.values_list("serial", flat=True)) == set(range(1, PLACES + 1))


def test_control_looking_first_and_taking_later_sells_places_that_are_not_there(rush):
    """The same race without the one conditional update: this test could fail."""
    Event.objects.filter(pk=rush.pk).update(capacity=1)
    all_looked = Barrier(PHONES)

    def naive(_):
        free = Event.objects.get(pk=rush.pk).places_left > 0
        connection.close()
        all_looked.wait(timeout=60)
        return "a ticket" if free else "full"

    answers = Counter(at_the_same_moment([lambda n=n: naive(n) for n in range(PHONES)]))

    assert answers == {"a ticket": PHONES}


def test_one_form_sent_from_many_taps_at_once_is_one_registration(rush):
    made = at_the_same_moment([lambda: sign_up(rush, 1, key="k1") for _ in range(12)])

    assert len({one.registration.pk for one in made}) == 1
    assert sorted(one.replayed for one in made) == [False] + [True] * 11
    rush.refresh_from_db()
    assert (rush.places_taken, Registration.objects.count(), Message.objects.count()) == (1, 1, 1)


def test_a_guardians_link_opened_many_times_at_once_confirms_once(rush):
    factories.sign_up(rush, "Cleo Child", age=14, now=timezone.now())

    at_the_same_moment(
        [lambda: confirm_by_guardian(guardian=Guardian.objects.get(), now=timezone.now()) for _ in range(8)]
    )

    assert Message.objects.filter(purpose="confirmed").count() == 1


def test_workers_that_offer_at_once_offer_each_place_once(rush):
    Event.objects.filter(pk=rush.pk).update(capacity=3)
    for number in range(6):
        WaitingListEntry.objects.create(
            event=rush, email="w@example.org", fingerprint=bytes([number]) * 16, joined_at=timezone.now()
        )

    at_the_same_moment([lambda: make_offers(now=timezone.now()) for _ in range(6)])

    rush.refresh_from_db()
    assert (rush.places_taken, WaitingListEntry.objects.filter(state="offered").count()) == (3, 3)
    assert Message.objects.filter(purpose="offer").count() == 3
