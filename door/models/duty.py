"""What does the duty team keep:
PINs, the duty card, arrivals, roll-calls, instructions, reviews, opened contacts?"""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from door.models.scans import CheckIn, Device
from events.models import Event
from tickets.models.registrations import Ticket


class DoorPin(models.Model):
    """The PIN that makes a paired phone a supervisor's or welfare's for 12 hours. Only its hash is kept."""

    class Role(models.TextChoices):
        SUPERVISOR = "supervisor", "Supervisor"
        WELFARE = "welfare", "Welfare"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=10, choices=Role)
    pin_hash = models.CharField(max_length=128)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "role"], name="door_door_pin_once")]

    def __str__(self) -> str:
        return f"{self.role} PIN of event {self.event_id}"


class DutyCard(models.Model):
    """Which printed card opens an event's roll-call. Its key is rebuilt from the generation, never stored."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="+")
    generation = models.PositiveSmallIntegerField(default=1)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"duty card {self.generation} of event {self.event_id}"


class ScanReview(models.Model):
    """What a supervisor made of a scan that was kept for review.

    An accepted one gets a check-in of its own.
    """

    check_in = models.OneToOneField(CheckIn, on_delete=models.PROTECT, related_name="review")
    accepted = models.ForeignKey(CheckIn, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"review of check-in {self.check_in_id}"


class PartyCount(models.Model):
    """Heads of a group counted at the door, by age band and adults; names may follow."""

    check_in = models.OneToOneField(CheckIn, on_delete=models.PROTECT, related_name="party_count")
    heads_by_band = models.JSONField(default=dict, help_text="age band to people, young people only")
    adults = models.PositiveSmallIntegerField(default=0)
    surplus = models.JSONField(
        default=dict, help_text="age band or adults to heads that no ticket of the group was left for"
    )
    counted_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"party counted with check-in {self.check_in_id}"


class RollCall(models.Model):
    """One evacuation or drill of an event."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    is_drill = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"roll-call {self.pk} of event {self.event_id}"


class RollCallMarkQuerySet(models.QuerySet):
    def standing(self) -> Self:
        return self.filter(taken_back_at__isnull=True)


class RollCallMark(models.Model):
    """Someone was seen safe. The first mark of several phones stands until somebody takes it back."""

    roll_call = models.ForeignKey(RollCall, on_delete=models.CASCADE, related_name="marks")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    seen_at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    taken_back_by = models.ForeignKey(
        Device, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = RollCallMarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["roll_call", "ticket"],
                condition=Q(taken_back_at__isnull=True),
                name="door_roll_call_mark_once",
            )
        ]

    def __str__(self) -> str:
        return f"ticket {self.ticket_id} seen"


class Instruction(models.Model):
    """What an organiser or supervisor told every phone of an event to show, until the all-clear."""

    class Kind(models.TextChoices):
        EVACUATE = "evacuate", "Get everybody out"
        COME_INSIDE = "come-inside", "Bring everybody inside"
        LOCK_DOWN = "lock-down", "Lock down"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=11, choices=Kind)
    is_drill = models.BooleanField(default=False)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True, help_text="the all-clear, or another instruction")
    stopped_registration = models.BooleanField(default=False)
    registration_closes_at = models.DateTimeField(
        null=True, blank=True, help_text="what the event said before; put back at the all-clear"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["event"], condition=Q(ended_at__isnull=True), name="door_instruction_one_standing"
            )
        ]

    def __str__(self) -> str:
        return f"instruction {self.kind} of event {self.event_id}"


class InstructionSeen(models.Model):
    """When an instruction went out to a phone, and when its steward said that they have seen it."""

    instruction = models.ForeignKey(Instruction, on_delete=models.CASCADE, related_name="seen")
    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="+")
    told_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "instructions seen"
        constraints = [
            models.UniqueConstraint(fields=["instruction", "device"], name="door_instruction_told_once")
        ]

    def __str__(self) -> str:
        return f"instruction {self.instruction_id} on phone {self.device_id}"


class ContactOpened(models.Model):
    """Who opened a guardian's or emergency contact's number at the door, and why."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"contact of ticket {self.ticket_id} opened"
