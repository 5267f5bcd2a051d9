"""What does an organiser say who looks for a registration, or hands its data over?"""

from django import forms

from desk.models import DataHandedOver
from foundation.forms.base import PlainForm


class FindReferenceForm(PlainForm):
    """A registration by what its owner quotes."""

    reference = forms.CharField(
        label="Reference of the registration",
        max_length=16,
        help_text="9 letters and digits, from their ticket or mail",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={
            "required": "Enter a reference",
            "max_length": "A reference has 9 letters and digits",
        },
    )

    def clean_reference(self) -> str:
        return self.cleaned_data["reference"].upper()


class HandOverForm(PlainForm):
    """To whom our data about a registration goes, and as what file."""

    given_to = forms.ChoiceField(
        label="Who asked?",
        choices=DataHandedOver.GivenTo.choices,
        widget=forms.RadioSelect,
        help_text="Your choice is kept with your name.",
        error_messages={"required": "Choose who asked"},
    )
    file = forms.ChoiceField(
        label="As which file?",
        choices=[("json", "JSON, for another system"), ("csv", "A table (CSV), to read")],
        initial="csv",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a file"},
    )
