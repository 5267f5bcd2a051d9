"""Which questions does somebody see who signs up? They follow from the age and from the event's settings."""

from collections.abc import Sequence
from functools import lru_cache

from django import forms

from events.models import Event
from people.boroughs import Borough
from people.domain.contacts import phone_fault
from people.domain.names import name_fault, text_fault
from people.domain.postcodes import guess_borough
from tickets.domain.age_rules import Asked
from tickets.domain.consent_texts import words_shown
from tickets.domain.equality import QUESTIONS
from tickets.forms.plain import AgeField, PlainForm, email_field, short_number, text_field


class AgeForm(PlainForm):
    age = AgeField(
        help_text="We ask for the age on that day, never for a date of birth.", widget=short_number()
    )

    def __init__(self, *args, day: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["age"].label = f"How old will you be on {day}?"


class BaseDetailsForm(PlainForm):
    """guessed: words about the borough that the postcode points to, once it was used and dropped."""

    guessed = ""

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


def details_form(*, event: Event, asked: Asked, sessions: Sequence[tuple[str, str]]) -> type[BaseDetailsForm]:
    """The questions of one way through the form, and nothing more. sessions: pairs of slug and label."""
    confirms = event.guardian_rule == Event.GuardianRule.CONFIRM
    wants = (event.asks_access_needs, event.asks_photos, event.asks_news)
    return _details_form(asked, confirms, wants, tuple(sessions))


@lru_cache(maxsize=64)
def _details_form(asked: Asked, confirms: bool, wants: tuple[bool, bool, bool], sessions: tuple):
    """Made once for the same questions: to make a class takes longer than to fill it in."""
    own = asked.own_email
    fields: dict[str, forms.Field] = {
        "name": text_field(
            "Your full name" if own else "Their full name",
            check=name_fault,
            missing="Enter a name",
            attrs={"autocomplete": "name" if own else "off", "spellcheck": "false", "dir": "auto"},
        ),
    }
    if own:
        fields["email"] = email_field(
            "Your email address",
            missing="Enter an email address",
            help_text="We send your ticket there. You can use the address of somebody you trust.",
        )
    fields |= _borough_fields(own)
    if asked.guardian:
        fields |= _guardian_fields(books=not own, confirms=confirms)
    if asked.emergency_contact:
        fields |= {
            "emergency_contact_name": text_field(
                "Name of an adult we can call on the day",
                check=name_fault,
                missing="Enter the name of an adult",
                help_text="Only our welfare team sees this. We delete it 7 days after the day.",
                attrs={"autocomplete": "off", "spellcheck": "false", "dir": "auto"},
            ),
            "emergency_contact_phone": text_field(
                "Their phone number",
                check=phone_fault,
                max_length=40,
                missing="Enter a phone number",
                attrs={"autocomplete": "off", "inputmode": "tel"},
            ),
        }
    return type("DetailsForm", (BaseDetailsForm,), fields | _optional_fields(wants, sessions, own))


def _borough_fields(own: bool) -> dict[str, forms.Field]:
    return {
        "borough": forms.ChoiceField(
            label=f"Where do {'you' if own else 'they'} live?",
            help_text="So that we can show which places we reached.",
            choices=Borough.choices,
            widget=forms.RadioSelect,
            error_messages={
                "required": f"Choose where {'you' if own else 'they'} live",
                "invalid_choice": "Choose one of the places",
            },
        ),
        "postcode": text_field(
            "Not sure? Type a postcode (optional)",
            max_length=200,
            required=False,
            help_text="Leave the question above empty, and we choose for you. We do not keep the postcode.",
            attrs={
                "autocomplete": "postal-code" if own else "off",
                "class": "postcode",
                "spellcheck": "false",
            },
        ),
    }


def _guardian_fields(*, books: bool, confirms: bool) -> dict[str, forms.Field]:
    return {
        "guardian_name": text_field(
            "Your name (parent or guardian)" if books else "Name of a parent or guardian",
            check=name_fault,
            missing="Enter the name of a parent or guardian",
            attrs={"autocomplete": "name" if books else "off", "spellcheck": "false", "dir": "auto"},
        ),
        "guardian_email": email_field(
            "Your email address" if books else "Their email address",
            missing="Enter the email address of a parent or guardian",
            help_text=(
                f"{'You' if books else 'They'} get a link to say yes. The ticket works after that."
                if confirms
                else "We only write about this day."
            ),
            attrs={"autocomplete": "email" if books else "off"},
        ),
        "guardian_phone": text_field(
            f"{'Your' if books else 'Their'} phone number (optional)",
            check=phone_fault,
            max_length=40,
            required=False,
            help_text="We need it before the day. You can add it later.",
            attrs={"autocomplete": "tel" if books else "off", "inputmode": "tel"},
        ),
    }


def _optional_fields(wants: tuple[bool, bool, bool], sessions, own: bool) -> dict[str, forms.Field]:
    asks_access_needs, asks_photos, asks_news = wants
    fields: dict[str, forms.Field] = {}
    if sessions:
        fields["sessions"] = forms.MultipleChoiceField(
            label="Sessions (optional)",
            help_text="Keep a place in a session. You can come without one.",
            required=False,
            choices=sessions,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "One of these sessions is full now. Choose again"},
        )
    if asks_access_needs:
        fields["access_needs"] = text_field(
            f"What do {'you' if own else 'they'} need to take part? (optional)",
            check=text_fault,
            max_length=500,
            required=False,
            widget=forms.Textarea,
            attrs={"rows": "3", "dir": "auto"},
            help_text="For example: a step-free route, a quiet space, a seat at the front.",
        )
    choices = []
    if asks_photos:
        choices.append(("photo", words_shown(kind="photo", giver="owner" if own else "guardian")))
    if asks_news and own:
        choices.append(("news", words_shown(kind="news", giver="owner")))
    if choices:
        fields["choices"] = forms.MultipleChoiceField(
            label="Your choice (optional)",
            help_text="Yes or no, the ticket is the same. You can change your mind at any time.",
            required=False,
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
        )
    return fields


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
