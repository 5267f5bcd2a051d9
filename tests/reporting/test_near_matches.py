"""Which two people are certainly two, and never proposed as one?"""

from datetime import timedelta

import pytest
from django.utils import timezone

from reporting.domain.near_matches import find_near_matches
from tests import factories
from tests.reporting.programme import attend, make_registration, make_ticket

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
