"""Who is one person? Twins, nicknames, a class on one address, one person at both editions, and erasure."""

from datetime import timedelta

import pytest
from django.utils import timezone

from desk.domain.erasure import erase_registration
from reporting.domain.near_matches import decide, find_near_matches
from reporting.domain.publishing import differences, publish_report
from reporting.domain.reach import measure_reach
from reporting.faces import face_of
from reporting.models import AttendanceCorrection, NearMatch
from tests import factories
from tests.reporting.programme import attend, make_registration, make_target, make_ticket
from tickets.models import Registration, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def editions():
    now = timezone.now()
    return [
        factories.make_event("one", title="Showcase One", starts_at=now - timedelta(days=200)),
        factories.make_event("two", title="Showcase Two", starts_at=now - timedelta(days=20)),
    ]


def came(event, name, **fields):
    ticket = make_ticket(event, name, **fields)
    attend(ticket)
    return ticket


def figure(target):
    report = measure_reach(target=target, as_at=timezone.now())
    return report.low, report.value


def test_twins_and_a_class_on_one_address_are_themselves(editions):
    group = make_registration(editions[0], kind="group", organisation="Example School")
    for name in ("Tim Twin", "Tom Twin", "Pupil 1 Example", "Pupil 2 Example"):
        came(editions[0], name, contact="teacher@example.org", registration=group)

    found = find_near_matches(now=timezone.now())

    assert found == 0
    assert figure(make_target()) == (4, 4)


def test_one_person_at_both_events_counts_once(editions):
    for event in editions:
        came(event, "Ada Example", contact="Ada+tickets@Example.org")

    report = measure_reach(target=make_target(), as_at=timezone.now())

    assert (report.low, report.value, report.attendances) == (1, 1, 2)
    assert [(one["new"], one["returning"]) for one in report.editions] == [(1, 0), (0, 1)]


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (("Samuel Example", "home@example.org"), ("Sam Example", "home@example.org"), "nickname"),
        (("Zoë Example", "z@example.org"), ("Zoe Example", "zoe.other@example.org"), "second address"),
        (("Katherine Sample", "k@example.org"), ("Katherin Sample", "k@example.org"), "misspelt name"),
    ],
)
def test_a_near_match_makes_the_figure_a_range_until_it_is_settled(
    editions, organiser, first, second, reason
):
    for event, (name, contact) in zip(editions, (first, second), strict=True):
        came(event, name, contact=contact)
    target = make_target()

    find_near_matches(now=timezone.now())
    again = find_near_matches(now=timezone.now())
    pair = NearMatch.objects.get()
    ranges = [figure(target)]
    for decision in ("same", "undecided", "different"):
        decide(near_match_id=pair.pk, decision=decision, by=organiser, now=timezone.now())
        ranges.append(figure(target))

    assert (pair.reason, again) == (reason, 0)
    assert ranges == [(1, 2), (1, 1), (1, 2), (2, 2)]


def a_programme_with_everything(editions, organiser):
    """A class, a nickname that is not settled, one who stands on paper alone."""
    group = make_registration(editions[0], kind="group", organisation="Example School")
    for number in range(6):
        came(editions[0], f"Pupil {number} Example", contact="teacher@example.org", registration=group)
    came(editions[0], "Samuel Example", contact="home@example.org")
    came(editions[1], "Sam Example", contact="home@example.org")
    AttendanceCorrection.objects.create(
        ticket=make_ticket(editions[1], "Paper Example"),
        attendance="came",
        reason="paper register",
        recorded_by=organiser,
        recorded_at=timezone.now(),
    )
    find_near_matches(now=timezone.now())
    return make_target()


def erase_everybody():
    for registration in Registration.objects.all():
        erase_registration(registration=registration, reason="asked", now=timezone.now())
    assert not Ticket.objects.exclude(name="").exists()


@pytest.mark.database
def test_figures_are_the_same_before_and_after_erasure(editions, organiser, settings, tmp_path):
    settings.ERASURE_LEDGER = tmp_path / "ledger"
    target, moment = a_programme_with_everything(editions, organiser), timezone.now()

    def faces() -> dict[str, bytes]:
        values = measure_reach(target=target, as_at=moment).as_values()
        return {name: face_of(name, values).content for name in ("json", "csv")}

    before = faces()
    erase_everybody()

    assert faces() == before
    values = measure_reach(target=target, as_at=moment).as_values()
    assert (values["low"], values["value"]) == (8, 9)
    assert find_near_matches(now=timezone.now()) == 0


@pytest.mark.database
def test_a_person_erased_between_two_reports_changes_neither(editions, organiser, settings, tmp_path):
    settings.ERASURE_LEDGER = tmp_path / "ledger"
    target, now = a_programme_with_everything(editions, organiser), timezone.now()
    first = publish_report(target=target, by=organiser, now=now)

    erase_everybody()
    second = publish_report(target=target, by=organiser, now=now + timedelta(days=1))

    told = {"number", "as_at", "digest", "plan"}  # what two reports a day apart may differ in
    for one, other in ((first.report, second.report), (first.aggregates, second.aggregates)):
        assert {k: v for k, v in one.items() if k not in told} == {
            k: v for k, v in other.items() if k not in told
        }
    assert differences() == []
