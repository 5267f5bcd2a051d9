"""Who is one human being, however many tickets they have, and by what are they known again?"""

from django.db import models


class Person(models.Model):
    """A human being, once, however many tickets. Carries only keyed digests; survives erasure of names."""

    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return f"person {self.pk}"


class PersonKey(models.Model):
    """A keyed digest by which a person is known again. Two of one name can have one key between them."""

    class Kind(models.TextChoices):
        EMAIL = "email", "Name with their own or their guardian's address"
        PHONE = "phone", "Name with their own or their guardian's telephone number"
        SCHOOL = "school", "Name with school and cohort"
        COARSE = "coarse", "Initial and surname with school and cohort"

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=6, choices=Kind)
    digest = models.BinaryField(max_length=32, help_text="HMAC-SHA-256 under PERSON_KEY")

    class Meta:
        constraints = [
            # Found by digest and kind; a father and a son can have one between them.
            models.UniqueConstraint(fields=["digest", "kind", "person"], name="people_person_key_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} key of person {self.person_id}"


class PersonMerge(models.Model):
    """That two persons turned out to be one, or not after all: the last row of a person holds."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="merges")
    into = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        help_text="empty: they stand on their own again",
    )
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(into__isnull=True) | ~models.Q(into=models.F("person")),
                name="people_merge_of_two",
            )
        ]

    def __str__(self) -> str:
        return f"person {self.person_id} is person {self.into_id or self.person_id}"
