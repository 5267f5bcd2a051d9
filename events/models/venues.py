"""Which places are there, what do they hold, and what did the venue confirm?"""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from people.boroughs import REGION


class ThreeValued(models.TextChoices):
    """An access fact: unconfirmed is a value, never a guess."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_CONFIRMED = "not-confirmed", "Not confirmed"


class VenueQuerySet(models.QuerySet["Venue"]):
    def of(self, user: Any) -> Self:
        """Venues that the user is a person of."""
        return self.filter(people=user)


class Venue(models.Model):
    """A place with an address, in a borough."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    run_by = models.CharField(max_length=120, help_text="the organisation behind the venue")

    address = models.CharField(max_length=200)
    postcode = models.CharField(max_length=8, blank=True, help_text="empty while not confirmed")
    borough = models.CharField(max_length=12, choices=[(b.value, b.label) for b in REGION])
    directions = models.TextField(blank=True, help_text="how to get there, for visitors")
    website = models.URLField(blank=True)
    about = models.TextField(blank=True, help_text="public facts, with what is not confirmed said so")

    step_free = models.CharField(max_length=13, choices=ThreeValued, default=ThreeValued.NOT_CONFIRMED)
    hearing_loop = models.CharField(max_length=13, choices=ThreeValued, default=ThreeValued.NOT_CONFIRMED)
    quiet_room = models.CharField(max_length=13, choices=ThreeValued, default=ThreeValued.NOT_CONFIRMED)
    accessible_toilets = models.CharField(
        max_length=13, choices=ThreeValued, default=ThreeValued.NOT_CONFIRMED
    )
    coach_drop_off = models.CharField(max_length=13, choices=ThreeValued, default=ThreeValued.NOT_CONFIRMED)

    minimum_notice_hours = models.PositiveSmallIntegerField(default=0)
    people = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        help_text="who may see and confirm bookings here",
    )

    objects = VenueQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Space(models.Model):
    """A bookable room or area of a venue; it may consist of other spaces."""

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="spaces")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    features = models.CharField(
        max_length=300, blank=True, help_text="for example: stage, blackout, projector"
    )

    step_free = models.CharField(max_length=13, choices=ThreeValued, default=ThreeValued.NOT_CONFIRMED)
    safe_capacity = models.PositiveIntegerField(
        null=True, blank=True, help_text="people at one time by the fire risk assessment, staff included"
    )
    safe_capacity_confirmed_by = models.CharField(max_length=120, blank=True)
    safe_capacity_confirmed_at = models.DateTimeField(null=True, blank=True)
    hourly_value = models.DecimalField(
        max_digits=8,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="pounds an hour that the hire would cost, for in-kind match funding; empty: not known",
    )

    class Meta:
        ordering = ["venue__name", "name"]
        constraints = [
            models.UniqueConstraint(fields=["venue", "name"], name="events_space_name_once_per_venue"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="events_space_not_its_own_part"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Layout(models.Model):
    """A way of furnishing a space, with the capacity that the venue confirmed, if it did."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="layouts")
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=60)
    capacity = models.PositiveIntegerField(help_text="people")
    confirmed_by = models.CharField(
        max_length=120, blank=True, help_text="who at the venue; empty: an estimate"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-capacity"]
        constraints = [
            models.UniqueConstraint(fields=["space", "slug"], name="events_layout_once_per_space"),
            models.CheckConstraint(condition=Q(capacity__gte=1), name="events_layout_holds_someone"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by="")
                | (Q(confirmed_at__isnull=False) & ~Q(confirmed_by="")),
                name="events_layout_confirmed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.space}: {self.name}"

    @property
    def confirmed(self) -> bool:
        return self.confirmed_at is not None


class OpeningHours(models.Model):
    """When a space may be used on a weekday, in Europe/London wall time. None at all: not known, no limit."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(help_text="0 is Monday, 6 is Sunday")
    opens_at = models.TimeField()
    closes_at = models.TimeField(help_text="not after opens_at: closes on the next day")

    class Meta:
        ordering = ["weekday", "opens_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["space", "weekday", "opens_at"], name="events_opening_hours_once"
            ),
            models.CheckConstraint(condition=Q(weekday__lte=6), name="events_opening_hours_weekday"),
        ]

    def __str__(self) -> str:
        return f"{self.space} on weekday {self.weekday}"


class Closure(models.Model):
    """A period in which a space cannot be used, with the reason."""

    space = models.ForeignKey(Space, on_delete=models.CASCADE, related_name="closures")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="events_closure_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return f"{self.space} closed from {self.starts_at:%Y-%m-%d}"


class FeedQuerySet(models.QuerySet["Feed"]):
    def live(self) -> Self:
        return self.filter(revoked_at__isnull=True)


class Feed(models.Model):
    """A secret calendar address of a venue, or of one space. Only its SHA-256 is kept; it is shown once."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="feeds")
    space = models.ForeignKey(
        Space, on_delete=models.CASCADE, null=True, blank=True, related_name="feeds", help_text="empty: all"
    )
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=80, help_text="who uses it")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"calendar feed {self.pk} of {self.venue_id}"
