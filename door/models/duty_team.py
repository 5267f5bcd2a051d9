"""Who is on duty at an edition, and which of their checks were seen?"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from events.models import Event


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
                name="door_staff_left_after_they_came",
            ),
            models.CheckConstraint(
                condition=Q(dbs_seen_on__isnull=True) | ~Q(dbs_level="not-asked"),
                name="door_staff_dbs_seen_has_level",
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
