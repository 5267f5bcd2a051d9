"""What does a teacher or youth worker tell us? Heads and adults now, names later."""

from django import forms

from foundation.forms.base import PlainForm
from foundation.forms.fields import WordsField
from people.boroughs import Borough
from people.domain.age_bands import AGE_BAND_LABELS
from people.domain.contacts import phone_fault
from people.domain.names import name_fault
from tickets.forms.people_fields import EmailField, HeadsField, PeopleField

PREFIX = "heads_"


class GroupForm(PlainForm):
    """bands: the age bands for which the event is."""

    organisation = WordsField(
        "School, college or youth club",
        check=name_fault,
        missing="Enter the name of your group",
        attrs={"autocomplete": "organization", "dir": "auto"},
    )
    name = WordsField(
        "Your name",
        check=name_fault,
        missing="Enter your name",
        attrs={"autocomplete": "name", "dir": "auto"},
    )
    email = EmailField("Your work email address", missing="Enter your email address")
    phone = WordsField(
        "A phone number for the day",
        check=phone_fault,
        most=40,
        missing="Enter a phone number",
        attrs={"autocomplete": "tel", "inputmode": "tel"},
    )

    def __init__(self, *args, bands, **kwargs):
        super().__init__(*args, **kwargs)
        for band in bands:
            self.fields[PREFIX + band.replace("-", "_")] = HeadsField(
                f"How many aged {AGE_BAND_LABELS[band]}?", initial="0"
            )
        self.fields["adults"] = PeopleField(
            "How many adults come with them, you included?",
            initial="1",
            missing="Enter how many adults come",
        )
        self.fields["borough"] = forms.ChoiceField(
            label="Where is your group?",
            choices=Borough.choices,
            widget=forms.RadioSelect,
            error_messages={
                "required": "Choose where your group is",
                "invalid_choice": "Choose one of the places",
            },
        )
        self.fields["declared"] = forms.BooleanField(
            label="My school or club holds consent from parents, and contacts, for everybody in this group",
            error_messages={"required": "Say that you hold consent and contacts for your group"},
        )

    @property
    def heads(self) -> dict[str, int]:
        return {
            name.removeprefix(PREFIX).replace("_", "-"): count
            for name, count in self.cleaned_data.items()
            if name.startswith(PREFIX)
        }


class NamesForm(PlainForm):
    names = forms.CharField(
        label="Names, one on each line",
        help_text="You can add an age after a comma, or the word adult. Like: Sam Example, 14",
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": "12", "spellcheck": "false", "dir": "auto"}),
        error_messages={"max_length": "This is too long. Send only names and ages"},
    )
    file = forms.FileField(
        label="Or a CSV file (optional)",
        help_text="A name on each row. The next column may hold the age, or the word adult.",
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
        error_messages={"empty": "This file is empty", "invalid": "Choose the file again"},
    )
