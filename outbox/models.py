"""What was sent, and what is still to be sent?"""

from django.db import models
from django.db.models import Q


class MessageQuerySet(models.QuerySet["Message"]):
    def due(self, now):
        """Messages whose time has come and that no worker is busy with, the oldest first."""
        return self.filter(state=Message.State.QUEUED, send_at__lte=now).order_by("send_at", "id")


class Message(models.Model):
    """One mail: one row per purpose, subject row and recipient, so that nothing is sent twice by design.

    context holds only ids and plain values; what the mail says is composed at sending by the
    composer that the asking floor registered for the purpose.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed for good"
        HELD = "held", "Held since a restore"
        DROPPED = "dropped", "No longer needed"

    purpose = models.CharField(max_length=40)
    key = models.CharField(
        max_length=120, help_text="what makes this message the same message, unique within its purpose"
    )
    context = models.JSONField(default=dict)
    message_id = models.CharField(
        max_length=120, unique=True, help_text="the Message-ID header, the same on every try"
    )

    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    send_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=300, blank=True, help_text="the kind of fault, never an address")
    created_at = models.DateTimeField()

    objects = MessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "key"], name="outbox_message_once"),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="outbox_message_sent_has_time"
            ),
        ]
        indexes = [
            # The worker asks every second for what is due.
            models.Index(fields=["send_at"], name="outbox_message_due", condition=Q(state="queued")),
            models.Index(fields=["leased_until"], name="outbox_message_leased", condition=Q(state="sending")),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.key} ({self.state})"


class Webhook(models.Model):
    """An address of another program that wants to hear what happened. It hears no personal data."""

    code = models.CharField(max_length=32, unique=True, help_text="in the address of its desk page")
    label = models.CharField(max_length=80)
    address = models.CharField(max_length=500)
    kinds = models.JSONField(default=list, help_text="what it hears of")
    since = models.DateTimeField(help_text="what happened before is not told")
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["label", "id"]

    def __str__(self) -> str:
        return self.label


class Delivery(models.Model):
    """One thing told to one webhook: once, in the same words on every try."""

    class State(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Being sent"
        SENT = "sent", "Taken"
        FAILED = "failed", "Failed for good"

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120, help_text="what makes it the same, unique within its kind")
    payload = models.JSONField(help_text="ids and plain values, no person")
    happened_at = models.DateTimeField()

    state = models.CharField(max_length=7, choices=State, default=State.QUEUED)
    send_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="HTTP status of the last try"
    )
    last_error = models.CharField(max_length=80, blank=True, help_text="the kind of fault")

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["webhook", "kind", "key"], name="outbox_delivery_once")
        ]
        indexes = [
            models.Index(
                fields=["send_at"], name="outbox_delivery_due", condition=Q(state__in=["queued", "sending"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} to {self.webhook_id} ({self.state})"
