"""What may be typed on the pages of owners, guardians and those who wait?"""

from django import forms

from foundation.forms.base import PlainForm
from foundation.forms.fields import WordsField
from people.domain.contacts import phone_fault
from people.domain.names import name_fault
from tickets.forms.people_fields import EmailField, PeopleField


class FindTicketForm(PlainForm):
    email = EmailField("Your email address", missing="Enter your email address")


class NameForm(PlainForm):
    name = WordsField(
        "Full name", check=name_fault, missing="Enter a name", attrs={"spellcheck": "false", "dir": "auto"}
    )


class ContactForm(PlainForm):
    name = WordsField(
        "Their name", check=name_fault, missing="Enter a name", attrs={"spellcheck": "false", "dir": "auto"}
    )
    phone = WordsField(
        "Their phone number",
        check=phone_fault,
        most=40,
        missing="Enter a phone number",
        attrs={"inputmode": "tel", "autocomplete": "off"},
    )


class GuardianForm(PlainForm):
    """asks_photo: only where the young person said yes to photos; then the guardian's yes is needed too."""

    phone = WordsField(
        "Your phone number (optional)",
        check=phone_fault,
        most=40,
        required=False,
        help_text="For the day, if we need you. Only our welfare team sees it.",
        attrs={"inputmode": "tel", "autocomplete": "tel"},
    )
    may_leave_alone = forms.BooleanField(required=False, label="They may leave on their own at the end")
    photo = forms.BooleanField(required=False)

    def __init__(self, *args, photo_words: str = "", asks_phone: bool = True, **kwargs):
        super().__init__(*args, **kwargs)
        if photo_words:
            self.fields["photo"].label = photo_words
        else:
            del self.fields["photo"]
        if not asks_phone:
            del self.fields["phone"]


class WaitingForm(PlainForm):
    email = EmailField("Your email address", missing="Enter your email address")
    party_size = PeopleField("How many places do you need?", help_text="We never split a group.", initial="1")


class SessionsForm(PlainForm):
    """choices: pairs of a session's slug and its label."""

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sessions"] = forms.MultipleChoiceField(
            label="Your sessions",
            required=False,
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "One of these sessions is full now. Choose again"},
        )


class TypedCodeForm(PlainForm):
    """What is printed under the QR of a ticket."""

    code = forms.CharField(
        label="The code under your QR",
        max_length=80,
        help_text="ten letters and digits; we ask once, then this phone knows",
        error_messages={"required": "Enter the code under the QR of your ticket"},
    )
