"""Whom did a young person meet? Codes at sessions and stands, and the meetings kept on tickets."""

from django.db import models
from django.db.models import Q

from events.models import Event, Exhibitor, Session
from tickets.models.registrations import Ticket


class MeetingPoint(models.Model):
    """The QR of a session or a stand, which a young person opens with their own phone."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    session = models.OneToOneField(Session, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    exhibitor = models.OneToOneField(
        Exhibitor, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    fingerprint = models.BinaryField(max_length=16, unique=True, help_text="of the point's own code")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(session__isnull=True, exhibitor__isnull=False)
                | Q(session__isnull=False, exhibitor__isnull=True),
                name="tickets_meeting_point_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"meeting point {self.pk} of event {self.event_id}"


class Encounter(models.Model):
    """A meeting that a young person kept on their ticket, once a point. Survives erasure of names."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="encounters")
    point = models.ForeignKey(MeetingPoint, on_delete=models.PROTECT, related_name="encounters")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["recorded_at", "id"]
        constraints = [models.UniqueConstraint(fields=["ticket", "point"], name="tickets_encounter_once")]

    def __str__(self) -> str:
        return f"ticket {self.ticket_id} at point {self.point_id}"
