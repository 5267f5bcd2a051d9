"""What shape do questions to this floor have? Forms check shape; the rules stand in domain/."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from tickets.forms import PlainForm

LARGEST_NUMBER = 100_000


class MomentField(forms.CharField):
    """A moment: RFC 3339 with offset, or a local date and time as browsers send it."""

    def clean(self, value) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            moment = parse_datetime(text.replace(" ", "+") if "T" in text else text)
        except ValueError:
            moment = None
        if moment is None or not 2000 <= moment.year <= 2200:
            raise ValidationError("Enter a date and time, like 2026-12-01T09:30")
        return moment if moment.tzinfo else timezone.make_aware(moment)


class ReadingForm(PlainForm):
    """Which report: the moment, the public preview, or a published number."""

    as_at = MomentField(required=False, label="As at")
    public = forms.BooleanField(required=False)
    number = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_NUMBER)
