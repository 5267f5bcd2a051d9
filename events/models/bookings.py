"""Which hours of which space are taken, by whom, and how firmly?"""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from events.models.programme import Event
from events.models.venues import Layout, Space


class BookingQuerySet(models.QuerySet["Booking"]):
    def standing(self) -> Self:
        """Held or confirmed: not released."""
        return self.exclude(state=Booking.State.RELEASED)

    def overlapping(self, starts_at: datetime, ends_at: datetime) -> Self:
        """Whose blocked time, set-up and clear-up included, shares an instant with [starts_at, ends_at)."""
        return self.filter(blocked_from__lt=ends_at, blocked_until__gt=starts_at)

    def lapsed(self, now: datetime) -> Self:
        return self.filter(state=Booking.State.HELD, hold_until__lte=now)


class Booking(models.Model):
    """The hire of a space for [starts_at, ends_at) plus set-up and clear-up.

    Only bookings of rank 1 that stand cover their space; the cover rows are written by a trigger.
    """

    class State(models.TextChoices):
        HELD = "held", "Held"
        CONFIRMED = "confirmed", "Confirmed"
        RELEASED = "released", "Released"

    space = models.ForeignKey(Space, on_delete=models.PROTECT, related_name="bookings")
    layout = models.ForeignKey(
        Layout, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings"
    )
    event = models.ForeignKey(Event, on_delete=models.PROTECT, null=True, blank=True, related_name="bookings")
    title = models.CharField(max_length=120)
    people = models.PositiveIntegerField(help_text="expected peak at one time")

    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    setup_minutes = models.PositiveSmallIntegerField(default=0)
    clearup_minutes = models.PositiveSmallIntegerField(default=0)
    blocked_from = models.DateTimeField(help_text="starts_at less set-up")
    blocked_until = models.DateTimeField(help_text="ends_at plus clear-up")

    state = models.CharField(max_length=9, choices=State, default=State.HELD)
    rank = models.PositiveSmallIntegerField(
        default=1, help_text="1 is first option; 2 moves up when the first goes"
    )
    hold_until = models.DateTimeField(null=True, blank=True, help_text="when a hold lapses")
    held_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="empty on a lapsed hold",
    )
    released_at = models.DateTimeField(null=True, blank=True)
    release_reason = models.CharField(max_length=200, blank=True)
    repeat = models.UUIDField(
        null=True, blank=True, editable=False, help_text="shared by the bookings that were made as one repeat"
    )
    created_at = models.DateTimeField()

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "rank"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="events_booking_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(blocked_from__lte=F("starts_at")) & Q(blocked_until__gte=F("ends_at")),
                name="events_booking_blocks_its_time",
            ),
            models.CheckConstraint(condition=Q(rank__in=[1, 2]), name="events_booking_two_ranks"),
            models.CheckConstraint(condition=Q(people__gte=1), name="events_booking_for_someone"),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(hold_until__isnull=False), name="events_booking_hold_lapses"
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(confirmed_at__isnull=False, rank=1),
                name="events_booking_confirmed_is_first",
            ),
            models.CheckConstraint(
                condition=~Q(state="released") | Q(released_at__isnull=False),
                name="events_booking_released_at",
            ),
        ]
        indexes = [
            # Availability asks for the standing bookings of a space in a period.
            models.Index(fields=["space", "blocked_from", "blocked_until"], name="events_booking_by_time"),
            # tick asks for holds whose time is up.
            models.Index(fields=["hold_until"], name="events_booking_holds", condition=Q(state="held")),
        ]

    def __str__(self) -> str:
        return f"{self.title} in {self.space} ({self.state})"


class BookingCover(models.Model):
    """One space that a booking covers: its own and each of its parts. Written by trigger, never by hand.

    The database refuses two cover rows of one space that share an instant: an exclusion constraint on
    PostgreSQL, a trigger on SQLite.
    """

    booking = models.ForeignKey(Booking, on_delete=models.DO_NOTHING, related_name="covers")
    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="+")
    blocked_from = models.DateTimeField()
    blocked_until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "space"], name="events_cover_once"),
            models.CheckConstraint(
                condition=Q(blocked_until__gt=F("blocked_from")), name="events_cover_is_a_period"
            ),
        ]
        indexes = [
            # The clash ban asks for one space's covers.
            models.Index(fields=["space", "blocked_from"], name="events_cover_by_time"),
            # A search asks for all spaces' covers of one period.
            models.Index(fields=["blocked_from", "blocked_until"], name="events_cover_in_period"),
        ]

    def __str__(self) -> str:
        return f"{self.space_id} from {self.blocked_from:%Y-%m-%d %H:%M}"
