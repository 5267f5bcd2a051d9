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
