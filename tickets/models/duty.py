"""What does the duty team keep: PINs, the duty card, party arrivals, roll-calls, reviews, opened contacts?"""

from django.conf import settings
from django.db import models

from events.models import Event
from tickets.models.door import CheckIn, Device
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
        constraints = [models.UniqueConstraint(fields=["event", "role"], name="tickets_door_pin_once")]

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
    """What a supervisor made of a scan that was kept for review. An accepted one gets a check-in of its own."""

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


class RollCallMark(models.Model):
    """Someone was seen safe. Marks of several phones merge: the first one stands."""

    roll_call = models.ForeignKey(RollCall, on_delete=models.CASCADE, related_name="marks")
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roll_call", "ticket"], name="tickets_roll_call_mark_once")
        ]

    def __str__(self) -> str:
        return f"ticket {self.ticket_id} seen"


class ContactOpened(models.Model):
    """Who opened a guardian's or emergency contact's number at the door, and why."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"contact of ticket {self.ticket_id} opened"
