"""What happens when there is nothing, too little, or something odd?

Sensible pages and figures, and no 500.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from reporting.domain.publishing import differences, publish_report
from reporting.domain.reach import measure_reach
from reporting.models import Target
from tests import factories
from tests.reporting.programme import attend, make_target, make_ticket

pytestmark = pytest.mark.django_db
FACES = ["", "report.pdf", "report.csv", "report.json", "report.xlsx"]


def programme(kind: str) -> Target:
    now = timezone.now()
    if kind == "no rows":
        return make_target()
    past = factories.make_event("past", starts_at=now - timedelta(days=30))
    people = {"one row": 1, "everyone from one borough": 40, "nobody came": 40, "no boroughs known": 40}.get(
        kind, 5
    )
    borough = "not-known" if kind == "no boroughs known" else "sefton"
    for number in range(people):
        ticket = make_ticket(past, f"Person {number} Example", borough=borough)
        if kind == "a scan before registration":
            attend(ticket, at=ticket.issued_at - timedelta(days=1))
        elif kind != "nobody came":
            attend(ticket)
    if kind == "due before it starts":
        return make_target(starts_on=now.date(), due_date=now.date() - timedelta(days=9))
    if kind == "a goal of one":
        return make_target(goal=1)
    return make_target()


KINDS = [
    "no rows",
    "one row",
    "everyone from one borough",
    "nobody came",
    "no boroughs known",
    "a scan before registration",
    "due before it starts",
    "a goal of one",
]


@pytest.mark.thorough
@pytest.mark.parametrize("kind", KINDS)
def test_every_face_answers(client, organiser, kind):
    target = programme(kind)
    client.force_login(organiser)

    for query in ("", "?public=1", "?as_at=2199-01-01T00:00", "?as_at=2001-01-01T00:00"):
        for face in FACES if not query else FACES[:1] + FACES[2:4]:
            assert client.get(f"/desk/reach/{target.slug}/{face}{query}").status_code == 200, (query, face)
    assert client.get("/desk/reach/").status_code == 200


def test_a_future_moment_shows_the_figures_of_now(client, organiser):
    target = programme("one row")
    client.force_login(organiser)

    told = client.get(f"/desk/reach/{target.slug}/report.json?as_at=2199-01-01T00:00").json()

    assert told["as_at"] < "2190"
    assert told["notes"][0].startswith("The moment asked for lies in the future")


def test_an_event_past_midnight_on_the_clock_change_keeps_its_quarters_in_order():
    start = datetime(2026, 10, 24, 21, 0, tzinfo=UTC)  # 22:00 in London; the clocks go back at 01:00 UTC
    night = factories.make_event(
        "night", starts_at=start, doors_open_at=start, ends_at=start + timedelta(hours=6)
    )
    for number, minutes in enumerate((5, 130, 200, 245)):
        attend(make_ticket(night, f"Person {number} Example"), at=start + timedelta(minutes=minutes))

    report = measure_reach(target=make_target(), as_at=start + timedelta(hours=8))

    arrived = [(row["from"], row["people"]) for row in report.arrivals if row["people"]]
    # 01:00 to 02:00 comes twice that night; the wall shows one hour, and midnight comes after 23:45.
    assert arrived == [("22:00", 1), ("00:00", 1), ("01:00", 1), ("01:15", 1)]
    assert sum(row["people"] for row in report.arrivals) == 4


def test_a_target_changed_after_publishing_is_named(organiser):
    target = programme("everyone from one borough")
    report = publish_report(target=target, by=organiser, now=timezone.now())

    Target.objects.filter(pk=target.pk).update(min_age=16, goal=900)

    lines = differences()
    assert report.report["goal"] == 500
    assert any("goal was 500, the rows give 900" in line for line in lines)
    assert any("definition was changed" in line for line in lines)


def test_a_second_report_on_one_day_is_refused(client, organiser):
    target = programme("one row")
    client.force_login(organiser)

    for _ in range(2):
        client.post(f"/desk/reach/{target.slug}/publish/")
    page = client.get(f"/desk/reach/{target.slug}/?number=1").content.decode()

    assert target.published_reports.count() == 1
    assert "Published report 1" in page


def test_figures_of_unnamed_heads_stand_apart(organiser):
    target = programme("one row")
    guest = make_ticket(target.series.events.get(), "", age=None)
    attend(guest)

    report = measure_reach(target=target, as_at=timezone.now())

    assert (report.value, report.heads, report.attendances) == (1, 1, 2)


def test_queries_do_not_grow_with_rows(organiser):
    target = programme("one row")
    few = count_queries(target)
    event = target.series.events.get()
    for number in range(30):
        attend(make_ticket(event, f"Another {number} Example"))

    assert count_queries(target) == few


def count_queries(target) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        measure_reach(target=target, as_at=timezone.now())
    return len(captured)
