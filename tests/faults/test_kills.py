"""Is anything lost or doubled when a process, a disk or the database fails?

Short runs; the long ones: make faults.
"""

import pytest

from tests.faults import scenarios
from tests.faults.portal import captive_portal

pytestmark = pytest.mark.thorough

BOTH = pytest.mark.parametrize("on", ["SQLite", "PostgreSQL"])


def held(outcome: scenarios.Outcome) -> None:
    assert outcome.is_whole, (outcome.lost, outcome.journal.bare[:3], outcome.journal.gave_up[:3])
    assert outcome.acknowledged > 0


@BOTH
def test_nothing_is_lost_when_the_server_is_killed(on):
    held(scenarios.server_killed(on=on, kills=2))


def test_nothing_is_lost_when_the_database_goes_away_and_comes_back():
    held(scenarios.database_stopped(cycles=2))


def test_nothing_is_lost_when_one_of_two_nodes_is_killed():
    held(scenarios.two_nodes(kills=1))


@BOTH
def test_no_mail_is_lost_when_its_worker_is_killed(on):
    held(scenarios.mailer_killed(on=on, mails=100, kills=2))


def test_a_full_disk_refuses_kindly_and_goes_on():
    held(scenarios.disk_filled(fills=1))


@BOTH
def test_a_killed_migration_is_finished_by_the_next(on):
    held(scenarios.migration_killed(on=on, kills=2, tickets=200))


@BOTH
def test_the_nights_on_which_clocks_change_are_counted_right(on):
    held(scenarios.clock_changed(on=on))


@pytest.mark.browser
def test_no_hotspots_page_is_taken_for_an_answer():
    held(captive_portal(on="SQLite", each=1))


@BOTH
def test_a_restore_erases_again_and_keeps_the_rest(on):
    held(scenarios.restored_after_erasures(on=on, people=300, erased=3))
