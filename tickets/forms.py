"""What shape do the public questions have? Forms check shape; the rules stand in domain/."""

import unicodedata

from django import forms

from events.boroughs import Borough
from tickets.domain.asking import Asked
from tickets.domain.people import email_fault, name_fault, phone_fault, text_fault
from tickets.models import DataHandedOver

NUMBER_WORDS = {
    word: number
    for number, word in enumerate(
        [
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty",
        ],
        start=10,
    )
}


class PlainForm(forms.Form):
    """No browser bubbles: our own words beside the field and in the summary."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if self.errors.get(name) if self.is_bound else False:
                field.widget.attrs["aria-invalid"] = "true"

    def add_refusal(self, refusal) -> None:
        """Show a domain refusal at its fields, by the last part of their names, else above the form."""
        shown = False
        for path, words in refusal.fields.items():
            name = path.rpartition("].")[2].replace(".", "_")
            if name in self.fields:
                self.add_error(name, words)
                shown = True
        if not shown:
            self.add_error(None, refusal.message)


class AgeField(forms.Field):
    """A whole number of years, in digits of any script or as a word."""

    widget = forms.TextInput

    def to_python(self, value) -> int:
        text = unicodedata.normalize("NFKC", str(value or "")).strip().casefold()
        if not text:
            raise forms.ValidationError("Enter the age in years")
        if text in NUMBER_WORDS:
            return NUMBER_WORDS[text]
        if not text.isdecimal() or len(text) > 3:
            raise forms.ValidationError("Enter the age as a whole number, like 15")
        return int(text)


def _text(label: str, *, check=None, max_length: int = 200, **fields) -> forms.CharField:
    attrs = fields.pop("attrs", {})
    field = forms.CharField(
        label=label,
        max_length=max_length,
        widget=fields.pop("widget", forms.TextInput)(attrs=attrs),
        error_messages={
            "required": fields.pop("missing", f"Enter {label.lower()}"),
            "max_length": f"Use {max_length} characters or fewer",
        },
        **fields,
    )
    field.validators = [
        one for one in field.validators if type(one).__name__ != "ProhibitNullCharactersValidator"
    ]
    if check:
        field.validators.append(_validator(check))
    return field


def _validator(check):
    def validate(value):
        if fault := check(value):
            raise forms.ValidationError(fault)

    return validate


class AgeForm(PlainForm):
    age = AgeField(
        help_text="We ask for the age on that day, never for a date of birth.",
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args, day: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["age"].label = f"How old will you be on {day}?"


def details_form(*, asked: Asked, sessions) -> type[PlainForm]:
    """The questions of one way through the form, and nothing more."""
    whose = "Their" if not asked.own_email else "Your"
    fields: dict[str, forms.Field] = {
        "name": _text(
            f"{whose} full name", check=name_fault, missing="Enter a name",
            attrs={"autocomplete": "name" if asked.own_email else "off", "spellcheck": "false", "dir": "auto"},
        ),
    }  # fmt: skip
    if asked.own_email:
        fields["email"] = _text(
            "Your email address", check=email_fault, max_length=254, missing="Enter an email address",
            help_text="We send your ticket there. It is on your screen at once as well.",
            attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
        )  # fmt: skip
    fields["borough"] = forms.ChoiceField(
        label=f"Where do {'they' if not asked.own_email else 'you'} live?",
        help_text="So that we can show which places we reached.",
        choices=Borough.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where you live", "invalid_choice": "Choose one of the places"},
    )
    if asked.guardian:
        fields |= _guardian_fields(books=not asked.own_email)
    if asked.emergency_contact:
        fields |= {
            "emergency_contact_name": _text(
                "Name of an adult we can call on the day", check=name_fault, missing="Enter the name of an adult",
                help_text="Only our welfare team sees this. We delete it 7 days after the day.",
                attrs={"autocomplete": "off", "spellcheck": "false"},
            ),
            "emergency_contact_phone": _text(
                "Their phone number", check=phone_fault, max_length=40, missing="Enter a phone number",
                attrs={"autocomplete": "off", "inputmode": "tel"},
            ),
        }  # fmt: skip
    return type("DetailsForm", (PlainForm,), fields | _optional_fields(sessions))


def _guardian_fields(*, books: bool) -> dict[str, forms.Field]:
    return {
        "guardian_name": _text(
            "Your name (parent or guardian)" if books else "Name of a parent or guardian",
            check=name_fault, missing="Enter the name of a parent or guardian",
            attrs={"autocomplete": "name" if books else "off", "spellcheck": "false"},
        ),
        "guardian_email": _text(
            "Your email address" if books else "Their email address", check=email_fault, max_length=254,
            missing="Enter the email address of a parent or guardian",
            help_text="They get a link to say yes. The ticket works once they have.",
            attrs={"autocomplete": "email" if books else "off", "inputmode": "email", "spellcheck": "false"},
        ),
        "guardian_phone": _text(
            f"{'Your' if books else 'Their'} phone number (optional)", check=phone_fault, max_length=40,
            required=False, help_text="We need it before the day. It can be added later.",
            attrs={"autocomplete": "tel" if books else "off", "inputmode": "tel"},
        ),
    }  # fmt: skip


def _optional_fields(sessions) -> dict[str, forms.Field]:
    fields: dict[str, forms.Field] = {}
    if sessions:
        fields["sessions"] = forms.MultipleChoiceField(
            label="Sessions (optional)",
            help_text="Keep a place in a session. You can come without one.",
            required=False,
            choices=[(one.slug, one.label) for one in sessions],
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "Choose sessions from the list"},
        )
    fields["access_needs"] = _text(
        "What do you need to take part? (optional)", check=text_fault, max_length=500, required=False,
        widget=forms.Textarea, attrs={"rows": "3"},
        help_text="For example: step-free route, quiet space, a seat at the front.",
    )  # fmt: skip
    fields["choices"] = forms.MultipleChoiceField(
        label="Your choice (optional)",
        help_text="Yes or no, your ticket is the same. You can change your mind at any time.",
        required=False,
        choices=[
            ("photo", "You may take photos and film with me in them to show what the day was like"),
            ("news", "Send me news about later events by email"),
        ],
        widget=forms.CheckboxSelectMultiple,
    )
    return fields


class FindTicketForm(PlainForm):
    email = _text(
        "Your email address", check=email_fault, max_length=254, missing="Enter your email address",
        attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )  # fmt: skip


class NameForm(PlainForm):
    name = _text(
        "Full name", check=name_fault, missing="Enter a name", attrs={"spellcheck": "false", "dir": "auto"}
    )


class GuardianForm(PlainForm):
    may_leave_alone = forms.BooleanField(required=False, label="They may leave on their own at the end")
    no_photos = forms.BooleanField(required=False, label="Please take no photos with them in it")


class WaitingForm(PlainForm):
    email = _text(
        "Your email address", check=email_fault, max_length=254, missing="Enter your email address",
        attrs={"autocomplete": "email", "inputmode": "email", "spellcheck": "false"},
    )  # fmt: skip
    party_size = AgeField(
        label="How many places do you need?",
        help_text="We never split a group.",
        initial="1",
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
    )


class GroupForm(PlainForm):
    organisation = _text(
        "School, college or youth club", check=name_fault, missing="Enter the name of your group"
    )
    name = _text("Your name", check=name_fault, missing="Enter your name", attrs={"autocomplete": "name"})
    email = _text(
        "Your work email address", check=email_fault, max_length=254, missing="Enter your email address",
        attrs={"autocomplete": "email", "inputmode": "email"},
    )  # fmt: skip
    phone = _text("A phone number for the day", check=phone_fault, max_length=40, missing="Enter a phone number",
                  attrs={"autocomplete": "tel", "inputmode": "tel"})  # fmt: skip
    heads_11_13 = AgeField(
        label="How many aged 11 to 13?",
        initial="0",
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
    heads_14_15 = AgeField(
        label="How many aged 14 or 15?",
        initial="0",
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
    heads_16_18 = AgeField(
        label="How many aged 16 to 18?",
        initial="0",
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
    adults = AgeField(
        label="How many adults come with them?",
        initial="1",
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric"}),
    )
    borough = forms.ChoiceField(
        label="Where is your group?", choices=Borough.choices, widget=forms.RadioSelect,
        error_messages={"required": "Choose where your group is"},
    )  # fmt: skip
    declared = forms.BooleanField(
        label="My school or club holds parental consent and emergency contacts for everybody in this group",
        error_messages={"required": "Say that you hold consent and contacts for your group"},
    )


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


class TypedCodeForm(PlainForm):
    """What is printed under the QR of a ticket."""

    code = forms.CharField(
        label="The code under your QR",
        max_length=80,
        help_text="ten letters and digits; we ask once, then this phone knows",
        error_messages={"required": "Enter the code under the QR of your ticket"},
    )
