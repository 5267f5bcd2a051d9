"""How does a form at the desk look and say no? Our own words beside the field and in the summary."""

from django import forms
from django.db.models import QuerySet

from foundation.refusals import Refusal

ONE_OF_THE_LIST = {"invalid_choice": "Choose one of the list"}


def offer(form: forms.Form, field: str, rows: QuerySet) -> None:
    """Let a field choose among these rows."""
    choice = form.fields[field]
    if isinstance(choice, forms.ModelChoiceField):
        choice.queryset = rows


class DeskForm(forms.Form):
    """No browser bubbles.

    A domain refusal is shown at its fields, and above the form where none is its own.
    """

    use_required_attribute = False

    def add_refusal(self, refusal: Refusal) -> None:
        shown = False
        for name, words in refusal.fields.items():
            if name in self.fields:
                self.add_error(name, words)
                shown = True
        if not shown:
            self.add_error(None, refusal.message)

    def full_clean(self) -> None:
        super().full_clean()
        self.mark_faults()

    def mark_faults(self) -> None:
        """Tell assistive technology which fields are at fault."""
        for name in self.errors if self.is_bound else ():
            if name in self.fields:
                self.fields[name].widget.attrs["aria-invalid"] = "true"
