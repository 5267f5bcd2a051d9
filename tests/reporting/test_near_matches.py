"""Which two people are certainly two, and never proposed as one?"""

from datetime import timedelta

import pytest
from django.utils import timezone

from people.domain.merges import merge_person
from reporting.domain.near_matches import find_near_matches
from reporting.models import NearMatch
from tests import factories
from tests.reporting.programme import attend, make_registration, make_ticket
from tickets.models import Registration

pytestmark = pytest.mark.django_db


@pytest.fixture
def one():
    return factories.make_event("one", starts_at=timezone.now() - timedelta(days=200))


@pytest.fixture
def two():
    return factories.make_event("two", starts_at=timezone.now() - timedelta(days=20))


def samuel_and_sam(first_event, second_event):
    """A name and its short form at one address: a near match, unless something speaks against it."""
    samuel = make_ticket(first_event, "Samuel Example", contact="home@example.org")
    return samuel, make_ticket(second_event, "Sam Example", contact="home@example.org")


def test_two_who_came_to_one_edition_are_two(one, two):
    for ticket in samuel_and_sam(one, one):
        attend(ticket)

    assert find_near_matches(now=timezone.now()) == 0


def test_two_tickets_of_one_edition_may_be_one_person_while_one_of_them_came(one):
    """Somebody registers twice under two spellings and comes once."""
    samuel, _ = samuel_and_sam(one, one)
    attend(samuel)

    assert find_near_matches(now=timezone.now()) == 1


def test_two_who_came_to_two_editions_may_be_one(one, two):
    for ticket in samuel_and_sam(one, two):
        attend(ticket)

    assert find_near_matches(now=timezone.now()) == 1


def test_two_of_one_registration_are_two_though_neither_came(one):
    family = make_registration(one, lead_email="home@example.org")
    for name in ("Samuel Example", "Sam Example"):
        make_ticket(one, name, contact="home@example.org", registration=family)

    assert find_near_matches(now=timezone.now()) == 0


def without_an_address(event, name, **fields):
    """A walk-in, or a pupil whom a teacher named."""
    ticket = make_ticket(event, name, contact=f"{event.slug}@example.org", **fields)
    Registration.objects.filter(pk=ticket.registration_id).update(lead_email="")
    return ticket


@pytest.mark.parametrize(
    ("then", "now", "pairs"),
    [
        ({}, {}, 1),
        ({"name": "Zoë Hale"}, {"name": "Zoe Hale"}, 1),
        ({}, {"borough": "halton"}, 0),
        ({}, {"age": 45}, 0),
        ({}, {"name": "Ida Hale"}, 0),
    ],
)
def test_who_gave_no_address_may_be_somebody_who_came_before(one, two, then, now, pairs):
    fields = {"name": "Zoe Hale", "age": 15, "borough": "wirral"}
    attend(make_ticket(one, **(fields | then)))
    attend(without_an_address(two, **(fields | now)))

    assert find_near_matches(now=timezone.now()) == pairs
    assert {pair.reason for pair in NearMatch.objects.all()} <= {"possible repeat without an address"}


def test_ages_that_one_person_cannot_have_are_two(one, two):
    """A father and a son of one name, and of one address."""
    make_ticket(one, "Samuel Example", contact="home@example.org", age=15)
    make_ticket(two, "Sam Example", contact="home@example.org", age=45)

    assert find_near_matches(now=timezone.now()) == 0


def test_persons_who_are_merged_are_no_pair(one, two):
    samuel, sam = samuel_and_sam(one, two)

    merge_person(person_id=sam.person_id, into_id=samuel.person_id, now=timezone.now())

    assert find_near_matches(now=timezone.now()) == 0
