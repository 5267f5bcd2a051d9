"""Whom does a rung count, whichever way their attendance was recorded?"""

from datetime import timedelta

import pytest
from django.utils import timezone

from reporting.domain.reach import measure_reach
from reporting.models import AttendanceCorrection, Target
from tests import factories
from tests.reporting.programme import attend, make_registration, make_target, make_ticket

pytestmark = pytest.mark.django_db
WAYS = ["scanned", "by hand"]


@pytest.fixture
def showcase():
    return factories.make_event(starts_at=timezone.now() - timedelta(days=20))


def come(ticket, way, organiser):
    """Scanned at the door, or recorded by hand alone."""
    if way == "scanned":
        attend(ticket)
    else:
        AttendanceCorrection.objects.create(
            ticket=ticket,
            attendance="came",
            reason="paper register",
            recorded_by=organiser,
            recorded_at=timezone.now(),
        )


@pytest.mark.database
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("rung", "count"), [(Target.Rung.REACHED, 1), (Target.Rung.ENGAGED, 2)], ids=["reached", "engaged"]
)
def test_an_adult_of_a_group_is_engaged_but_not_a_young_person_reached(showcase, organiser, way, rung, count):
    """A youth worker of 22 is within the ages of the promise, and comes as an adult all the same."""
    group = make_registration(showcase, kind="group", organisation="Example Club")
    young = make_ticket(showcase, "Yasmin Young", age=15, registration=group)
    worker = make_ticket(showcase, "Wes Worker", age=22, registration=group, is_adult_of_group=True)
    for ticket in (young, worker):
        come(ticket, way, organiser)

    report = measure_reach(target=make_target(rung=rung), as_at=timezone.now())

    assert (report.low, report.value) == (count, count)


@pytest.mark.parametrize("way", WAYS)
def test_the_same_age_on_their_own_is_a_young_person(showcase, organiser, way):
    come(make_ticket(showcase, "Nia Newcomer", age=22), way, organiser)

    assert measure_reach(target=make_target(), as_at=timezone.now()).value == 1


@pytest.mark.parametrize(
    ("ages", "counted"),
    [((16, 24), [16, 18, 19, 24]), ((11, 25), [15, 16, 18, 19, 24, 25]), ((None, 18), [15, 16, 18])],
)
def test_a_promise_counts_its_own_ages_and_no_others(ages, counted):
    event = factories.make_event("past", starts_at=timezone.now() - timedelta(days=3))
    for age in (15, 16, 18, 19, 24, 25, 26):
        attend(make_ticket(event, f"Person {age} Example", age=age))
    target = make_target(series=event.series, min_age=ages[0], max_age=ages[1])

    assert measure_reach(target=target, as_at=timezone.now()).value == len(counted)
