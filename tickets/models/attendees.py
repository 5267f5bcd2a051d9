"""Who is a person to us, and what did they or their guardian tell us?"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from events.models import Event


class Guardian(models.Model):
    """The adult who answers for one under-16's ticket, by a link of their own."""

    class Answer(models.TextChoices):
        ASKED = "asked", "Asked"
        CONFIRMED = "confirmed", "Confirmed"
        REFUSED = "refused", "Refused"

    class How(models.TextChoices):
        LINK = "link", "By their own link"
        NOT_ASKED = "not-asked", "Not asked: the event needs no yes"
        HERE = "here", "At the door"
        TELEPHONE = "telephone", "By telephone, to a supervisor at the door"

    ticket = models.OneToOneField("tickets.Ticket", on_delete=models.CASCADE, related_name="guardian")
    name = models.CharField(max_length=200, blank=True, help_text="empty once erased")
    email = models.CharField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    fingerprint = models.BinaryField(max_length=16, unique=True, help_text="of the guardian's secret")
    generation = models.PositiveSmallIntegerField(default=1)
    answer = models.CharField(max_length=9, choices=Answer, default=Answer.ASKED)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_how = models.CharField(max_length=9, choices=How, blank=True, help_text="empty until answered")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="asked") | (Q(answered_at__isnull=False) & ~Q(answered_how="")),
                name="tickets_guardian_answer_has_time",
            ),
        ]
        # Whoever registers asks how many questions this address has not answered yet.
        indexes = [models.Index(Lower("email"), name="tickets_guardian_address")]

    def __str__(self) -> str:
        return f"guardian of ticket {self.ticket_id}"


class EmergencyContact(models.Model):
    """Whom to call for someone of 16 or 17; shown to the welfare role alone."""

    ticket = models.OneToOneField(
        "tickets.Ticket", on_delete=models.CASCADE, related_name="emergency_contact"
    )
    name = models.CharField(max_length=200)
    phone = models.CharField(max_length=40)

    def __str__(self) -> str:
        return f"emergency contact of ticket {self.ticket_id}"


class AccessNeed(models.Model):
    """What somebody needs from us to take part; a table of its own, with a permission of its own."""

    ticket = models.OneToOneField("tickets.Ticket", on_delete=models.CASCADE, related_name="access_need")
    text = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"access need of ticket {self.ticket_id}"


class Consent(models.Model):
    """One choice about photos or news, with the words that were shown. Never needed for a ticket."""

    class Kind(models.TextChoices):
        PHOTO = "photo", "Photos and film"
        NEWS = "news", "News by e-mail"

    class Giver(models.TextChoices):
        OWNER = "owner", "The person themselves"
        GUARDIAN = "guardian", "Their parent or guardian"
        REGISTRAR = "registrar", "Whoever registered them by the API"

    ticket = models.ForeignKey("tickets.Ticket", on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=5, choices=Kind)
    giver = models.CharField(max_length=9, choices=Giver, default=Giver.OWNER)
    wording_version = models.CharField(
        max_length=20, help_text="of the words in tickets/domain/consent_texts.py"
    )
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="the person who registered others by the API; empty: the owner",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "kind", "giver"],
                condition=Q(withdrawn_at__isnull=True),
                name="tickets_consent_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} consent of ticket {self.ticket_id}"


class EqualityCount(models.Model):
    """How many people of an event gave one answer to one equality question. Nothing leads to a person.

    All rows of an event are made at once, in the order of the questions, so that neither ids nor
    times say anything about who answered when.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    question = models.CharField(max_length=20)
    answer = models.CharField(max_length=20)
    people = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "question", "answer"], name="tickets_equality_once")
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer}"
