"""Which other programs hear what happened, and what were they told?"""

from datetime import timedelta

from django.db import models

from outbox.models.leased_work import LeasedWork
from outbox.models.messages import PAUSES


class Webhook(models.Model):
    """An address of another program that wants to hear what happened. It hears no personal data."""

    code = models.CharField(max_length=32, unique=True, help_text="in the address of its desk page")
    label = models.CharField(max_length=80)
    address = models.CharField(max_length=500)
    kinds = models.JSONField(default=list, help_text="what it hears of")
    since = models.DateTimeField(help_text="what happened before is not told")
    quiet_until = models.DateTimeField(
        null=True, blank=True, help_text="it did not answer: nothing is told to it for a moment"
    )
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["label", "id"]

    def __str__(self) -> str:
        return self.label


class Delivery(LeasedWork):
    """One thing told to one webhook: once, in the same words on every try."""

    DEADLINE = timedelta(seconds=15)
    BACK_OFF = PAUSES

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120, help_text="what makes it the same, unique within its kind")
    payload = models.JSONField(help_text="ids and plain values, no person")
    happened_at = models.DateTimeField()
    answered = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="HTTP status of the last try"
    )

    class Meta(LeasedWork.Meta):
        verbose_name_plural = "deliveries"
        constraints = [
            *LeasedWork.Meta.constraints,
            models.UniqueConstraint(fields=["webhook", "kind", "key"], name="outbox_delivery_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} to {self.webhook_id} ({self.state})"
