"""Who is one human being, however many tickets they have? A keyed digest and nothing else."""

from django.db import models


class Person(models.Model):
    """A human being, once, however many tickets. Carries only a keyed digest; survives erasure of names."""

    digest = models.BinaryField(
        max_length=32, unique=True, help_text="HMAC-SHA-256 under PERSON_KEY of normalised name and contact"
    )
    created_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return f"person {self.pk}"
