"""How does a form look and say no? Our own words beside the field and in the summary; shape only."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from foundation.refusals import Refusal

ONE_OF_THE_LIST = {"invalid_choice": "Choose one of the list"}


def offer(form: forms.Form, field: str, rows: QuerySet) -> None:
    """Let a field choose among these rows."""
    choice = form.fields[field]
    if isinstance(choice, forms.ModelChoiceField):
        choice.queryset = rows


class PlainForm(forms.Form):
    """No browser bubbles; assistive technology hears which fields are at fault."""

    use_required_attribute = False

    def add_error(self, field: Any, error: Any) -> None:
        super().add_error(field, error)
        for name in self.errors:
            if name in self.fields:
                self.fields[name].widget.attrs["aria-invalid"] = "true"

    def add_refusal(self, refusal: Refusal) -> None:
        """Show a domain refusal at its fields, by the last part of their names, else above the form.

        What is asked by several fields (heads, by age) shows at the first of them.
        """
        for path, words in refusal.fields.items():
            self.add_error(self._field_of(path), words)
        if not refusal.fields:
            self.add_error(None, refusal.message)

    def _field_of(self, path: str) -> str | None:
        name = path.rpartition("].")[2].replace(".", "_").removeprefix("lead_")
        parts = (one for one in self.fields if one.startswith(f"{name}_"))
        return name if name in self.fields else next(parts, None)
