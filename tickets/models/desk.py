"""What do organisers keep around an edition: what they wrote to people, files they asked for, who is on duty?"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

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
                name="tickets_announcement_names_its_session",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["scheduled", "sent"]) | Q(send_at__isnull=False),
                name="tickets_announcement_has_its_time",
            ),
        ]
        indexes = [
            # tick asks for what is due.
            models.Index(fields=["send_at"], name="tickets_announcement_due", condition=Q(state="scheduled"))
        ]

    def __str__(self) -> str:
        return f"announcement {self.pk} for event {self.event_id} ({self.state})"

    @property
    def is_news(self) -> bool:
        """Not about a ticket: only to those who asked for it, and with a way out in every mail."""
        return self.audience == self.Audience.NEWS


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
                name="tickets_export_ready_has_content",
            )
        ]
        indexes = [
            models.Index(
                fields=["asked_at"],
                name="tickets_exports_due",
                condition=Q(state__in=["queued", "running"]),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of event {self.event_id} as {self.format} ({self.state})"


class StaffMember(models.Model):
    """Who is on duty at an edition, and which checks somebody saw. Never a certificate, never its content."""

    class Role(models.TextChoices):
        STEWARD = "steward", "Steward"
        SUPERVISOR = "supervisor", "Door supervisor"
        WELFARE = "welfare", "Welfare"
        SAFEGUARDING = "safeguarding", "Designated safeguarding lead"
        FIRST_AID = "first-aid", "First aid"
        HOST = "host", "Session host"
        OTHER = "other", "Other duty"

    class Dbs(models.TextChoices):
        NOT_ASKED = "not-asked", "None asked for: the role does not call for one"
        BASIC = "basic", "Basic"
        STANDARD = "standard", "Standard"
        ENHANCED = "enhanced", "Enhanced"
        BARRED = "enhanced-barred", "Enhanced with barred list"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    organisation = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=12, choices=Role)
    duty = models.CharField(max_length=200, blank=True, help_text="where and when")
    id_seen_on = models.DateField(null=True, blank=True, help_text="when proof of identity was seen")
    dbs_level = models.CharField(max_length=15, choices=Dbs, default=Dbs.NOT_ASKED)
    dbs_seen_on = models.DateField(null=True, blank=True, help_text="when the certificate was seen")
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField()
    came_at = models.DateTimeField(null=True, blank=True, help_text="on the day: present from then on")
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(came_at__isnull=False, left_at__gte=F("came_at")),
                name="tickets_staff_left_after_they_came",
            ),
            models.CheckConstraint(
                condition=Q(dbs_seen_on__isnull=True) | ~Q(dbs_level="not-asked"),
                name="tickets_staff_dbs_seen_has_level",
            ),
        ]

    def __str__(self) -> str:
        return f"staff {self.pk} of event {self.event_id}"

    @property
    def works_with_children(self) -> bool:
        return self.role in {self.Role.WELFARE, self.Role.SAFEGUARDING}

    @property
    def is_present(self) -> bool:
        return self.came_at is not None and self.left_at is None

    @property
    def lacks_a_check(self) -> bool:
        """Somebody of the welfare team without identity and certificate seen: worth a warning, not a ban."""
        return self.works_with_children and (self.id_seen_on is None or self.dbs_seen_on is None)
