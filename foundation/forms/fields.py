"""What may be typed? Text of any script, and whole numbers in any digits or as a word."""

import unicodedata
from collections.abc import Callable
from typing import Any

from django import forms

MOST = 100_000
NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        (
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
            *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
            *("eighteen", "nineteen", "twenty"),
        )
    )
}


class WordsField(forms.CharField):
    """Text of any script without control characters; lines says whether it may have more than one.

    check: answers what is wrong with a text, or None; its words come before any others.
    """

    def __init__(
        self,
        label: str,
        *,
        most: int = 200,
        lines: bool = False,
        check: Callable[[str], str | None] | None = None,
        missing: str = "",
        attrs: dict[str, str] | None = None,
        **fields: Any,
    ) -> None:
        self.lines, self.check = lines, check
        widget = forms.Textarea({"rows": "4"} | (attrs or {})) if lines else forms.TextInput(attrs)
        fields.setdefault("widget", widget)
        super().__init__(
            label=label,
            max_length=most,
            error_messages={
                "required": missing or f"Enter {label[0].lower()}{label[1:]}",
                "max_length": f"Use {most} characters or fewer",
            },
            **fields,
        )

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def validate(self, value: Any) -> None:
        super().validate(value)
        fault = self.check(value) if self.check and value else None
        if fault or self._cannot_be_shown(value):
            raise forms.ValidationError(fault or "Remove the characters that cannot be shown")

    def _cannot_be_shown(self, value: str) -> bool:
        allowed = "\n\t" if self.lines else ""
        return any(unicodedata.category(sign) in {"Cc", "Cs"} and sign not in allowed for sign in value)


class CountField(forms.IntegerField):
    """A whole number of people, minutes or years."""

    def __init__(
        self,
        label: str = "",
        *,
        least: int = 0,
        most: int = MOST,
        missing: str = "",
        wrong: str = "",
        **fields: Any,
    ) -> None:
        wrong = wrong or f"Enter a whole number from {least} to {most:,}"
        fields.setdefault("widget", number_input("number"))
        super().__init__(
            label=label,
            min_value=least,
            max_value=most,
            error_messages={
                "required": missing or wrong,
                "invalid": wrong,
                "min_value": wrong,
                "max_value": wrong,
            },
            **fields,
        )

    def to_python(self, value: Any) -> int | None:
        text = unicodedata.normalize("NFKC", "" if value is None else str(value)).strip().casefold()
        text = NUMBER_WORDS.get(text, text)
        if text and not text.removeprefix("-").isdecimal():
            raise forms.ValidationError(self.error_messages["invalid"])
        return super().to_python(text)


def number_input(css_class: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": css_class, "inputmode": "numeric", "autocomplete": "off"})
