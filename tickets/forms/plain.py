"""How do our public questions behave? Our own words beside the field and in the summary; shape only."""

import unicodedata

from django import forms

from people.domain.age_bands import MAX_AGE
from people.domain.contacts import email_fault

NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ]
    )
}


class PlainForm(forms.Form):
    """No browser bubbles: our own words beside the field and in the summary."""

    use_required_attribute = False

    def add_error(self, field, error) -> None:
        super().add_error(field, error)
        for name in self.errors:
            if name in self.fields:
                self.fields[name].widget.attrs["aria-invalid"] = "true"

    def add_refusal(self, refusal) -> None:
        """Show a domain refusal at its fields, by the last part of their names, else above the form.

        What is asked by several fields (heads, by age) shows at the first of them.
        """
        for path, words in refusal.fields.items():
            name = path.rpartition("].")[2].replace(".", "_").removeprefix("lead_")
            parts = (one for one in self.fields if one.startswith(f"{name}_"))
            self.add_error(name if name in self.fields else next(parts, None), words)
        if not refusal.fields:
            self.add_error(None, refusal.message)


class WrittenNumberField(forms.Field):
    """A whole number, in digits of any script or as a word."""

    widget = forms.TextInput
    missing, wrong, highest = "Enter a number", "Enter a whole number, like 12", 999

    def __init__(self, *, missing: str = "", **fields):
        super().__init__(**fields)
        self.missing = missing or self.missing

    def to_python(self, value) -> int:
        text = unicodedata.normalize("NFKC", str(value or "")).strip().casefold()
        if not text:
            raise forms.ValidationError(self.missing)
        if text in NUMBER_WORDS:
            return NUMBER_WORDS[text]
        if not text.isdecimal() or len(text) > 6 or int(text) > self.highest:
            raise forms.ValidationError(self.wrong)
        return int(text)


class HeadsField(WrittenNumberField):
    """Left empty is nobody."""

    def to_python(self, value) -> int:
        return super().to_python(value if str(value or "").strip() else "0")


class AgeField(WrittenNumberField):
    missing, wrong, highest = "Enter the age in years", "Enter the age as a whole number, like 15", MAX_AGE


def short_number() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "short", "inputmode": "numeric", "autocomplete": "off"})


def text_field(label: str, *, check=None, max_length: int = 200, **fields) -> forms.CharField:
    """check: answers what is wrong with a text, or None."""
    attrs = fields.pop("attrs", {})
    field = forms.CharField(
        label=label,
        max_length=max_length,
        widget=fields.pop("widget", forms.TextInput)(attrs=attrs),
        error_messages={
            "required": fields.pop("missing", f"Enter {label.lower()}"),
            "max_length": f"Use {max_length} characters or fewer",
        },
        **fields,
    )
    field.validators = [
        one for one in field.validators if type(one).__name__ != "ProhibitNullCharactersValidator"
    ]
    if check:
        field.validators.append(_validator(check))
    return field


def email_field(label: str, **fields) -> forms.CharField:
    """Spaces around it and a pasted mailto: are forgiven."""
    attrs = {"autocomplete": "email", "inputmode": "email", "spellcheck": "false"} | fields.pop("attrs", {})
    field = text_field(label, check=email_fault, max_length=254, attrs=attrs, **fields)
    clean = field.to_python
    field.to_python = lambda value: _without_mailto(clean(value) or "")  # type: ignore[method-assign]
    return field


def _without_mailto(address: str) -> str:
    return address[7:].strip() if address[:7].casefold() == "mailto:" else address


def _validator(check):
    def validate(value):
        if fault := check(value):
            raise forms.ValidationError(fault)

    return validate
