"""When, by the clock on the wall in Liverpool? Plain text and whole numbers as well."""

import unicodedata
from datetime import datetime

from django import forms

from events.domain.refusals import InvalidInput
from events.domain.wall_time import TimeHappensTwice, instant, wall_time

MOST = 100_000
FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M")


class MomentField(forms.DateTimeField):
    """A wall time in Liverpool; its clean value is the instant.

    A time that does not exist is refused in words; one that happens twice asks for another time.
    """

    def __init__(self, label: str, **fields):
        super().__init__(
            label=label,
            widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
            error_messages={
                "required": f"Enter a date and time: {label.lower()}",
                "invalid": "Enter a date and time like 01/12/2027 09:30",
            },
            **fields,
        )

    def prepare_value(self, value):
        return (
            wall_time(value).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo else value
        )

    def to_python(self, value) -> datetime | None:
        if value in self.empty_values:
            return None
        text = str(value).strip()
        for form in FORMATS:
            try:
                wall = datetime.strptime(text, form)
            except ValueError:
                continue
            if not 2000 <= wall.year <= 2199:
                break
            try:
                return instant(wall)
            except TimeHappensTwice:
                raise forms.ValidationError(
                    "The clocks go back: this time happens twice. Choose one before 01:00 or after 02:00"
                ) from None
            except InvalidInput as refusal:
                raise forms.ValidationError(refusal.message) from None
        raise forms.ValidationError(self.error_messages["invalid"])


class WordsField(forms.CharField):
    """Text of any script without control characters; lines says whether it may have more than one."""

    def __init__(self, label: str, *, most: int, lines: bool = False, **fields):
        self.lines = lines
        fields.setdefault("widget", forms.Textarea(attrs={"rows": 4}) if lines else forms.TextInput())
        super().__init__(
            label=label,
            max_length=most,
            error_messages={
                "required": f"Enter {label[0].lower()}{label[1:]}",
                "max_length": f"Use {most} characters or fewer",
            },
            **fields,
        )

    def clean(self, value):
        text = super().clean(value).replace("\r\n", "\n")
        allowed = "\n\t" if self.lines else ""
        if any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in allowed for sign in text):
            raise forms.ValidationError("Remove the characters that cannot be shown")
        return text


class CountField(forms.IntegerField):
    """A whole number of people, minutes or years."""

    def __init__(self, label: str, *, least: int = 0, most: int = MOST, **fields):
        words = f"Enter a whole number from {least} to {most:,}"
        super().__init__(
            label=label,
            min_value=least,
            max_value=most,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "number", "autocomplete": "off"}),
            error_messages={"required": words, "invalid": words, "min_value": words, "max_value": words},
            **fields,
        )
