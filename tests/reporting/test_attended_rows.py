"""Which rows does a figure rest on? Many editions, and what the digest of a published figure covers."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from reporting.domain.publishing import differences, publish_report
from reporting.domain.reach import measure_reach
from reporting.models import PublishedReport
from tests import factories
from tests.reporting.programme import attend, make_target, make_ticket
from tickets.models import Ticket

NOW = datetime(2027, 6, 1, 9, 0, tzinfo=timezone.get_current_timezone())
EVENTS = 50


@pytest.mark.database
@pytest.mark.django_db
def test_a_person_is_known_again_at_the_last_of_many_events():
    target = make_target()
    events = [
        factories.make_event(
            f"week-{number}",
            title=f"Week {number}",
            starts_at=NOW - timedelta(days=350 - 7 * number),
            series=target.series,
        )
        for number in range(EVENTS)
    ]
    for event in (events[0], events[41], events[-1]):
        attend(make_ticket(event, "Ada Example"))
    attend(make_ticket(events[-1], "Bo Example"))

    report = measure_reach(target=target, as_at=NOW)

    assert report.value == 2
    people = {slug: number for slug, number in report.by_edition.items() if number}
    assert people == {"week-0": 1, "week-41": 1, "week-49": 2}
    assert report.editions[-1]["new"] == 1


@pytest.mark.database
@pytest.mark.django_db
def test_the_digest_covers_each_row_and_is_compared_under_its_own_rules(event, organiser):
    target = make_target(series=event.series)
    ticket = make_ticket(event, "Ada Example")
    attend(ticket)
    publish_report(target=target, by=organiser, now=NOW)
    assert differences() == []

    Ticket.objects.filter(pk=ticket.pk).update(is_adult_of_group=True)
    assert any("digest" in line for line in differences())

    Ticket.objects.filter(pk=ticket.pk).update(is_adult_of_group=False)
    PublishedReport.objects.update(rule_version="2", digest="of another form")
    assert differences() == []
