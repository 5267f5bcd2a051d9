"""Who finds whom by name at the door?"""

import pytest

from door.domain import name_search
from foundation.refusals import InvalidInput
from people.domain.names import fold_name
from tests import factories
from tests.door.factories import TEN, code_of, make_ticket
from tests.people.test_names import name_pairs
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


def test_search_finds_names_whatever_their_accents(event, supervisor):
    sian = make_ticket(event, "Siân Nguyễn")
    make_ticket(event, "Ada Lovelace")

    hits, more = name_search.find_by_name(device=supervisor, words="sian nguyen", now=TEN)

    assert [(hit.name, hit.is_inside) for hit in hits] == [("Siân N", None)]
    assert hits[0].code == code_of(sian)[:10]
    assert not more


@pytest.mark.parametrize("words", ["", "  ", "ab", "%%%", "a b", "._-"])
def test_search_needs_three_letters(supervisor, words):
    with pytest.raises(InvalidInput):
        name_search.find_by_name(device=supervisor, words=words, now=TEN)


def test_search_gives_ten_names_at_most_of_this_event_alone(event, supervisor):
    other = factories.make_event("other")
    for number in range(12):
        make_ticket(event, f"Kim {number}")
    make_ticket(other, "Kim Elsewhere")

    hits, more = name_search.find_by_name(device=supervisor, words="kim", now=TEN)

    assert (len(hits), more) == (10, True)
    assert {hit.name for hit in hits} <= {f"Kim {number}"[:5] for number in range(12)}


def test_search_costs_the_same_for_one_and_three(event, supervisor, django_assert_num_queries):
    make_ticket(event, "Kim One")
    with django_assert_num_queries(3):
        name_search.find_by_name(device=supervisor, words="kim", now=TEN)
    make_ticket(event, "Kim Two")
    make_ticket(event, "Kim Three")
    with django_assert_num_queries(3):
        name_search.find_by_name(device=supervisor, words="kim", now=TEN)


def test_search_finds_a_name_however_it_was_typed(event, supervisor):
    """Every pair of the truth table that is one name."""
    for row in name_pairs("same"):
        if sum(letter.isalnum() for letter in fold_name(row["other"])) < name_search.LEAST_LETTERS:
            continue
        ticket = make_ticket(event, row["one"])

        hits, _ = name_search.find_by_name(device=supervisor, words=row["other"], now=TEN)

        assert code_of(ticket)[:10] in {hit.code for hit in hits}, row
        Ticket.objects.filter(pk=ticket.pk).update(name="")
