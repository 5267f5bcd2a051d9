"""When did each thing that has to be looked at again and again last run?"""

from django.db import models


class WorkRun(models.Model):
    """The last time that a piece of due work came to its end, noted about twice a minute."""

    name = models.CharField(max_length=60, unique=True)
    ran_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.ran_at:%H:%M}"
