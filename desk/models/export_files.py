"""Which files of an edition's rows were asked for, and how far are they?"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from events.models import Event


class Export(models.Model):
    """A file of an edition's rows, made in the background, for whoever asked, for a day."""

    class Kind(models.TextChoices):
        REGISTRATIONS = "registrations", "Registrations"
        CHECK_INS = "check-ins", "Check-ins"

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel (XLSX)"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting to be made"
        RUNNING = "running", "Being made"
        READY = "ready", "Ready"
        FAILED = "failed", "Could not be made"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=13, choices=Kind)
    format = models.CharField(max_length=4, choices=Format)
    state = models.CharField(max_length=7, choices=State, default=State.QUEUED)
    rows_done = models.PositiveIntegerField(default=0)
    rows_in_all = models.PositiveIntegerField(default=0)
    content = models.BinaryField(null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="24 hours after it was asked for; then the row goes")
    leased_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(content__isnull=False),
                name="desk_export_ready_has_content",
            )
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="desk_exports_due",
                condition=Q(state__in=["queued", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of event {self.event_id} as {self.format} ({self.state})"
