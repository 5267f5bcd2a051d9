"""Does the database itself keep one booking to an instant of a space, whoever writes the row?"""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction

from events.models import Booking, BookingCover, Space
from tests import factories

pytestmark = pytest.mark.database
TEN = factories.DAY.replace(hour=10)


def write(space, *, start=TEN, hours=2, setup=0, clearup=0, **fields):
    """A row written by hand, past every rule of the code."""
    ends_at = start + timedelta(hours=hours)
    user = factories.make_user("organiser")
    fields = {"state": "held", "hold_until": TEN + timedelta(days=30), "rank": 1, "people": 10} | fields
    return Booking.objects.create(
        space=space,
        title="By hand",
        starts_at=start,
        ends_at=ends_at,
        setup_minutes=setup,
        clearup_minutes=clearup,
        blocked_from=start - timedelta(minutes=setup),
        blocked_until=ends_at + timedelta(minutes=clearup),
        held_by=user,
        created_at=TEN,
        **fields,
    )


@pytest.fixture
def building(db):
    """A whole building of two halls, one of which has a stage."""
    whole = factories.make_space("whole", capacity=200)
    hall = factories.make_space("hall", parent=whole)
    return {
        "whole": whole,
        "hall": hall,
        "studio": factories.make_space("studio", parent=whole),
        "stage": factories.make_space("stage", parent=hall),
    }


def refused(action):
    with pytest.raises(IntegrityError), transaction.atomic():
        action()


def test_covers_follow_the_booking(building):
    booking = write(building["whole"])
    assert sorted(booking.covers.values_list("space__slug", flat=True)) == [
        "hall",
        "stage",
        "studio",
        "whole",
    ]

    booking.space = building["hall"]
    booking.save()
    assert sorted(booking.covers.values_list("space__slug", flat=True)) == ["hall", "stage"]

    booking.state, booking.released_at = "released", TEN
    booking.save()
    assert not BookingCover.objects.exists()


@pytest.mark.parametrize(
    ("first", "second"),
    [("hall", "hall"), ("whole", "stage"), ("stage", "whole"), ("hall", "stage"), ("whole", "whole")],
)
def test_a_family_cannot_be_booked_twice(building, first, second):
    write(building[first])

    refused(lambda: write(building[second], start=TEN + timedelta(minutes=119)))

    assert Booking.objects.count() == 1


@pytest.mark.parametrize(("first", "second"), [("hall", "studio"), ("stage", "studio")])
def test_two_parts_of_one_whole_do_not_clash(building, first, second):
    write(building[first])

    write(building[second])

    assert Booking.objects.count() == 2


def test_touching_is_allowed_and_turnaround_counts(building):
    write(building["hall"], clearup=30)

    refused(lambda: write(building["hall"], start=TEN + timedelta(hours=2, minutes=29)))
    write(building["hall"], start=TEN + timedelta(hours=2, minutes=30))

    assert Booking.objects.count() == 2


def test_second_options_and_released_bookings_cover_nothing(building):
    write(building["hall"])

    write(building["hall"], rank=2)
    write(building["hall"], state="released", released_at=TEN)

    assert BookingCover.objects.filter(space=building["hall"]).count() == 1


def test_no_update_makes_a_clash(building):
    write(building["hall"])
    later = write(building["hall"], start=TEN + timedelta(hours=4))
    second = write(building["stage"], rank=2)
    elsewhere = write(building["studio"])

    refused(lambda: Booking.objects.filter(pk=second.pk).update(rank=1))
    refused(lambda: Booking.objects.filter(pk=elsewhere.pk).update(space=building["stage"]))
    refused(
        lambda: Booking.objects.filter(pk=later.pk).update(
            starts_at=TEN,
            ends_at=TEN + timedelta(hours=1),
            blocked_from=TEN,
            blocked_until=TEN + timedelta(hours=1),
        )
    )
    refused(
        lambda: Booking.objects.filter(pk=later.pk).update(
            blocked_from=later.blocked_from + timedelta(hours=1)
        )
    )


def test_moving_a_space_into_another_cannot_make_a_clash(building):
    annexe = factories.make_space("annexe")
    write(building["hall"])
    write(annexe)

    refused(lambda: Space.objects.filter(pk=annexe.pk).update(parent=building["hall"]))
    Space.objects.filter(pk=annexe.pk).update(parent=building["studio"])

    assert Space.objects.get(slug="annexe").parent == building["studio"]


def test_a_space_that_moves_takes_its_covers_along(building):
    annexe = factories.make_space("annexe")
    write(building["hall"])

    Space.objects.filter(pk=annexe.pk).update(parent=building["hall"])

    refused(lambda: write(annexe))


def test_cover_rows_cannot_be_taken_away(building):
    write(building["hall"])
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM events_bookingcover")
    except IntegrityError:
        pass  # PostgreSQL refuses it; on SQLite the ban does not rest on these rows

    refused(lambda: write(building["stage"]))


def test_the_ban_stands_after_all_migrations(db):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'events_%%'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        names = {row[0] for row in cursor.fetchall()}

    expected = (
        {"events_booking_covers", "events_space_moves", "events_cover_guard"}
        if connection.vendor == "postgresql"
        else {
            "events_booking_clash_insert",
            "events_booking_clash_update",
            "events_booking_covers_delete",
            "events_booking_covers_insert",
            "events_booking_covers_update",
            "events_booking_period_insert",
            "events_booking_period_update",
            "events_space_moves",
        }
    )
    assert expected <= names


REMAKE = """
import django
django.setup()
from django.core.management.sql import emit_post_migrate_signal, emit_pre_migrate_signal
from django.db import connection
from django.db.migrations import Migration
from events.models import Booking, BookingCover, Space, clash_ban

plan = [(Migration("0003_alter_a_table", "events"), False)] if {heard} else []
emit_pre_migrate_signal(0, False, "default", plan=plan)
if not {heard}:
    clash_ban.drop_clash_ban(connection)
with connection.schema_editor() as editor:
    for model in (Booking, Space, BookingCover):
        editor._remake_table(model)
if {heard}:
    emit_post_migrate_signal(0, False, "default", plan=plan)
print(clash_ban.clash_ban_stands(connection))
"""


@pytest.mark.thorough
@pytest.mark.parametrize("heard", [True, False])
def test_the_ban_is_back_after_sqlite_remade_the_tables(tmp_path, heard):
    """SQLite alters a table by making it anew, which drops its triggers.

    Unheard, they stay away: the control.
    """
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    root = Path(__file__).resolve().parents[2]

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=root,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    run("manage.py", "migrate", "--verbosity", "0")

    assert run("-c", REMAKE.format(heard=heard)) == str(heard)
