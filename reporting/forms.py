"""What shape do questions to this floor have? Forms check shape; the rules stand in domain/."""

from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from events.models import Event, Series
from foundation.forms.base import PlainForm
from foundation.forms.fields import WordsField
from people.domain.age_bands import AGE_BAND_LABELS
from reporting.models import (
    AttendanceCorrection,
    HandCount,
    Invitation,
    NearMatch,
    ReportSchedule,
    SchoolType,
    Target,
)

LARGEST_NUMBER = 100_000


class InstantField(forms.CharField):
    """A moment: RFC 3339 with offset, or a local date and time as browsers send it."""

    def clean(self, value) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            moment = parse_datetime(text.replace(" ", "+") if "T" in text else text)
        except ValueError:
            moment = None
        if moment is None or not 2000 <= moment.year <= 2200:
            raise ValidationError("Enter a date and time, like 2026-12-01T09:30")
        return moment if moment.tzinfo else timezone.make_aware(moment)


class ReadingForm(PlainForm):
    """Which report: the moment, the public preview, or a published number."""

    as_at = InstantField(required=False, label="As at")
    public = forms.BooleanField(required=False)
    number = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_NUMBER)


def scope_choices() -> list[tuple[str, str]]:
    """A series with all its editions, or one edition, by slug."""
    series = [(f"series:{one.slug}", f"{one.name}, all editions") for one in Series.objects.all()]
    events = [(f"event:{one.slug}", one.title) for one in Event.objects.exclude(status=Event.Status.DRAFT)]
    return series + events


def scope_of(text: str) -> dict:
    """The series or the event of a choice; the other is None."""
    kind, _, slug = text.partition(":")
    return {
        "series": Series.objects.filter(slug=slug).first() if kind == "series" else None,
        "event": Event.objects.filter(slug=slug).first() if kind == "event" else None,
    }


class DecisionForm(PlainForm):
    """One pair and what was decided about it."""

    pair = forms.IntegerField(min_value=1, max_value=2**63 - 1)
    decision = forms.ChoiceField(choices=NearMatch.Decision.choices)

    def words(self) -> str:
        return dict(NearMatch.Decision.choices)[self.cleaned_data["decision"]].lower()


class HeadsForm(PlainForm):
    event = forms.ModelChoiceField(
        Event.objects.exclude(status=Event.Status.DRAFT).order_by("-starts_at"), label="Edition"
    )
    heads = forms.IntegerField(
        label="Heads", min_value=0, max_value=5_000, help_text="young people counted without names"
    )
    age_band = forms.ChoiceField(
        label="Age band", required=False, choices=[("", "Not known"), *AGE_BAND_LABELS.items()]
    )
    reason = WordsField("Reason", most=300, help_text="why they could not be scanned, and who counted")
    is_online = forms.BooleanField(label="They took part online", required=False)
    supersedes = forms.ModelChoiceField(HandCount.objects.all(), required=False, widget=forms.HiddenInput)


class AttendanceForm(PlainForm):
    event = forms.ModelChoiceField(
        Event.objects.exclude(status=Event.Status.DRAFT).order_by("-starts_at"), label="Edition"
    )
    serial = forms.IntegerField(label="Ticket number", min_value=1, max_value=10_000_000)
    attendance = forms.ChoiceField(label="Attendance", choices=AttendanceCorrection.Attendance.choices)
    reason = WordsField("Reason", most=300, help_text="for example: on the paper register of the coach party")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs, auto_id="id_attendance_%s")


class LongListForm(PlainForm):
    name = WordsField("Name", most=200)
    scope = forms.ChoiceField(label="Invited to")
    field = WordsField("Known for", most=120, required=False)
    why_key = WordsField("Why they are key", most=300, required=False)
    country = WordsField("Country", most=80, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = scope_choices()


class InvitedForm(PlainForm):
    invited_on = forms.DateField(
        label="Invited on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    invited_by = WordsField("Sent by", most=120)
    evidence = WordsField("Evidence", most=300, help_text="where the dated invitation is kept")


class AnswerForm(PlainForm):
    answer = forms.ChoiceField(label="Answer", choices=Invitation.Answer.choices)
    answered_on = forms.DateField(
        label="Answered on", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    came = forms.TypedChoiceField(
        label="Came",
        required=False,
        choices=[("", "Not recorded"), ("yes", "Came"), ("no", "Did not come")],
        coerce=lambda text: {"yes": True, "no": False}.get(text),
        empty_value=None,
    )
    published = WordsField("What they published", most=300, required=False, help_text="a link or a title")


class SchoolTypeForm(PlainForm):
    KINDS = SchoolType.Kind.choices
    reference = forms.CharField(max_length=16)
    kind = forms.ChoiceField(choices=KINDS)


class ScheduleForm(PlainForm):
    every = forms.ChoiceField(label="Publish and mail", choices=ReportSchedule.Every.choices)
    next_date = forms.DateField(
        label="First on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class TargetForm(PlainForm):
    """A promise: all of it data, printed beside the figure."""

    title = WordsField("What was promised", most=120)
    rung = forms.ChoiceField(label="Rung", choices=Target.Rung.choices)
    scope = forms.ChoiceField(label="Counted over")
    goal = forms.IntegerField(label="Promised number", min_value=1, max_value=10_000_000)
    goal_high = forms.IntegerField(
        label="To",
        required=False,
        min_value=1,
        max_value=10_000_000,
        help_text="only where a range was promised",
    )
    min_age = forms.IntegerField(label="Youngest age on the day", required=False, min_value=0, max_value=120)
    max_age = forms.IntegerField(label="Oldest age on the day", required=False, min_value=0, max_value=120)
    residence = forms.ChoiceField(label="Who counts by home", choices=Target.Residence.choices)
    starts_on = forms.DateField(
        label="Plan line starts on",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    due_date = forms.DateField(
        label="Due on", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    agreed_by = WordsField(
        "Definition agreed by", most=120, required=False, help_text="empty: not agreed yet"
    )
    agreed_on = forms.DateField(
        label="Agreed on", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = WordsField("Where it is written", most=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = scope_choices()
