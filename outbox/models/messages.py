"""Which mails were sent, and which are still to be sent?"""

from datetime import timedelta

from django.db import models

from outbox.models.leased_work import LeasedWork

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))


class Message(LeasedWork):
    """One mail: one row per purpose, subject row and recipient, so that nothing is sent twice by design.

    context holds only ids and plain values; what the mail says is composed at sending by the
    composer that the asking floor registered for the purpose.
    """

    DEADLINE = timedelta(seconds=30)
    BACK_OFF = PAUSES

    purpose = models.CharField(max_length=40)
    key = models.CharField(
        max_length=120, help_text="what makes this message the same message, unique within its purpose"
    )
    context = models.JSONField(default=dict)
    message_id = models.CharField(
        max_length=120, unique=True, help_text="the Message-ID header, the same on every try"
    )
    created_at = models.DateTimeField()

    class Meta(LeasedWork.Meta):
        constraints = [
            *LeasedWork.Meta.constraints,
            models.UniqueConstraint(fields=["purpose", "key"], name="outbox_message_once"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.key} ({self.state})"
