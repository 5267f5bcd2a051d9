"""Which shape has what organisers tell us about other programs?"""

from django import forms

from foundation.forms.base import PlainForm


class WebhookForm(PlainForm):
    """Where another program listens, and what it hears of."""

    label = forms.CharField(
        label="What do you call it?", max_length=80, error_messages={"required": "Enter a name for it"}
    )
    address = forms.CharField(
        label="Its address",
        max_length=500,
        help_text="Starts with https://",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "inputmode": "url"}),
        error_messages={"required": "Enter an address like https://example.org/hook"},
    )
    kinds = forms.MultipleChoiceField(
        label="Tell it when",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what it hears of"},
    )

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = kinds
