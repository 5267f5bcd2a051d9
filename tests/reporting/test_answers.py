"""Are equality answers counted, rounded, and for organisers alone?"""

import pytest

from tests import factories
from tickets.domain.equality import count_answers

PAGE = "/desk/reach/records/answers/"


@pytest.fixture
def answered(event):
    for _ in range(13):
        count_answers(event=event, answers={"gender": "girl", "disability": "no"})
    for _ in range(3):
        count_answers(event=event, answers={"gender": "boy"})


def test_answers_are_rounded_and_small_counts_hidden(client, organiser, answered):
    client.force_login(organiser)

    questions = client.get(PAGE).context["questions"]

    gender = dict(questions[0]["answers"])
    assert gender == {
        "A girl or woman": 15,
        "A boy or man": "*",
        "Another word fits me better": 0,
        "I'd rather not say": 0,
    }


def test_page_is_for_organisers_and_only_read(client, organiser, board_member):
    assert client.get(PAGE).status_code == 302
    client.force_login(board_member)
    assert client.get(PAGE).status_code == 403
    client.force_login(organiser)
    assert client.post(PAGE).status_code == 405


@pytest.mark.parametrize("editions", [1, 3])
def test_page_costs_the_same_for_one_and_three_events(client, organiser, editions, django_assert_num_queries):
    for number in range(editions):
        count_answers(event=factories.make_event(f"edition-{number}"), answers={"gender": "girl"})
    client.force_login(organiser)

    with django_assert_num_queries(4):
        client.get(PAGE)
