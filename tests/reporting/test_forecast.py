"""Where will the figure stand? Who comes again adds nobody new."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reporting.domain.reach import measure_reach
from tests import factories
from tests.reporting.programme import attend, make_target, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def editions():
    """Two are over, one comes."""
    now = timezone.now()
    days = {"first": -200, "second": -20, "coming": 30}
    return [factories.make_event(slug, starts_at=now + timedelta(days=day)) for slug, day in days.items()]


def forecast_for(editions, *, came_back: int):
    """Twenty people at each past edition, some of them at both; ten hold a ticket for the next."""
    first, second, coming = editions
    for number in range(20):
        attend(make_ticket(first, f"Person {number} Example"))
        name = f"Person {number}" if number < came_back else f"Other {number}"
        attend(make_ticket(second, f"{name} Example"))
    for number in range(10):
        make_ticket(coming, f"Coming {number} Example", issued_at=timezone.now() - timedelta(days=1))
    report = measure_reach(target=make_target(), as_at=timezone.now())
    return report.value, report.forecast


@pytest.mark.parametrize(
    ("came_back", "reached", "expected"),
    [(0, 40, 40 + 10), (10, 30, 30 + 5), (20, 20, 20)],
    ids=["nobody comes again", "half come again", "all come again"],
)
def test_people_who_come_again_add_nobody_new(editions, came_back, reached, expected):
    """All who registered came. The upper end takes them all as new, as those to come are not known yet."""
    value, outlook = forecast_for(editions, came_back=came_back)

    assert (value, outlook["value"]) == (reached, expected)
    assert reached <= outlook["low"] <= expected
    assert outlook["high"] == reached + 10
