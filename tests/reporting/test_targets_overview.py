"""What does the dashboard say in the morning: where we are, the forecast, and what would close the gap?"""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import Event
from reporting.domain import cached_figures
from reporting.domain.publishing import publish_report
from reporting.domain.reach import measure_reach
from reporting.domain.remaining_gap import gap_lines
from reporting.models import MorningFigure, ReportAccess, Target
from tests import factories
from tests.reporting.programme import attend, make_target, make_ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def target():
    """Forty held a ticket for the past edition and thirty came, none from Halton;
    twenty hold one for the next."""
    past = factories.make_event("past", title="Showcase One", starts_at=timezone.now() - timedelta(days=30))
    coming = factories.make_event(
        "coming",
        title="Showcase Two",
        starts_at=timezone.now() + timedelta(days=30),
        capacity=50,
        places_taken=20,
    )
    boroughs = ["knowsley", "liverpool", "liverpool", "sefton", "st-helens", "wirral"]
    for number in range(40):
        ticket = make_ticket(past, f"Person {number} Example", borough=boroughs[number % 6])
        if number < 30:
            attend(ticket)
    for number in range(20):
        make_ticket(coming, f"Coming {number} Example", issued_at=timezone.now() - timedelta(days=1))
    return make_target(goal=100)


def test_the_forecast_has_a_value_a_range_and_its_rule(target):
    outlook = measure_reach(target=target, as_at=timezone.now()).forecast

    assert outlook["value"] == 30 + 15
    assert 30 < outlook["low"] < 45 < outlook["high"] <= 50
    assert "Registered for coming editions" in outlook["rule"]


def test_the_gap_is_told_in_places_no_shows_and_boroughs(target):
    now = timezone.now()

    lines = gap_lines(target=target, values=measure_reach(target=target, as_at=now).as_values(), now=now)

    assert lines[0] == "30 places are still open: 30 at Showcase Two."
    assert lines[1].startswith("Of every 100 who register, 25 do not come: expect about 15 of the 20")
    assert lines[2] == "To reach 70 more, about 93 registrations are needed."
    assert "Halton has 0 % of those reached and 9 % of the region's people aged 11 to 18." in lines


def test_a_kept_promise_has_no_gap(target):
    Target.objects.filter(pk=target.pk).update(goal=30)
    target.refresh_from_db()
    values = measure_reach(target=target, as_at=timezone.now()).as_values()

    assert values["is_met"]
    assert gap_lines(target=target, values=values, now=timezone.now()) == []


@pytest.mark.parametrize("targets", [1, 3])
def test_the_boards_dashboard_costs_the_same_for_one_target_and_three(
    client, target, organiser, board_member, targets
):
    for number in range(1, targets):
        make_target(f"another-{number}", goal=10)
    for one in Target.objects.all():
        publish_report(target=one, by=organiser, now=timezone.now())
    client.force_login(board_member)
    client.get("/desk/reach/")

    with CaptureQueriesContext(connection) as captured:
        page = client.get("/desk/reach/").content.decode()

    assert len(captured) == 5, [query["sql"][:80] for query in captured]
    assert page.count("Report 1 was published on") == targets
    assert "What would close the gap" not in page


def test_a_large_figure_is_shown_as_last_counted_and_counted_again_behind(
    client, target, organiser, monkeypatch
):
    monkeypatch.setattr(cached_figures, "LARGE", 10)
    start = timezone.now()
    see = partial(cached_figures.morning_values, targets=[target], by=organiser)

    first = see(now=start)[target.pk]
    attend(make_ticket(Event.objects.get(slug="past"), "Late Example"))
    with CaptureQueriesContext(connection) as captured:
        kept = see(now=start + timedelta(minutes=6))[target.pk]
    again = (
        cached_figures.count_again(now=start + timedelta(minutes=7)),
        cached_figures.count_again(now=start),
    )
    fresh = see(now=start + timedelta(minutes=8))[target.pk]

    assert (first["value"], kept, fresh["value"], again) == (30, first, 31, (1, 0))
    assert len(captured) == 3
    assert [one.as_at for one in ReportAccess.objects.order_by("pk")][:2] == [start, start]


def test_a_figure_that_nobody_looked_at_for_a_day_is_counted_at_once(target, organiser, monkeypatch):
    monkeypatch.setattr(cached_figures, "LARGE", 10)
    start = timezone.now()
    cached_figures.morning_values(targets=[target], now=start, by=organiser)
    attend(make_ticket(Event.objects.get(slug="past"), "Late Example"))

    later = cached_figures.morning_values(targets=[target], now=start + timedelta(days=2), by=organiser)

    assert later[target.pk]["value"] == 31


def test_a_small_programme_is_counted_each_time(target, organiser):
    start = timezone.now()

    seen = [cached_figures.morning_values(targets=[target], now=start, by=organiser)[target.pk]["value"]]
    attend(make_ticket(Event.objects.get(slug="past"), "Late Example"))
    seen.append(
        cached_figures.morning_values(targets=[target], now=timezone.now(), by=organiser)[target.pk]["value"]
    )

    assert seen == [30, 31]
    assert not MorningFigure.objects.exists()


def test_a_changed_promise_is_counted_anew(target, organiser, monkeypatch):
    monkeypatch.setattr(cached_figures, "LARGE", 10)
    cached_figures.morning_values(targets=[target], now=timezone.now(), by=organiser)

    cached_figures.forget(target=target)

    assert not MorningFigure.objects.exists()
