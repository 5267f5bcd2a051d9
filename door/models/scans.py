"""Who came through which gate, who decided it, and what stands?"""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from events.models import Event, Session
from tickets.models.registrations import Ticket


class Gate(models.Model):
    """A named entrance of an event."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=40)
    name = models.CharField(max_length=80)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["event", "slug"], name="door_gate_once_per_event")]

    def __str__(self) -> str:
        return self.name


class DoorList(models.Model):
    """The event's entrance (no session), or one session's door."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.CASCADE, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=Q(session__isnull=True), name="door_one_entrance_list"
            ),
            models.UniqueConstraint(fields=["session"], name="door_one_list_per_session"),
        ]

    def __str__(self) -> str:
        return f"door list {self.pk} of event {self.event_id}"


class PairingCode(models.Model):
    """A one-time code that makes a phone a device of a gate. Only its SHA-256 is kept."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    gate = models.ForeignKey(Gate, on_delete=models.CASCADE, related_name="pairing_codes")
    door_list = models.ForeignKey(DoorList, on_delete=models.CASCADE, related_name="pairing_codes")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"pairing code {self.pk} for gate {self.gate_id}"


class DeviceQuerySet(models.QuerySet["Device"]):
    def working(self, now: datetime) -> Self:
        return self.filter(revoked_at__isnull=True, expires_at__gt=now)


class Device(models.Model):
    """A paired door phone, bound to one event, gate and door list. Only its token's SHA-256 is kept."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="devices")
    door_list = models.ForeignKey(DoorList, on_delete=models.PROTECT, related_name="devices")
    name = models.CharField(max_length=60, help_text="what the steward called it: a first name is enough")
    token_digest = models.CharField(max_length=64, unique=True)
    paired_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="12 hours after the event")
    revoked_at = models.DateTimeField(null=True, blank=True)
    supervisor_until = models.DateTimeField(
        null=True, blank=True, help_text="the PIN's grant from the server"
    )
    welfare_until = models.DateTimeField(null=True, blank=True, help_text="the welfare PIN's grant")
    last_seen_at = models.DateTimeField(null=True, blank=True)
    roster_at = models.DateTimeField(null=True, blank=True, help_text="when it last fetched the list")
    storage_kept = models.BooleanField(
        null=True, blank=True, help_text="whether the browser promised to keep what is stored"
    )
    clock_offset_ms = models.IntegerField(
        default=0, help_text="server time less device time at the last contact"
    )
    unsent_scans = models.PositiveIntegerField(default=0)
    wrong_pins = models.PositiveSmallIntegerField(default=0)
    pin_locked_until = models.DateTimeField(null=True, blank=True, help_text="too many wrong PINs here")
    app_version = models.CharField(max_length=40, blank=True)

    objects = DeviceQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class CheckIn(models.Model):
    """One scan and its verdict: never changed, never deleted, kept even when refused."""

    class Direction(models.TextChoices):
        ENTRY = "entry", "In"
        EXIT = "exit", "Out"

    class Collection(models.TextChoices):
        NAME_MATCHES = "name-matches", "Collected: the adult's name matches"
        ADULT_CAME = "adult-came", "Collected by an adult; no name to check"
        LEAVES_ALONE = "leaves-alone", "May leave alone"

    class Verdict(models.TextChoices):
        """In the order of asking; the first that applies is the answer (door.md, 3)."""

        UNKNOWN = "unknown"
        WRONG_EVENT = "wrong_event"
        REPLACED = "replaced"
        CANCELLED = "cancelled"
        ON_HOLD = "on_hold"
        BLOCKED = "blocked"
        TOO_EARLY = "too_early"
        TOO_LATE = "too_late"
        WRONG_SESSION = "wrong_session"
        ALREADY_ADMITTED = "already_admitted"
        FULL = "full"
        ADMITTED = "admitted"
        READMITTED = "readmitted"
        LEFT = "left"

    scan_id = models.UUIDField(unique=True, help_text="made on the device before anything else")
    # Found by event and by ticket through the longer indexes below.
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+", db_index=False)
    door_list = models.ForeignKey(DoorList, on_delete=models.PROTECT, related_name="check_ins")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, null=True, blank=True, related_name="check_ins")
    device = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, blank=True, related_name="check_ins"
    )
    ticket = models.ForeignKey(
        Ticket, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    unknown_digest = models.CharField(
        max_length=64, blank=True, help_text="SHA-256 of a code that is no ticket"
    )

    direction = models.CharField(max_length=5, choices=Direction, default=Direction.ENTRY)
    verdict = models.CharField(max_length=16, choices=Verdict)
    decided = models.CharField(
        max_length=16, blank=True, help_text="the verdict that the steward was shown offline"
    )
    collection = models.CharField(
        max_length=12, choices=Collection, blank=True, help_text="how an under-16 left; never a name"
    )
    override_reason = models.CharField(max_length=200, blank=True)
    overridden_verdict = models.CharField(
        max_length=16, blank=True, help_text="what was refused before the override"
    )

    scanned_at = models.DateTimeField(help_text="by the device's clock")
    happened_at = models.DateTimeField(
        help_text="scanned_at corrected by the device's clock offset; the order"
    )
    recorded_at = models.DateTimeField(help_text="when the server knew it")
    counter = models.PositiveIntegerField(
        null=True, blank=True, help_text="of the device's scans, whatever its clock said"
    )
    is_time_capped = models.BooleanField(
        default=False, help_text="the device's time could not be: happened_at is the nearest that could"
    )
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    undo_reason = models.CharField(max_length=200, blank=True)
    is_live = models.BooleanField(default=False, help_text="judged as of now: a steward waited for it")
    is_practice = models.BooleanField(default=False)
    is_quarantined = models.BooleanField(default=False, help_text="kept for review; admits nobody")
    is_automatic = models.BooleanField(default=False, help_text="made at closing time, not by a scan")

    class Meta:
        ordering = ["happened_at", "recorded_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ticket__isnull=False) | Q(verdict="unknown") | Q(undoes__isnull=False),
                name="door_check_in_knows_its_ticket",
            ),
            models.CheckConstraint(
                condition=Q(override_reason="") | Q(ticket__isnull=False),
                name="door_check_in_override_of_ticket",
            ),
        ]
        indexes = [
            models.Index(fields=["ticket", "door_list", "happened_at"], name="door_check_in_of_ticket"),
            models.Index(fields=["event", "recorded_at"], name="door_check_in_by_event"),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} at {self.happened_at:%H:%M:%S}"


class AdmissionQuerySet(models.QuerySet["Admission"]):
    def standing(self) -> Self:
        return self.filter(ended_at__isnull=True)

    def inside(self) -> Self:
        return self.standing().filter(is_inside=True)


class Admission(models.Model):
    """What stands: this ticket was admitted at this door list. Unique while not ended."""

    # Both are found through the longer indexes below.
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+", db_index=False)
    door_list = models.ForeignKey(
        DoorList, on_delete=models.PROTECT, related_name="admissions", db_index=False
    )
    check_in = models.ForeignKey(
        CheckIn, on_delete=models.PROTECT, related_name="+", help_text="the one that stands"
    )
    admitted_at = models.DateTimeField(help_text="happened_at of the check-in that stands")
    is_inside = models.BooleanField(default=True)
    last_at = models.DateTimeField(help_text="happened_at of the last scan that moved this person in or out")
    recorded_at = models.DateTimeField(help_text="when the server first knew of it")
    changed_at = models.DateTimeField(help_text="server time, for the changes that a door phone asks for")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="undone")

    objects = AdmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "door_list"],
                condition=Q(ended_at__isnull=True),
                name="door_admission_one_standing",
            )
        ]
        indexes = [
            # Occupancy: who is inside now, by door list.
            models.Index(
                fields=["door_list"],
                name="door_admission_inside",
                condition=Q(ended_at__isnull=True, is_inside=True),
            ),
            models.Index(fields=["door_list", "changed_at"], name="door_admission_changes"),
            # Whose admission stood at a moment: a figure joins a million of them to their tickets from one of
            # these alone. SQLite goes by door, PostgreSQL in the order of tickets.
            models.Index(
                fields=["door_list", "ticket", "recorded_at", "ended_at", "admitted_at"],
                name="door_admission_at_door",
            ),
            models.Index(
                fields=["ticket", "door_list", "recorded_at", "ended_at", "admitted_at"],
                name="door_admission_of_ticket",
            ),
        ]

    def __str__(self) -> str:
        return f"ticket {self.ticket_id} at door list {self.door_list_id}"


class Conflict(models.Model):
    """A scan that the server could not agree with:
    two offline admissions, or a person let in who should not be."""

    check_in = models.OneToOneField(CheckIn, on_delete=models.PROTECT, related_name="conflict")
    stands = models.ForeignKey(
        CheckIn,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="the earlier one, if any",
    )
    server_verdict = models.CharField(max_length=16, blank=True)
    decided = models.CharField(
        max_length=16, blank=True, help_text="what the steward was shown, where it was told after the scan"
    )
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    settlement = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"conflict over check-in {self.check_in_id}"
