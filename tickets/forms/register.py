"""Which questions does somebody see who signs up? They follow from the age and from the event's settings."""

from collections.abc import Sequence

from django import forms

from events.models import Event
from foundation.forms.base import PlainForm
from foundation.forms.fields import WordsField
from people.boroughs import Borough
from people.domain.contacts import phone_fault
from people.domain.names import name_fault
from people.domain.postcodes import guess_borough
from tickets.domain.age_rules import Asked
from tickets.domain.consent_texts import words_shown
from tickets.domain.equality import QUESTIONS
from tickets.forms.people_fields import AgeField, EmailField


class AgeForm(PlainForm):
    age = AgeField(help_text="We ask for the age on that day, never for a date of birth.")

    def __init__(self, *args, day: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["age"].label = f"How old will you be on {day}?"


# Label, and what the browser may fill in, where a guardian makes the booking.
ASKED_OF_THE_GUARDIAN = {
    "name": ("Their full name", "off"),
    "borough": ("Where do they live?", ""),
    "postcode": ("Not sure? Type a postcode (optional)", "off"),
    "guardian_name": ("Your name (parent or guardian)", "name"),
    "guardian_email": ("Your email address", "email"),
    "guardian_phone": ("Your phone number (optional)", "tel"),
    "access_needs": ("What do they need to take part? (optional)", "off"),
}


class DetailsForm(PlainForm):
    """The questions of one way through the form, and nothing more.

    sessions: pairs of slug and label. guessed: words about the borough that the postcode points to, once it
    was used and dropped.
    """

    name = WordsField(
        "Your full name",
        check=name_fault,
        missing="Enter a name",
        attrs={"autocomplete": "name", "spellcheck": "false", "dir": "auto"},
    )
    email = EmailField(
        "Your email address",
        missing="Enter an email address",
        help_text="We send your ticket there. You can use the address of somebody you trust.",
    )
    borough = forms.ChoiceField(
        label="Where do you live?",
        help_text="So that we can show which places we reached.",
        choices=Borough.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose where you live",
            "invalid_choice": "Choose one of the places",
        },
    )
    postcode = WordsField(
        "Not sure? Type a postcode (optional)",
        required=False,
        help_text="Leave the question above empty, and we choose for you. We do not keep the postcode.",
        attrs={"autocomplete": "postal-code", "class": "postcode", "spellcheck": "false"},
    )
    guardian_name = WordsField(
        "Name of a parent or guardian",
        check=name_fault,
        missing="Enter the name of a parent or guardian",
        attrs={"autocomplete": "off", "spellcheck": "false", "dir": "auto"},
    )
    guardian_email = EmailField(
        "Their email address",
        missing="Enter the email address of a parent or guardian",
        help_text="We only write about this day.",
        attrs={"autocomplete": "off"},
    )
    guardian_phone = WordsField(
        "Their phone number (optional)",
        check=phone_fault,
        most=40,
        required=False,
        help_text="We need it before the day. You can add it later.",
        attrs={"autocomplete": "off", "inputmode": "tel"},
    )
    emergency_contact_name = WordsField(
        "Name of an adult we can call on the day",
        check=name_fault,
        missing="Enter the name of an adult",
        help_text="Only our welfare team sees this. We delete it 7 days after the day.",
        attrs={"autocomplete": "off", "spellcheck": "false", "dir": "auto"},
    )
    emergency_contact_phone = WordsField(
        "Their phone number",
        check=phone_fault,
        most=40,
        missing="Enter a phone number",
        attrs={"autocomplete": "off", "inputmode": "tel"},
    )
    sessions = forms.MultipleChoiceField(
        label="Sessions (optional)",
        help_text="Keep a place in a session. You can come without one.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these sessions is full now. Choose again"},
    )
    access_needs = WordsField(
        "What do you need to take part? (optional)",
        most=500,
        lines=True,
        required=False,
        attrs={"rows": "3", "dir": "auto"},
        help_text="For example: a step-free route, a quiet space, a seat at the front.",
    )
    choices = forms.MultipleChoiceField(
        label="Your choice (optional)",
        help_text="Yes or no, the ticket is the same. You can change your mind at any time.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    guessed = ""

    def __init__(self, *args, event: Event, asked: Asked, sessions: Sequence[tuple[str, str]] = (), **kwargs):
        super().__init__(*args, **kwargs)
        self._leave_out(asked, event, sessions)
        if not asked.own_email:
            self._ask_the_guardian()
        if asked.guardian and event.guardian_rule == Event.GuardianRule.CONFIRM:
            who = "They" if asked.own_email else "You"
            words = f"{who} get a link to say yes. The ticket works after that."
            self.fields["guardian_email"].help_text = words

    def clean(self):
        """A postcode only helps to choose: it pre-chooses a borough and goes no further."""
        answers = super().clean()
        postcode = answers.pop("postcode", "")
        if postcode and not self.data.get("borough"):
            self._guess(postcode)
        return answers

    def _guess(self, postcode: str) -> None:
        guess = guess_borough(postcode)
        chosen = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        chosen["postcode"] = ""
        if guess.borough == Borough.ELSEWHERE:
            words = "That looks like somewhere else. Check, and press Continue."
        elif guess.borough is not None:
            words = f"That looks like {guess.borough.label}. Check, and press Continue."
        elif guess.maybe:
            words = f"{guess.outward} is in more than one place: {_either(guess.maybe)}. Choose one."
        else:
            words = "We do not know this postcode. Choose where you live."
        if guess.borough is not None:
            chosen["borough"] = guess.borough.value
            self.errors.pop("borough", None)
            self.fields["borough"].widget.attrs.pop("aria-invalid", None)
            self.guessed = words
        else:
            self.errors["borough"] = self.error_class([words])
        self.data = chosen

    def _leave_out(self, asked: Asked, event: Event, sessions: Sequence[tuple[str, str]]) -> None:
        """Whatever this way, or this event, does not ask."""
        kept = {
            "email": asked.own_email,
            "guardian_name": asked.guardian,
            "guardian_email": asked.guardian,
            "guardian_phone": asked.guardian,
            "emergency_contact_name": asked.emergency_contact,
            "emergency_contact_phone": asked.emergency_contact,
            "sessions": bool(sessions),
            "access_needs": event.asks_access_needs,
            "choices": event.asks_photos or (event.asks_news and asked.own_email),
        }
        for name, is_asked in kept.items():
            if not is_asked:
                del self.fields[name]
        if sessions:
            self.fields["sessions"].choices = sessions  # type: ignore[attr-defined]
        if kept["choices"]:
            self.fields["choices"].choices = _choices(  # type: ignore[attr-defined]
                event, own=asked.own_email
            )

    def _ask_the_guardian(self) -> None:
        """Below 13 a guardian fills it in: the same questions, about the child."""
        for name, (label, autocomplete) in ASKED_OF_THE_GUARDIAN.items():
            if name in self.fields:
                self.fields[name].label = label
                if autocomplete:  # a radio button may have none
                    self.fields[name].widget.attrs["autocomplete"] = autocomplete
        self.fields["borough"].error_messages["required"] = "Choose where they live"


class EqualityForm(PlainForm):
    """Each question can be left empty; nothing is chosen before."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for question in QUESTIONS:
            self.fields[question.slug] = forms.ChoiceField(
                label=question.words,
                choices=question.answers,
                required=False,
                widget=forms.RadioSelect,
                error_messages={"invalid_choice": "Choose one of the answers, or none"},
            )


def _either(boroughs) -> str:
    labels = [one.label for one in boroughs]
    return (
        f"{', '.join(labels[:-1])} or {labels[-1]}" if len(labels) > 1 else f"{labels[0]} or somewhere else"
    )


def _choices(event: Event, *, own: bool) -> list[tuple[str, str]]:
    choices = []
    if event.asks_photos:
        choices.append(("photo", words_shown(kind="photo", giver="owner" if own else "guardian")))
    if event.asks_news and own:
        choices.append(("news", words_shown(kind="news", giver="owner")))
    return choices
