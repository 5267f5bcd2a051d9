"""What can we show about erasing and handing over data? Receipts and decisions, without the data."""

from django.conf import settings
from django.db import models

from events.models import Event
from tickets.models.registrations import Registration


class ErasureReceipt(models.Model):
    """How many rows of one class of data left, when, and why. Kept; holds nothing of what left."""

    class Reason(models.TextChoices):
        SCHEDULE = "schedule", "Its day had come"
        OWNER = "owner", "The owner asked"
        ORGANISER = "organiser", "An organiser, for somebody who asked"
        LAPSED = "lapsed", "Nobody confirmed it in time"
        RESTORE = "restore", "Erased again after a restore"

    event = models.ForeignKey(Event, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    data_class = models.CharField(max_length=20, help_text="of tickets.domain.retention, or registration")
    reason = models.CharField(max_length=9, choices=Reason)
    rows = models.PositiveIntegerField()
    erased_at = models.DateTimeField()
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    scrubbed_at = models.DateTimeField(
        null=True, blank=True, help_text="when the database's files were cleaned of the old bytes"
    )

    class Meta:
        ordering = ["-erased_at", "-id"]
        indexes = [
            # tick asks whether the files have still to be cleaned.
            models.Index(
                fields=["erased_at"],
                name="desk_receipt_to_scrub",
                condition=models.Q(scrubbed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.rows} rows of {self.data_class} at {self.erased_at:%Y-%m-%d %H:%M}"


class DataHandedOver(models.Model):
    """An organiser gave out what we hold about a registration, and decided to whom."""

    class GivenTo(models.TextChoices):
        OWNER = "owner", "The person themselves, and we know it is them"
        PARENT = "parent", "A parent or guardian of a child who cannot ask alone (usually under 13)"
        PARENT_AGREED = "parent-agreed", "A parent or guardian, and the young person agrees"
        AUTHORITY = "authority", "An authority with a right to it, checked by the data protection officer"

    registration = models.ForeignKey(Registration, on_delete=models.CASCADE, related_name="+")
    given_to = models.CharField(max_length=13, choices=GivenTo)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "data handed over"

    def __str__(self) -> str:
        return f"data of registration {self.registration_id} to {self.given_to}"
