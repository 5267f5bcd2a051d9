"""What is on: the series, its editions (events), their sessions and who shows what?"""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, Value, When

from events.models.venues import Space, Venue


class Strand(models.Model):
    """A part of the creative industries in young people's words, mapped to its DCMS sub-sector."""

    class Shape(models.TextChoices):
        WAVE = "wave", "Wave (music)"
        FRAME = "frame", "Frame (film and TV)"
        PIXEL = "pixel", "Pixel (games)"
        NONE = "none", "No shape of its own"

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    dcms_subsector = models.CharField(max_length=80)
    shape = models.CharField(max_length=5, choices=Shape, default=Shape.NONE)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Series(models.Model):
    """What recurs under one name, as the CI Skills Showcase does."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    about = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "series"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> Self:
        """What the public may see: published, closed or cancelled, never a draft."""
        return self.exclude(status=Event.Status.DRAFT)

    def lock(self, pk: int) -> "Event":
        """Held to the end of the transaction, by whoever changes the event or its places."""
        return self.select_for_update().get(pk=pk)

    def upcoming(self, now: datetime) -> Self:
        return self.filter(ends_at__gt=now).order_by("starts_at")

    def going_ahead(self, now: datetime) -> Self:
        """Published and not over: places that somebody has already, by an offer, can be used."""
        return self.filter(status=Event.Status.PUBLISHED, ends_at__gt=now)

    def open_for_registration(self, now: datetime) -> Self:
        """The same, inside the registration window."""
        return self.filter(
            Q(registration_opens_at=None) | Q(registration_opens_at__lte=now),
            Q(registration_closes_at=None) | Q(registration_closes_at__gt=now),
            status=Event.Status.PUBLISHED,
            ends_at__gt=now,
        )

    def with_closed_words(self, now: datetime) -> Any:
        """Each with closed_words: why nobody can register now; empty where registration is open."""
        return self.annotate(closed_words=_first_of(_not_going_ahead(now) + _outside_the_window(now)))

    def with_over_words(self, now: datetime) -> Any:
        """Each with closed_words: why nobody can use places now, whatever the registration window says."""
        return self.annotate(closed_words=_first_of(_not_going_ahead(now)))


def _not_going_ahead(now: datetime) -> Any:
    """Pairs of a condition and what people are told; the first that holds is told."""
    return [
        (Q(status=Event.Status.CANCELLED), "This event is cancelled."),
        (Q(ends_at__lte=now), "This event is over."),
        (~Q(status=Event.Status.PUBLISHED), "Registration is closed."),
    ]


def _outside_the_window(now: datetime) -> Any:
    return [
        (Q(registration_opens_at__gt=now), "Registration has not opened yet."),
        (Q(registration_closes_at__lte=now), "Registration is closed."),
    ]


def _first_of(reasons: Any) -> Any:
    told = [When(condition, then=Value(words)) for condition, words in reasons]
    return Case(*told, default=Value(""))


class Event(models.Model):
    """One edition, with dates and capacity.

    places_taken and serials_issued are changed by tickets.domain alone, in the same conditional
    update that claims the places; the constraint below is what makes overselling impossible.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"
        CLOSED = "closed", "Closed"
        CANCELLED = "cancelled", "Cancelled"

    class GuardianRule(models.TextChoices):
        CONFIRM = "confirm", "A guardian confirms everybody under 16"
        WITH_ADULT = "with-adult", "Under-16s come with an adult; nobody confirms"

    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="events")
    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    summary = models.CharField(
        max_length=200, blank=True, help_text="one sentence, for lists and search engines"
    )
    description = models.TextField(blank=True)
    strands = models.ManyToManyField(Strand, blank=True, related_name="events")

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    doors_open_at = models.DateTimeField(help_text="from when tickets are admitted")
    access_notes = models.TextField(blank=True)

    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    min_age = models.PositiveSmallIntegerField(null=True, blank=True, help_text="years on the event day")
    max_age = models.PositiveSmallIntegerField(null=True, blank=True, help_text="years on the event day")
    guardian_rule = models.CharField(max_length=10, choices=GuardianRule, default=GuardianRule.CONFIRM)
    registration_opens_at = models.DateTimeField(null=True, blank=True, help_text="empty: from publication")
    registration_closes_at = models.DateTimeField(
        null=True, blank=True, help_text="empty: when the event ends"
    )
    waiting_list = models.BooleanField(default=True, help_text="offer a waiting list when full")
    asks_access_needs = models.BooleanField(default=True, help_text="ask what people need to take part")
    asks_photos = models.BooleanField(default=True, help_text="ask whether we may take photos")
    asks_news = models.BooleanField(default=True, help_text="offer news by e-mail")
    asks_equality = models.BooleanField(
        default=True, help_text="offer the equality questions after the ticket; only counts are kept"
    )
    most_per_school = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="people of one school or club in all; empty: no limit of its own"
    )

    capacity = models.PositiveIntegerField(default=0, help_text="places to register for")
    places_taken = models.PositiveIntegerField(default=0)
    serials_issued = models.PositiveIntegerField(default=0)
    safe_capacity = models.PositiveIntegerField(
        null=True, blank=True, help_text="people inside at one time; empty: not known"
    )
    expected_peak = models.PositiveIntegerField(
        null=True, blank=True, help_text="people expected at one time"
    )

    sequence = models.PositiveIntegerField(default=0, help_text="counts changes that calendars must notice")
    published_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="events_event_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(doors_open_at__lte=F("starts_at")), name="events_event_doors_open_before_start"
            ),
            models.CheckConstraint(
                condition=Q(places_taken__gte=0) & Q(places_taken__lte=F("capacity")),
                name="events_event_never_oversold",
            ),
            models.CheckConstraint(
                condition=Q(min_age__isnull=True) | Q(max_age__isnull=True) | Q(min_age__lte=F("max_age")),
                name="events_event_age_range",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def places_left(self) -> int:
        return self.capacity - self.places_taken

    def get_additional_data(self) -> dict:
        """What the change log keeps beside a change: whose it is."""
        return {"event": self.pk}


class Exhibitor(models.Model):
    """An employer or college with a stand at an event, and the roles it shows."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="exhibitors")
    slug = models.SlugField(max_length=80)
    name = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    roles_shown = models.CharField(max_length=300, blank=True, help_text="job roles, separated by commas")
    strands = models.ManyToManyField(Strand, blank=True, related_name="exhibitors")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["event", "slug"], name="events_exhibitor_once_per_event")
        ]

    def __str__(self) -> str:
        return self.name

    def get_additional_data(self) -> dict:
        return {"event": self.event_id}


class Session(models.Model):
    """A timed item inside an event, with its own capacity (none: whoever is in may come)."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="sessions")
    slug = models.SlugField(max_length=80)
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=300, blank=True)
    space = models.ForeignKey(Space, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    strands = models.ManyToManyField(Strand, blank=True, related_name="sessions")
    exhibitors = models.ManyToManyField(Exhibitor, blank=True, related_name="sessions")

    capacity = models.PositiveIntegerField(
        null=True, blank=True, help_text="empty: not limited, nothing to choose"
    )
    places_taken = models.PositiveIntegerField(default=0)

    # The four tests of Gatsby benchmark 5, recorded for each session; all four make it a meaningful
    # encounter.
    purpose_shared = models.BooleanField(default=False)
    outcomes_fitted = models.BooleanField(default=False)
    two_way = models.BooleanField(default=False)
    time_to_reflect = models.BooleanField(default=False)

    class Meta:
        ordering = ["starts_at", "title"]
        constraints = [
            models.UniqueConstraint(fields=["event", "slug"], name="events_session_once_per_event"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="events_session_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(places_taken__gte=0)
                & (Q(capacity__isnull=True) | Q(places_taken__lte=F("capacity"))),
                name="events_session_never_oversold",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_additional_data(self) -> dict:
        return {"event": self.event_id}

    @property
    def places_left(self) -> int | None:
        """None: not limited."""
        return None if self.capacity is None else self.capacity - self.places_taken

    @property
    def is_meaningful(self) -> bool:
        return self.purpose_shared and self.outcomes_fitted and self.two_way and self.time_to_reflect
