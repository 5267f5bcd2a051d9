"""When, by the clock on the wall in Liverpool?"""

from datetime import datetime
from typing import Any, NamedTuple

from django import forms

from foundation.refusals import InvalidInput
from foundation.wall_time import TimeHappensTwice, instant, wall_time

FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M")


# Where the clocks go back, an hour of wall time happens twice.
WHICH = [("first", "The first one, in summer time (BST)"), ("second", "The second one, in winter time (GMT)")]


class Typed(NamedTuple):
    """What stands in a moment's field, and which of two is meant: "", "first" or "second"."""

    text: str
    which: str


class MomentInput(forms.DateTimeInput):
    """A date and time; asks which one is meant wherever the time in it happens twice, as NAME_which."""

    template_name = "foundation/moment.html"

    def __init__(self) -> None:
        super().__init__(attrs={"type": "datetime-local"})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return Typed(data.get(name) or "", data.get(f"{name}_which") or "")

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> Any:
        return name not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> Any:
        text, which = value or ("", "")
        context = super().get_context(name, text, attrs)
        wall = _wall(text)
        if wall is not None and _happens_twice(wall):
            context["widget"]["which"] = [(key, words, key == which) for key, words in WHICH]
        return context


class MomentField(forms.DateTimeField):
    """A wall time in Liverpool; its clean value is the instant.

    A time that does not exist is refused in words; one that happens twice asks which one is meant.
    """

    def __init__(self, label: str, **fields: Any) -> None:
        super().__init__(
            label=label,
            widget=MomentInput(),
            error_messages={
                "required": f"Enter a date and time: {label.lower()}",
                "invalid": "Enter a date and time like 01/12/2027 09:30",
            },
            **fields,
        )

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, datetime):
            return value
        wall = wall_time(value)
        return Typed(f"{wall:%Y-%m-%dT%H:%M}", "second" if wall.fold else "first")

    def to_python(self, value: Any) -> datetime | None:
        text, which = value or ("", "")
        if not text.strip():
            return None
        wall = _wall(text)
        if wall is None:
            raise forms.ValidationError(self.error_messages["invalid"])
        try:
            return instant(wall, later={"first": False, "second": True}.get(which))
        except InvalidInput as refusal:
            raise forms.ValidationError(refusal.message) from None


def _wall(text: str) -> datetime | None:
    for form in FORMATS:
        try:
            wall = datetime.strptime(text.strip(), form)
        except ValueError:
            continue
        return wall if 2000 <= wall.year <= 2199 else None
    return None


def _happens_twice(wall: datetime) -> bool:
    try:
        instant(wall)
    except TimeHappensTwice:
        return True
    except InvalidInput:
        pass
    return False
