"""Which files of an edition's rows were asked for, and how far are they?"""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q

from events.models import Event
from outbox.models import LeasedWork


class Export(LeasedWork):
    """A file of an edition's rows, made in the background, for whoever asked, for a day."""

    DEADLINE = timedelta(minutes=10)

    class Kind(models.TextChoices):
        REGISTRATIONS = "registrations", "Registrations"
        CHECK_INS = "check-ins", "Check-ins"

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel (XLSX)"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=13, choices=Kind)
    format = models.CharField(max_length=4, choices=Format)
    rows_done = models.PositiveIntegerField(default=0)
    rows_in_all = models.PositiveIntegerField(default=0)
    content = models.BinaryField(null=True, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="24 hours after it was asked for; then the row goes")

    class Meta(LeasedWork.Meta):
        ordering = ["-asked_at", "-id"]
        constraints = [
            *LeasedWork.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(state="done") | Q(content__isnull=False),
                name="desk_export_done_has_content",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of event {self.event_id} as {self.format} ({self.state})"
