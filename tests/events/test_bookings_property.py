"""Whatever is booked in whatever order: is any instant of a space or its family ever covered twice?"""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from events.domain.bookings import confirm_booking, hold_space, lapse_holds, move_booking, release_booking
from events.domain.event_bookings import move_event_bookings
from events.models import Booking, BookingCover, Space
from foundation.refusals import Refusal
from tests import factories

pytestmark = [pytest.mark.database, pytest.mark.thorough]
NOON = factories.DAY - timedelta(days=7)
TEN = factories.DAY.replace(hour=10, minute=0)
# A whole of two halls; one hall has two corners; and a space that stands by itself.
FAMILY = {"whole": None, "hall": "whole", "studio": "whole", "left": "hall", "right": "hall", "annexe": None}

quarters = st.integers(min_value=0, max_value=24)
acts = st.lists(
    st.tuples(
        st.sampled_from(
            ["hold", "hold", "hold", "option", "by-hand", "confirm", "release", "move", "lapse", "parent"]
        ),
        st.sampled_from(sorted(FAMILY)),
        quarters,
        st.integers(min_value=1, max_value=8),
        st.sampled_from([0, 0, 15, 45]),
        st.integers(min_value=0, max_value=9),
    ),
    min_size=4,
    max_size=18,
)


def above(spaces: dict[int, int | None], pk: int) -> set[int]:
    found = set()
    current: int | None = pk
    while current is not None:
        found.add(current)
        current = spaces[current]
    return found


def covered_twice() -> list[str]:
    """Computed from the bookings alone, by another way than the house:
    pairs whose families meet and times overlap."""
    spaces = dict(Space.objects.values_list("pk", "parent_id"))
    standing = list(Booking.objects.standing().filter(rank=1))
    return [
        f"{one} and {other}"
        for index, one in enumerate(standing)
        for other in standing[index + 1 :]
        if (one.space_id in above(spaces, other.space_id) or other.space_id in above(spaces, one.space_id))
        and one.blocked_from < other.blocked_until
        and other.blocked_from < one.blocked_until
    ]


def covers_differ() -> set:
    """Cover rows that should be there and are not, or the reverse."""
    spaces = dict(Space.objects.values_list("pk", "parent_id"))
    due = {
        (one.pk, pk)
        for one in Booking.objects.standing().filter(rank=1)
        for pk in spaces
        if one.space_id in above(spaces, pk)
    }
    return due ^ set(BookingCover.objects.values_list("booking", "space"))


class RandomBookings(TestCase):
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(acts)
    def test_no_instant_is_covered_twice(self, todo):
        self.user = factories.make_user("organiser")
        for slug, parent in FAMILY.items():
            parent = Space.objects.get(slug=parent) if parent else None
            factories.make_space(slug, capacity=60, parent=parent)
        now = NOON
        for act, slug, start, length, turnaround, which in todo:
            now += timedelta(hours=1)
            try:
                with transaction.atomic():
                    self.do(act, Space.objects.get(slug=slug), start, length, turnaround, which, now)
            except (Refusal, IntegrityError):
                pass
            assert covered_twice() == []
            assert covers_differ() == set()

    def do(self, act, space, start, length, turnaround, which, now):
        starts_at = TEN + timedelta(minutes=15 * start)
        ends_at = starts_at + timedelta(minutes=15 * length)
        existing = list(Booking.objects.order_by("pk").select_related("space"))
        one = existing[which % len(existing)] if existing else None
        if act in ("hold", "option"):
            hold_space(
                space=space,
                title="Random",
                starts_at=starts_at,
                ends_at=ends_at,
                people=10,
                held_by=self.user,
                now=now,
                layout=space.layouts.get(),
                setup_minutes=turnaround,
                clearup_minutes=turnaround // 3,
                hold_until=now + timedelta(hours=which + 1),
                as_option=act == "option",
            )
        elif act == "by-hand":
            Booking.objects.create(
                space=space,
                title="By hand",
                starts_at=starts_at,
                ends_at=ends_at,
                people=10,
                held_by=self.user,
                blocked_from=starts_at,
                blocked_until=ends_at,
                hold_until=now + timedelta(days=1),
                created_at=now,
            )
        elif act == "lapse":
            lapse_holds(now=now)
        elif act == "parent":
            parent = Space.objects.filter(slug=sorted(FAMILY)[which % len(FAMILY)]).first()
            if space.pk not in above(dict(Space.objects.values_list("pk", "parent_id")), parent.pk):
                Space.objects.filter(pk=space.pk).update(parent=parent if which % 2 else None)
        elif one is not None and act == "confirm":
            confirm_booking(booking=one, by=self.user, now=now)
        elif one is not None and act == "release":
            release_booking(booking=one, by=self.user, reason="Random", now=now)
        elif one is not None and act == "move":
            move_booking(booking=one, starts_at=starts_at, ends_at=ends_at, now=now)

    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.integers(min_value=1, max_value=12), min_size=2, max_size=12))
    def test_bookings_that_touch_all_fit(self, lengths):
        hall, user = factories.make_space("hall"), factories.make_user("organiser")
        start = TEN
        for length in lengths:
            end = start + timedelta(minutes=15 * length)
            hold_space(
                space=hall,
                title="Touching",
                starts_at=start,
                ends_at=end,
                people=10,
                held_by=user,
                now=NOON,
                layout=hall.layouts.get(),
            )
            start = end

        assert Booking.objects.filter(rank=1).count() == len(lengths)
        assert covered_twice() == []

    @settings(max_examples=40, deadline=None)
    @given(
        st.lists(
            st.tuples(st.sampled_from(["hall", "studio"]), quarters, st.integers(1, 6)),
            min_size=1,
            max_size=6,
        ),
        st.integers(min_value=-20, max_value=40),
        st.integers(min_value=4, max_value=30),
    )
    def test_an_event_that_moves_takes_all_its_bookings_or_none(self, slots, by, length):
        user, event = factories.make_user("organiser"), factories.make_event(starts_at=TEN)
        for slug, start, quarter_hours in slots:
            space = factories.make_space(slug)
            starts_at = TEN + timedelta(minutes=15 * start)
            with suppress(Refusal):
                hold_space(
                    space=space,
                    title="Part",
                    starts_at=starts_at,
                    people=10,
                    held_by=user,
                    now=NOON,
                    event=event,
                    ends_at=starts_at + timedelta(minutes=15 * quarter_hours),
                    layout=space.layouts.get(),
                )
        before = list(Booking.objects.order_by("pk").values_list("starts_at", flat=True))
        new_start = TEN + timedelta(minutes=15 * by)
        new_end = new_start + timedelta(minutes=15 * length)
        try:
            move_event_bookings(event=event, starts_at=new_start, ends_at=new_end, by=user, now=NOON)
        except Refusal:
            assert list(Booking.objects.order_by("pk").values_list("starts_at", flat=True)) == before
        else:
            shift = timedelta(minutes=15 * by)
            after = list(Booking.objects.order_by("pk").values_list("starts_at", flat=True))
            assert after == [moment + shift for moment in before]
        assert covered_twice() == []
        assert covers_differ() == set()
