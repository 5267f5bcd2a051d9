"""What is asked in several of our public forms? An address, an age, how many heads."""

from foundation.forms.fields import CountField, WordsField, number_input
from people.domain.age_bands import MAX_AGE
from people.domain.contacts import email_fault

MAILTO = "mailto:"


class EmailField(WordsField):
    """Spaces around it and a pasted mailto: are forgiven."""

    def __init__(self, label: str, *, attrs: dict[str, str] | None = None, **fields):
        attrs = {"autocomplete": "email", "inputmode": "email", "spellcheck": "false"} | (attrs or {})
        super().__init__(label, most=254, check=email_fault, attrs=attrs, **fields)

    def to_python(self, value) -> str:
        address = super().to_python(value)
        is_link = address[: len(MAILTO)].casefold() == MAILTO
        return address[len(MAILTO) :].strip() if is_link else address


class PeopleField(CountField):
    """How many people."""

    def __init__(self, label: str, *, missing: str = "Enter a number", **fields):
        wrong, widget = "Enter a whole number, like 12", number_input("short")
        super().__init__(label, most=999, missing=missing, wrong=wrong, widget=widget, **fields)


class HeadsField(PeopleField):
    """Left empty is nobody."""

    def __init__(self, label: str, **fields):
        super().__init__(label, required=False, **fields)

    def clean(self, value) -> int:
        return super().clean(value) or 0


class AgeField(CountField):
    def __init__(self, **fields):
        super().__init__(
            most=MAX_AGE,
            missing="Enter the age in years",
            wrong="Enter the age as a whole number, like 15",
            widget=number_input("short"),
            **fields,
        )
