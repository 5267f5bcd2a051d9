"""What do organisers write to many people at once?"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from events.models import Event, Session


class Announcement(models.Model):
    """One message to many: written once, sent to whoever belongs to the audience when its time comes.

    What was typed is text; it is never a template.
    """

    class Audience(models.TextChoices):
        ALL = "all", "Everybody with a ticket"
        SESSION = "session", "Everybody with a place in one session"
        LEADS = "leads", "Leads of groups"
        GUARDIANS = "guardians", "Parents and guardians who have not answered"
        PARENTS = "parents", "Parents and guardians of everybody under 16"
        WAITING = "waiting", "Everybody on the waiting list"
        NOT_COME = "not-come", "Everybody who has not come yet"
        CAME = "came", "Everybody who came"
        NEWS = "news", "Everybody who asked for news by e-mail"

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SCHEDULED = "scheduled", "Waiting for its time"
        SENT = "sent", "Handed to the mail"
        WITHDRAWN = "withdrawn", "Taken back"

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    audience = models.CharField(max_length=9, choices=Audience)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    subject = models.CharField(max_length=120)
    body = models.TextField(max_length=5000)
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    send_at = models.DateTimeField(null=True, blank=True)
    recipients = models.PositiveIntegerField(null=True, blank=True, help_text="when it was handed over")
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-written_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(audience="session") | Q(session__isnull=False),
                name="desk_announcement_names_its_session",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["scheduled", "sent"]) | Q(send_at__isnull=False),
                name="desk_announcement_has_its_time",
            ),
        ]
        indexes = [
            # tick asks for what is due.
            models.Index(fields=["send_at"], name="desk_announcement_due", condition=Q(state="scheduled"))
        ]

    def __str__(self) -> str:
        return f"announcement {self.pk} for event {self.event_id} ({self.state})"

    @property
    def is_news(self) -> bool:
        """Not about a ticket: only to those who asked for it, and with a way out in every mail."""
        return self.audience == self.Audience.NEWS
