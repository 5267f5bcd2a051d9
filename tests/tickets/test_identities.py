"""Is it one person, whichever way they came, and are two people never made one?"""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from people.domain import matching
from people.domain.merges import SamePeople, merged_pairs, unmerge_person
from people.models import Person, PersonKey
from tests import factories
from tests.door.test_admission_race import at_the_same_moment
from tests.tickets.test_party_names import bring, give
from tickets.domain.attendees import Attendee, Contact
from tickets.domain.changes import correct_contact, correct_name
from tickets.domain.identities import know_again
from tickets.domain.registration import AlreadyRegistered, register
from tickets.models import Guardian, Ticket

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
GAIL = Contact(name="Gail Hale", email="gail@example.org", phone="01632 960 010")
GREG = Contact(name="Greg Hale", email="greg@example.org", phone="+44 1632 960010")
OTHER = Contact(name="Olga Hale", email="olga@example.org", phone="01632 960 999")


@pytest.fixture
def first(db):
    return factories.make_event("first", max_age=None, starts_at=datetime(2026, 12, 1, 10, tzinfo=UTC))


@pytest.fixture
def second(db):
    return factories.make_event("second", max_age=None, starts_at=datetime(2027, 11, 30, 10, tzinfo=UTC))


def come(event, name="Sam Hale", *, age=14, email="sam@example.org", phone="", guardian=GAIL):
    """A registration of one, by the rule; whoever is 16 has no guardian."""
    adult = {"guardian": guardian} if age < 16 else {"emergency_contact": OTHER} if age < 18 else {}
    registered = register(
        event=event,
        lead=Contact(name=name, email=email, phone=phone),
        attendees=[Attendee(name=name, age=age, borough="wirral", **adult)],
        now=NOON,
        vouched_by="registrar",
    )
    return registered.tickets[0]


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ({"guardian": GAIL}, {"guardian": OTHER, "age": 15}),  # own address
        ({"email": "a@example.org"}, {"email": "b@example.org", "age": 15}),  # the guardian's address
        ({"email": "a@example.org"}, {"email": "b@example.org", "guardian": GREG, "age": 15}),  # her number
        ({"age": 15}, {"age": 16}),  # own address from 16
        ({"email": "gail@example.org"}, {"email": "GAIL+fair@example.org", "age": 15, "guardian": OTHER}),
        ({"name": "Síle O’Neill"}, {"name": "Sile O'Neill", "age": 15}),
        (
            {"age": 19, "phone": "07700 900123"},
            {"age": 20, "phone": "+447700900123", "email": "x@example.org"},
        ),
    ],
)
def test_one_key_in_common_is_one_person_at_two_editions(first, second, then, now):
    assert come(first, **then).person == come(second, **now).person


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ({"age": 14}, {"age": 45}),  # son and father of one name and one address
        ({"name": "Samuel Hale"}, {"name": "Sam Hale", "age": 15}),  # for the review list
        (
            {"email": "a@example.org", "guardian": GAIL},
            {"email": "b@example.org", "guardian": OTHER, "age": 15},
        ),
        ({"age": 16, "email": "a@example.org"}, {"age": 17, "email": "b@example.org"}),  # emergency contact
    ],
)
def test_who_may_be_two_stays_two(first, second, then, now):
    assert come(first, **then).person != come(second, **now).person


@pytest.mark.parametrize(
    "again",
    [
        {"guardian": OTHER},  # their own address says so
        {"email": "other@example.org"},  # the guardian's does
        {"name": "SAM HALE"},
    ],
)
def test_a_second_ticket_at_one_event_is_refused_by_an_address(first, again):
    come(first)

    with pytest.raises(AlreadyRegistered):
        come(first, **again)

    assert (Ticket.objects.count(), Person.objects.count()) == (1, 1)


def test_a_telephone_number_refuses_nobody_and_makes_two(first):
    one = come(first, email="a@example.org")
    other = come(first, email="b@example.org", guardian=GREG)

    assert one.person != other.person
    assert PersonKey.objects.filter(kind="phone").values("digest").distinct().count() == 1


def test_a_father_and_a_son_are_each_known_again(first, second):
    son, father = come(first), come(first, age=45)

    assert (come(second, age=15).person, come(second, age=46).person) == (son.person, father.person)


def test_a_class_is_known_again_by_school_and_cohort(first, second):
    class_then = bring(first, heads={"14-15": 2}, now=NOON).registration
    class_now = bring(second, heads={"14-15": 2}, now=NOON).registration
    give(class_then, "Ada Hale,14\nBen Hale,14", NOON)
    give(class_now, "Ada Hale,15\nCai Hale,14", NOON)

    then = dict(class_then.tickets.filter(is_adult_of_group=False).values_list("name", "person"))
    now = dict(class_now.tickets.filter(is_adult_of_group=False).values_list("name", "person"))
    assert then["Ada Hale"] == now["Ada Hale"]
    assert len({*then.values(), *now.values()}) == 3
    leads = [one.tickets.get(name="Tara Teacher").person for one in (class_then, class_now)]
    assert leads[0] == leads[1]


def test_a_name_put_right_stays_the_same_person_and_another_name_is_another(first, second):
    before = come(first, "Sma Hale")
    person = before.person

    put_right = correct_name(ticket=before, name="Sam Hale", now=NOON)
    assert put_right.person == person
    assert come(second, age=15).person == person
    assert correct_name(ticket=put_right, name="Zoe Quill", now=NOON).person != person


def test_a_corrected_contact_makes_no_second_child(first, second):
    """A typing error in the guardian's address, put right after the second registration."""
    wrong = Contact(name="Gail Hale", email="gial@example.org", phone="01632 960 011")
    one = come(first, email="gial@example.org", guardian=wrong)
    two = come(second, age=15)
    assert one.person != two.person

    Guardian.objects.filter(ticket=one).update(email=GAIL.email)
    know_again(ticket=one, now=NOON)

    same = SamePeople(merged_pairs(as_at=NOON))
    assert same.of(one.person_id) == same.of(two.person_id)
    unmerge_person(person_id=one.person_id, now=timezone.now())
    assert merged_pairs() == []
    assert len(merged_pairs(as_at=NOON)) == 1


def test_a_corrected_number_is_a_key(first, second):
    ticket = come(first, email="a@example.org", guardian=OTHER)

    correct_contact(ticket=ticket, name="Gail Hale", phone=GAIL.phone, now=NOON)

    assert come(second, age=15, email="b@example.org", guardian=GREG).person == ticket.person


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_one_new_person_at_many_editions_at_one_moment_is_one_person():
    events = [factories.make_event(f"event-{number}", starts_at=factories.DAY) for number in range(6)]

    at_the_same_moment([lambda event=event: come(event).person_id for event in events])

    assert (Ticket.objects.count(), Person.objects.count()) == (6, 1)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_they_are_several(monkeypatch):
    """The same race on PostgreSQL without lock_keys: the test above could fail."""
    if matching.connection.vendor != "postgresql":
        pytest.skip("SQLite writes one transaction at a time")
    monkeypatch.setattr("tickets.domain.identities.lock_keys", lambda keys: None)
    for attempt in range(10):
        events = [factories.make_event(f"event-{attempt}-{n}", starts_at=factories.DAY) for n in range(6)]
        name = f"Sam{attempt} Hale"
        at_the_same_moment([lambda event=event, name=name: come(event, name).person_id for event in events])

    assert Person.objects.count() > 10
