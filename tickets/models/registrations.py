"""Who signed up for what, and which tickets came of it?"""

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from events.models import Event, Session
from outbox.models import LeasedWork
from people.boroughs import Borough
from people.models import Person


class Registration(models.Model):
    """One act of signing up: an individual, or a group with a lead."""

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", "Individual"
        GROUP = "group", "Group"

    class State(models.TextChoices):
        ON_HOLD = "on-hold", "Waiting for the guardian, or for the link in the mail"
        CONFIRMED = "confirmed", "Confirmed"
        CANCELLED = "cancelled", "Cancelled"
        LAPSED = "lapsed", "Lapsed: nobody confirmed it in time"
        REQUESTED = "requested", "A group's request, which holds no place"

    class Source(models.TextChoices):
        FORM = "form", "Public form"
        API = "api", "API"
        WALK_IN = "walk-in", "At the door"
        GROUP_FORM = "group-form", "Group form"

    class Vouched(models.TextChoices):
        """Who vouches that it is meant, and that the lead's address is theirs.

        Who does skips proof and nothing else.
        """

        NOBODY = "nobody", "Nobody: the public form"
        NETWORK = "network", "A network that sent few today: proof is asked for in a rush alone"
        ADDRESS = "address", "The lead's address, which was proved"
        REGISTRAR = "registrar", "A person with the right to register others"
        SUPERVISOR = "supervisor", "A supervisor's phone at the door"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=16, unique=True, help_text="what people quote; opens nothing")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.INDIVIDUAL)
    state = models.CharField(max_length=9, choices=State, default=State.CONFIRMED)
    source = models.CharField(max_length=10, choices=Source, default=Source.FORM)

    lead_name = models.CharField(max_length=200, blank=True, help_text="empty once erased")
    lead_email = models.CharField(max_length=254, blank=True, help_text="as typed; empty once erased")
    lead_phone = models.CharField(max_length=40, blank=True)
    organisation = models.CharField(
        max_length=200, blank=True, help_text="school, college or club of a group"
    )
    organisation_key = models.CharField(
        max_length=200, blank=True, help_text="its name without case and signs, to know it again"
    )
    adults = models.PositiveSmallIntegerField(default=0, help_text="adults who come with a group")

    owner_fingerprint = models.BinaryField(max_length=16, unique=True, help_text="of the owner's secret")
    owner_generation = models.PositiveSmallIntegerField(default=1)
    idempotency_scope = models.CharField(max_length=40, blank=True, help_text="form, or the token's id")
    idempotency_key = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the key that was sent"
    )
    request_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of what was asked for")

    created_at = models.DateTimeField()
    hold_until = models.DateTimeField(null=True, blank=True, help_text="when an unconfirmed hold lapses")
    needs_proof = models.BooleanField(
        default=False, help_text="made in a rush: held until the link in the mail is opened"
    )
    vouched_by = models.CharField(max_length=10, choices=Vouched, default=Vouched.NOBODY)
    asked_for = models.JSONField(
        null=True, blank=True, help_text="of a group: heads by age band, and borough, as they were asked for"
    )
    accepted_at = models.DateTimeField(
        null=True, blank=True, help_text="when an organiser said yes to this group"
    )
    places_claimed = models.PositiveSmallIntegerField(
        default=0, help_text="when its tickets were made; none for a request"
    )
    ended_at = models.DateTimeField(null=True, blank=True, help_text="cancelled or lapsed")
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # Double tap, lost answer, two tabs: the same key makes the same registration.
            models.UniqueConstraint(
                fields=["event", "idempotency_scope", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="tickets_registration_once_per_key",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["cancelled", "lapsed"]) | Q(ended_at__isnull=False),
                name="tickets_registration_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="requested") | Q(kind="group", places_claimed=0, hold_until__isnull=True),
                name="tickets_request_takes_no_place",
            ),
        ]
        indexes = [
            # The desk lists an event's registrations, newest first; the public form asks whether there is a
            # rush.
            models.Index(fields=["event", "-created_at", "source"], name="tickets_registration_by_time"),
            # Reports ask which schools and clubs came.
            models.Index(fields=["event"], name="tickets_registration_groups", condition=Q(kind="group")),
            # tick asks for holds whose time is up.
            models.Index(
                fields=["hold_until"], name="tickets_registration_holds", condition=Q(state="on-hold")
            ),
            # The public form asks how many places an address has that did not prove itself.
            models.Index("event", Lower("lead_email"), name="tickets_registration_address"),
        ]

    def __str__(self) -> str:
        return self.reference


class TicketQuerySet(models.QuerySet["Ticket"]):
    def valid(self) -> Self:
        return self.filter(state=Ticket.State.VALID)

    def taking_a_place(self) -> Self:
        return self.filter(state__in=[Ticket.State.VALID, Ticket.State.ON_HOLD, Ticket.State.BLOCKED])

    def for_event(self, event: Any) -> Self:
        return self.filter(event=event)


class Ticket(models.Model):
    """One attendee's right to enter one event.

    serial counts from 1 within the event. The code itself is never stored: it is rebuilt as an HMAC
    over event, serial and generation; only its fingerprints stand here.
    """

    class State(models.TextChoices):
        VALID = "valid", "Valid"
        ON_HOLD = "on-hold", "Waiting for the guardian"
        BLOCKED = "blocked", "Blocked by an organiser"
        CANCELLED = "cancelled", "Cancelled"

    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="tickets")
    # Found by event through the longer indexes below.
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+", db_index=False)
    serial = models.PositiveIntegerField()
    generation = models.PositiveSmallIntegerField(default=1)
    fingerprint = models.BinaryField(
        max_length=16, unique=True, help_text='SHA-256("id" + code), first 16 bytes'
    )
    short_fingerprint = models.BinaryField(
        max_length=16, help_text="the same over the code's first 10 characters"
    )

    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200, blank=True, help_text="empty: not given yet, or erased")
    age = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="years on the event day; leaves with the name"
    )
    age_band = models.CharField(max_length=8, blank=True, help_text="of reporting; stays")
    borough = models.CharField(max_length=12, choices=Borough, default=Borough.NOT_KNOWN)
    is_adult_of_group = models.BooleanField(default=False)
    no_photos = models.BooleanField(default=True, help_text="nobody agreed to photos")
    may_leave_alone = models.BooleanField(default=False)

    state = models.CharField(max_length=9, choices=State, default=State.VALID)
    issued_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="for the changes that a door phone asks for")

    objects = TicketQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "serial"], name="tickets_ticket_serial_once"),
            # Unique by person within an event, never by e-mail.
            models.UniqueConstraint(
                fields=["event", "person"],
                condition=Q(person__isnull=False) & ~Q(state="cancelled"),
                name="tickets_ticket_one_per_person",
            ),
        ]
        indexes = [
            models.Index(fields=["event", "short_fingerprint"], name="tickets_ticket_by_typed_code"),
            models.Index(fields=["event", "changed_at"], name="tickets_ticket_changes"),
            # How many were registered at a moment, by band: answered from the index alone.
            models.Index(
                fields=["event", "age_band", "state", "issued_at"], name="tickets_ticket_registered"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}/{self.serial}"


class ReplacedCode(models.Model):
    """A code of an earlier generation: it no longer admits, and the door says so."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="replaced_codes")
    generation = models.PositiveSmallIntegerField()
    fingerprint = models.BinaryField(max_length=16, unique=True)
    short_fingerprint = models.BinaryField(max_length=16)
    replaced_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "generation"], name="tickets_replaced_code_once")
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} generation {self.generation}"


class SessionPlace(models.Model):
    """A ticket's place in a session."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="session_places")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "session"], name="tickets_session_place_once")
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} in session {self.session_id}"


class WaitingListEntry(models.Model):
    """A party that waits for places, first come first served, never split."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        OFFERED = "offered", "Offered"
        TAKEN = "taken", "Taken"
        EXPIRED = "expired", "Offer not taken in time"
        LEFT = "left", "Left the list"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ticket = models.ForeignKey(
        Ticket,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="waiting_entries",
        help_text="who waits for a session; empty where a party waits for the event",
    )
    organisation = models.CharField(
        max_length=200, blank=True, help_text="a school to which an organiser gives priority"
    )
    email = models.CharField(max_length=254, blank=True, help_text="empty once erased")
    party_size = models.PositiveSmallIntegerField(default=1)
    places_used = models.PositiveSmallIntegerField(default=0, help_text="of an offer, by registrations")
    fingerprint = models.BinaryField(max_length=16, unique=True, help_text="of the entry's own secret")
    idempotency_key = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of the key in the form: a double tap joins once"
    )
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    joined_at = models.DateTimeField()
    offered_at = models.DateTimeField(null=True, blank=True)
    offer_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    registration = models.ForeignKey(
        Registration, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["joined_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(party_size__gte=1), name="tickets_waiting_for_someone"),
            models.CheckConstraint(
                condition=Q(places_used__lte=models.F("party_size")), name="tickets_offer_not_overused"
            ),
            models.CheckConstraint(
                condition=~Q(state="offered") | Q(offer_until__isnull=False),
                name="tickets_offer_has_deadline",
            ),
            models.UniqueConstraint(
                fields=["event", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="tickets_waiting_once_per_key",
            ),
            models.UniqueConstraint(
                fields=["ticket", "session"],
                condition=Q(ticket__isnull=False) & Q(state__in=["waiting", "offered"]),
                name="tickets_waiting_once_per_session",
            ),
        ]
        indexes = [models.Index(fields=["event", "state", "joined_at"], name="tickets_waiting_queue")]
        verbose_name_plural = "waiting list entries"

    def __str__(self) -> str:
        return f"{self.party_size} waiting for event {self.event_id}"


class TicketSheet(LeasedWork):
    """The tickets of a large party as one PDF, made in the background. Kept for a day at most.

    of_state names what the tickets were when it was asked for, so that an older file is never given out.
    """

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="sheets")
    of_state = models.CharField(max_length=64, help_text="a digest over the tickets and when they changed")
    tickets_done = models.PositiveIntegerField(default=0)
    tickets_in_all = models.PositiveIntegerField()
    content = models.BinaryField(null=True, blank=True)
    asked_at = models.DateTimeField()

    class Meta(LeasedWork.Meta):
        constraints = [
            *LeasedWork.Meta.constraints,
            models.UniqueConstraint(fields=["registration", "of_state"], name="tickets_sheet_once_per_state"),
        ]

    def __str__(self) -> str:
        return f"sheet of {self.registration_id} ({self.state})"
