"""What is asked of whoever leads the door, at the desk?"""

from django import forms

from door.domain.devices import NAME_MAX
from door.models import CheckIn, DoorPin, Gate, Instruction, StaffMember
from events.models import Session
from foundation.forms.base import ONE_OF_THE_LIST, PlainForm
from foundation.forms.fields import WordsField

_CHOOSE_GATE = {"required": "Choose a gate", "invalid_choice": "Choose a gate of this edition"}


class PairForm(PlainForm):
    """Which gate, and which door: the entrance, or a session's."""

    gate = forms.ModelChoiceField(
        Gate.objects.none(),
        label="Gate",
        to_field_name="slug",
        empty_label=None,
        error_messages=_CHOOSE_GATE,
    )
    session = forms.ModelChoiceField(
        Session.objects.none(),
        label="What it checks",
        to_field_name="slug",
        required=False,
        empty_label="The event's entrance",
        error_messages={"invalid_choice": "Choose a session of this edition"},
    )

    def __init__(self, *args, event, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["gate"].queryset = Gate.objects.filter(event=event)
        self.fields["session"].queryset = event.sessions.order_by("starts_at")


class GateForm(PlainForm):
    name = forms.CharField(
        label="Name of a gate",
        max_length=NAME_MAX,
        help_text="What stewards call it, like Front door.",
        error_messages={"required": "Name the gate", "max_length": f"Use {NAME_MAX} characters or fewer"},
    )


class PinForm(PlainForm):
    role = forms.ChoiceField(
        label="For whom",
        choices=DoorPin.Role.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose supervisor or welfare",
            "invalid_choice": "Choose one of the two",
        },
    )
    pin = forms.CharField(
        label="New PIN",
        max_length=20,
        help_text="6 to 12 digits. It is not shown again; tell it to the person, not to a group chat.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "Enter a PIN"},
    )


class InstructionForm(PlainForm):
    """One confirmed act: nothing is chosen beforehand."""

    kind = forms.ChoiceField(
        label="What every phone shall say",
        choices=Instruction.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what to do", "invalid_choice": "Choose one of the three"},
    )
    is_drill = forms.ChoiceField(
        label="Is it real?",
        choices=[
            ("real", "Real: nobody is let in and nobody can register until the all-clear"),
            ("drill", "A drill: phones say DRILL, and go on scanning once it is seen"),
        ],
        widget=forms.RadioSelect,
        error_messages={
            "required": "Say whether it is real or a drill",
            "invalid_choice": "Choose one of the two",
        },
    )
    confirmed = forms.BooleanField(
        label="Yes, tell every phone now", error_messages={"required": "Tick to tell every phone now"}
    )


class SettleForm(PlainForm):
    scan = forms.UUIDField(error_messages={"required": "Choose a scan", "invalid": "Choose a scan"})
    words = forms.CharField(
        max_length=200,
        error_messages={"required": "Write what you found", "max_length": "Use 200 characters or fewer"},
    )


class SettleKindForm(PlainForm):
    kind = forms.ChoiceField(choices=[(one, one) for one in CheckIn.Verdict.values])
    words = forms.CharField(
        max_length=200,
        error_messages={"required": "Write what you found", "max_length": "Use 200 characters or fewer"},
    )


class ReviewForm(PlainForm):
    scan = forms.UUIDField(error_messages={"required": "Choose a scan", "invalid": "Choose a scan"})
    accept = forms.ChoiceField(choices=[("yes", "Accept"), ("no", "Leave out")])


class _SeenOn(forms.DateField):
    def __init__(self, label: str):
        super().__init__(
            label=label,
            required=False,
            widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            input_formats=["%Y-%m-%d", "%d/%m/%Y"],
            error_messages={"invalid": "Enter a date like 01/12/2026"},
        )

    def to_python(self, value):
        day = super().to_python(value)
        if day is not None and day.year < 2000:
            raise forms.ValidationError(self.error_messages["invalid"])
        return day


class StaffForm(PlainForm):
    name = WordsField("Name", most=200, widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}))
    organisation = WordsField("From", most=120, required=False, help_text="College, employer, agency.")
    role = forms.ChoiceField(label="Role", choices=StaffMember.Role.choices, error_messages=ONE_OF_THE_LIST)
    duty = WordsField("Duty", most=200, required=False, help_text="Where and when: main gate, 9:00 to 12:00.")
    id_seen_on = _SeenOn("Proof of identity seen on")
    dbs_level = forms.ChoiceField(
        label="DBS certificate",
        choices=StaffMember.Dbs.choices,
        error_messages=ONE_OF_THE_LIST,
        help_text=(
            "Ask for a level only where the role is entitled to it. "
            "Keep no copy and note nothing of its content."
        ),
    )
    dbs_seen_on = _SeenOn("Certificate seen on")
