"""How is a figure said? The headline of a report, exact and public, on each side of its goal."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reporting.domain.corrections import record_heads
from reporting.domain.disclosure import public_values
from reporting.domain.presenter import tell
from reporting.domain.reach import measure_reach
from reporting.models import NearMatch
from tests import factories
from tests.reporting.programme import attend, make_target, make_ticket
from tests.reporting.test_charts import VALUES

pytestmark = pytest.mark.django_db
GOAL = {"goal": 500, "due_date": "2027-12-31", "rung": "reached", "heads": 0, "is_met": False}
PUBLIC = {"precision": "public"}
SPAN = GOAL | {"goal": {"low": 5, "high": 10}, "rung": "invited"}


@pytest.mark.parametrize(
    ("low", "value", "more", "sentence"),
    [
        (0, 0, {}, "Nobody counts yet; 500 young people reached are promised by DAY."),
        (200, 209, {}, "209 of 500 young people reached; 291 to go by DAY."),
        (499, 499, {}, "499 of 500 young people reached; 1 to go by DAY."),
        (480, 510, {}, "Between 480 and 510 of 500 young people reached by DAY."),
        (500, 510, {"is_met": True}, "510 young people reached: the promise of 500 is kept."),
        (210, 210, PUBLIC, "About 210 of 500 young people reached; 290 to go by DAY."),
        (495, 495, PUBLIC, "Just under 500 young people reached; 500 are promised by DAY."),
        ("*", "*", PUBLIC, "7 or fewer young people reached; 500 were promised by DAY."),
    ],
)
def test_headline_of_a_number(low, value, more, sentence):
    values = VALUES | GOAL | {"low": low, "value": value, "high": value} | more

    assert tell(values).sentence == sentence.replace("DAY", "31 December 2027")


def test_heads_stand_beside_the_headline():
    values = VALUES | GOAL | {"low": 209, "value": 209, "high": 269, "heads": 60}

    assert tell(values).sentence.endswith("209 known by name, and 60 more counted by heads.")
    assert ("Counted by heads, without names", "60") in tell(values).facts


@pytest.mark.parametrize(
    ("value", "is_met", "sentence"),
    [
        (4, False, "4 of 5 to 10 influencers invited; 1 to go by 31 December 2027."),
        (5, True, "5 influencers invited: the promise of 5 to 10 is kept."),
        (11, True, "11 influencers invited: more than planned, and the promise of 5 to 10 is kept."),
    ],
)
def test_headline_of_a_span(value, is_met, sentence):
    values = VALUES | SPAN | {"low": value, "value": value, "high": value, "is_met": is_met}

    assert tell(values).sentence == sentence


def test_a_promise_is_kept_only_where_the_fewest_people_keep_it(organiser):
    now = timezone.now()
    event = factories.make_event("past", starts_at=now - timedelta(days=3))
    target = make_target(series=event.series, goal=2, rung="engaged", min_age=None, max_age=None)
    first, second = make_ticket(event, "Ada Example"), make_ticket(event, "Ad Example")
    attend(first)
    attend(second)
    NearMatch.objects.create(first=first.person, second=second.person, reason="nickname", found_at=now)
    record_heads(event=event, heads=3, reason="counted at the second gate", by=organiser, now=now)

    report = measure_reach(target=target, as_at=timezone.now()).as_values()

    assert [report[key] for key in ("low", "value", "high", "heads", "is_met")] == [1, 2, 5, 3, False]
    assert tell(report).sentence.startswith("Between 1 and 5 of 2 people engaged")
    assert public_values(report)["is_met"] is False
