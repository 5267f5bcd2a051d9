"""What shape do an organiser's questions about registrations have? The rules stand in domain/."""

from typing import cast

from django import forms

from desk.domain.registration_lists import Wanted
from desk.models import Announcement, Export
from events.models import Event, Session, Venue
from foundation.forms.base import ONE_OF_THE_LIST, PlainForm
from foundation.forms.fields import CountField, WordsField
from foundation.forms.moments import MomentField
from people.boroughs import Borough
from people.domain.age_bands import AGE_BAND_LABELS
from people.domain.names import name_fault
from tickets.models import Registration

STATES = [
    ("", "Any state"),
    ("confirmed", "Confirmed"),
    ("on-hold", "Waiting for an answer"),
    ("unproven", "Address not confirmed yet"),
    ("blocked", "With a paused ticket"),
    ("cancelled", "Cancelled"),
    ("lapsed", "Lapsed"),
]


def _choice(label: str, choices, anything: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=[("", anything), *choices], required=False, error_messages=ONE_OF_THE_LIST
    )


class WantedForm(PlainForm):
    """Search and filters of the list; what cannot be is as if it were not asked."""

    search = WordsField("Name, school, address or reference", most=100, required=False)
    state = _choice("State", STATES[1:], "Any state")
    kind = _choice("Kind", Registration.Kind.choices, "Anybody")
    band = _choice("Age", AGE_BAND_LABELS.items(), "Any age")
    borough = _choice("Lives in", Borough.choices, "Anywhere")
    since = MomentField("Registered from", required=False)
    until = MomentField("Registered before", required=False)

    def wanted(self) -> Wanted:
        return Wanted(**self.cleaned_data) if self.is_valid() else Wanted()


class ReasonForm(PlainForm):
    reason = WordsField(
        "Why",
        most=200,
        help_text="In a few words, without anybody's name. It is kept with yours in the edition's history.",
    )


class ReasonToTellForm(PlainForm):
    reason = WordsField("Why not", most=200, help_text="The group's lead reads this.")


class CancelManyForm(PlainForm):
    """matching is what the page showed; another number by now means to look again."""

    reason = WordsField(
        "Why", most=200, help_text="In a few words, without anybody's name. The edition's history keeps it."
    )
    tell = forms.ChoiceField(
        label="Tell them?",
        choices=[
            ("no", "No mail: these are not people"),
            ("yes", "A mail to each address, without your reason"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whether they are told"} | ONE_OF_THE_LIST,
    )
    matching = forms.IntegerField(min_value=0, max_value=10**6, widget=forms.HiddenInput)


class CorrectForm(PlainForm):
    name = WordsField("Name", most=200, widget=forms.TextInput(attrs={"dir": "auto", "spellcheck": "false"}))
    borough = forms.ChoiceField(label="Lives in", choices=Borough.choices, error_messages=ONE_OF_THE_LIST)

    def clean_name(self):
        name = self.cleaned_data["name"]
        if fault := name_fault(name):
            raise forms.ValidationError(fault)
        return name


class PlacesForm(PlainForm):
    capacity = CountField("Places to register for")
    beyond_seats = forms.BooleanField(
        label="I mean to give out more places than the layouts hold, because some people will not come",
        required=False,
    )


class KeepForm(PlainForm):
    """Places kept for a school or club. The days run from now."""

    organisation = WordsField("School, college or club", most=200)
    email = forms.EmailField(label="E-mail of who will register them", max_length=254)
    places = CountField("Places to keep", least=1)
    days = CountField("Days to keep them", least=1, most=90)


class CopyForm(PlainForm):
    title = WordsField("Title", most=120)
    slug = forms.SlugField(
        label="Address",
        max_length=60,
        help_text="The last part of its public address, as in /e/showcase-2027/",
        error_messages={"required": "Enter an address", "invalid": "Use letters, digits and hyphens only"},
    )
    starts_at = MomentField("Starts")


class MoveForm(PlainForm):
    starts_at = MomentField("Starts")
    ends_at = MomentField("Ends")
    venue = forms.ModelChoiceField(
        Venue.objects.all(),
        label="Venue",
        to_field_name="slug",
        required=False,
        empty_label="Not known yet",
        error_messages={"invalid_choice": "Choose one of the list"},
    )
    release_what_clashes = forms.BooleanField(
        label="Give back the spaces that are not free then, and move all the same", required=False
    )


class MoveSessionForm(PlainForm):
    starts_at = MomentField("Starts")
    ends_at = MomentField("Ends")


class CancelForm(PlainForm):
    reason = WordsField(
        "Why",
        most=300,
        lines=True,
        help_text="Everybody who is told reads this, word for word.",
    )


class CloseForm(PlainForm):
    reason = WordsField("Why you close without them", most=200, required=False)


class AnnouncementForm(PlainForm):
    audience = forms.ChoiceField(
        label="To whom",
        choices=Announcement.Audience.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose to whom"} | ONE_OF_THE_LIST,
    )
    session = forms.ModelChoiceField(
        Session.objects.none(),
        label="Which session",
        to_field_name="slug",
        required=False,
        empty_label="Only for one session",
        error_messages=ONE_OF_THE_LIST,
    )
    subject = WordsField(
        "Subject", most=120, help_text="Without anybody's name: subjects are read over shoulders."
    )
    body = WordsField(
        "What you write",
        most=5000,
        lines=True,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=(
            "We begin with their name and end with time, place and their ticket. It is sent as you type it."
        ),
    )

    def __init__(self, *args, event: Event, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["session"]).queryset = event.sessions.all()


class SendForm(PlainForm):
    send_at = MomentField("When", required=False, help_text="Left empty: at once.")


class ExportForm(PlainForm):
    kind = forms.ChoiceField(
        label="Rows",
        choices=Export.Kind.choices,
        initial="registrations",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose which rows"} | ONE_OF_THE_LIST,
    )
    format = forms.ChoiceField(
        label="As",
        choices=Export.Format.choices,
        initial="csv",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a format"} | ONE_OF_THE_LIST,
    )
