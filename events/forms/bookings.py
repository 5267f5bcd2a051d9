"""What is asked about a booking: when on the clock, how many, which layout, and why it goes?"""

from datetime import date, datetime, time, timedelta

from django import forms

from events.domain.availability import Wish
from events.models import Booking, Event, Layout, Space, Venue
from foundation.forms.base import PlainForm, offer
from foundation.forms.fields import CountField, WordsField
from foundation.forms.moments import WHICH
from foundation.refusals import InvalidInput, Refusal
from foundation.wall_time import TimeHappensTwice, day_bounds, instant

EVERY = [
    ("", "Does not repeat"),
    ("1", "Every day"),
    ("7", "Every week"),
    ("14", "Every two weeks"),
    ("28", "Every four weeks"),
]


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self):
        super().__init__(format="%H:%M")


class CalendarDate(forms.DateField):
    """A date that calendars can count with: the years 1900 to 2999."""

    def to_python(self, value):
        day = super().to_python(value)
        if day is not None and not 1900 <= day.year <= 2999:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return day


def date_field(label: str, **fields) -> forms.DateField:
    words = f"Enter a date for: {label.lower()}"
    return CalendarDate(
        label=label,
        widget=DateInput(),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        error_messages={"required": words, "invalid": "Enter a date like 01/12/2027"},
        **fields,
    )


def time_field(label: str, **fields) -> forms.TimeField:
    words = f"Enter a time for: {label.lower()}"
    return forms.TimeField(
        label=label,
        widget=TimeInput(),
        error_messages={"required": words, "invalid": "Enter a time like 09:30"},
        **fields,
    )


def _which(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=WHICH, required=False, widget=forms.RadioSelect)


class WhenForm(PlainForm):
    """A period by the clock on the wall in Liverpool.

    Valid: cleaned_data has starts_at and ends_at as instants. A time that happens twice asks which one:
    only then is the question shown.
    """

    starts_date = date_field("Date")
    starts_time = time_field("From")
    starts_which = _which("Which of the two start times?")
    ends_time = time_field("Until")
    ends_date = date_field("Until another day", required=False)
    ends_which = _which("Which of the two end times?")
    AT = {"starts_at": "starts_time", "ends_at": "ends_time"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked: set[str] = set()

    def clean(self):
        answers = super().clean()
        day, end_day = answers.get("starts_date"), answers.get("ends_date") or answers.get("starts_date")
        self._take_instant("starts", day, answers.get("starts_time"))
        self._take_instant("ends", end_day, answers.get("ends_time"))
        return answers

    def shown(self, *names: str) -> list[forms.BoundField]:
        """The fields to show, in order; the question of which time only where it has to be asked."""
        asked = self.asked | {name for name in ("starts_which", "ends_which") if self.data.get(name)}
        return [self[name] for name in names if not name.endswith("_which") or name in asked]

    @property
    def when(self) -> list[forms.BoundField]:
        return self.shown(
            "starts_date", "starts_time", "starts_which", "ends_time", "ends_which", "ends_date"
        )

    def add_refusal(self, refusal: Refusal) -> None:
        refusal.fields = {self.AT.get(name, name): words for name, words in refusal.fields.items()}
        super().add_refusal(refusal)

    def _take_instant(self, which: str, day: date | None, clock: time | None) -> None:
        if day is None or clock is None:
            return
        answer = self.cleaned_data.get(f"{which}_which")
        try:
            self.cleaned_data[f"{which}_at"] = instant(
                datetime.combine(day, clock), later=None if not answer else answer == "second"
            )
        except TimeHappensTwice as twice:
            self.asked.add(f"{which}_which")
            self.add_error(f"{which}_which", twice.message)
        except InvalidInput as fault:
            self.add_error(f"{which}_time", fault.message)


class SearchForm(WhenForm):
    people = CountField("People at one time", least=1, most=100_000)
    layout = forms.ChoiceField(label="Layout", required=False)
    venue = forms.ChoiceField(label="Venue", required=False)
    setup_minutes = CountField("Set-up, minutes", least=0, most=1440, required=False)
    clearup_minutes = CountField("Clear-up, minutes", least=0, most=1440, required=False)
    step_free = forms.BooleanField(label="Step-free only", required=False)

    def __init__(self, *args, venues, **kwargs):
        super().__init__(*args, **kwargs)
        layouts = Layout.objects.filter(space__venue__in=venues).order_by("name")
        names = dict(layouts.values_list("slug", "name"))
        self.fields["layout"].choices = [("", "Any layout"), *names.items()]
        self.fields["venue"].choices = [("", "Any venue"), *venues.values_list("slug", "name")]

    def wish(self) -> Wish:
        answers = self.cleaned_data
        setup = timedelta(minutes=answers["setup_minutes"] or 0)
        clearup = timedelta(minutes=answers["clearup_minutes"] or 0)
        return Wish(
            starts_at=answers["starts_at"] - setup,
            ends_at=answers["ends_at"] + clearup,
            setup=setup,
            clearup=clearup,
            **{name: answers[name] for name in ("people", "layout", "venue", "step_free")},
        )


class LayoutChoice(forms.ModelChoiceField):
    def label_from_instance(self, layout):
        known = f"confirmed by {layout.confirmed_by}" if layout.confirmed else "an estimate, not confirmed"
        return f"{layout.name}: {layout.capacity:,} people, {known}"


class SlotForm(WhenForm):
    """A period in one space, for how many, in which layout."""

    people = CountField("People at one time", least=1, most=100_000)
    layout = LayoutChoice(
        label="Layout",
        queryset=Layout.objects.none(),
        to_field_name="slug",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": "Choose a layout", "invalid_choice": "Choose one of these layouts"},
    )
    setup_minutes = CountField("Set-up, minutes", least=0, most=1440, required=False)
    clearup_minutes = CountField("Clear-up, minutes", least=0, most=1440, required=False)

    def __init__(self, *args, space: Space, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "layout", space.layouts.all())

    def slot(self) -> dict:
        answers = self.cleaned_data
        return {
            "starts_at": answers["starts_at"],
            "ends_at": answers["ends_at"],
            "people": answers["people"],
            "layout": answers["layout"],
            "setup_minutes": answers["setup_minutes"] or 0,
            "clearup_minutes": answers["clearup_minutes"] or 0,
        }


class HoldForm(SlotForm):
    title = WordsField("What for", most=120, help_text="It appears in calendars: leave people's names out")
    event = forms.ModelChoiceField(
        label="Edition",
        queryset=Event.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label="None",
        error_messages={"invalid_choice": "Choose one of these editions"},
    )
    hold_date = date_field(
        "Hold until the end of", required=False, help_text="Left empty, the hold lasts 14 days"
    )
    repeat_every = forms.ChoiceField(label="Repeats", choices=EVERY, required=False)
    repeat_until = date_field("Repeats until", required=False)

    def __init__(self, *args, events, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["event"].queryset = events
        self.fields["event"].label_from_instance = lambda one: f"{one.title}, {one.starts_at:%d.%m.%Y}"

    AT = {**WhenForm.AT, "hold_until": "hold_date"}

    def clean(self):
        answers = super().clean()
        if answers.get("repeat_every") and not answers.get("repeat_until") and "repeat_until" in self.fields:
            self.add_error("repeat_until", "Say until which day it repeats")
        return answers

    def slot(self) -> dict:
        answers = self.cleaned_data
        hold_date = answers["hold_date"]
        return super().slot() | {
            "title": answers["title"],
            "event": answers["event"],
            "hold_until": day_bounds(hold_date)[1] if hold_date else None,
        }


class ReleaseForm(PlainForm):
    reason = WordsField(
        "Why is it released?",
        most=200,
        help_text="The venue and whoever holds it read this. Leave people's names out",
    )


class BookingFilterForm(PlainForm):
    """What the list of bookings shows. Nothing asked: what stands and is still to come."""

    venue = forms.ModelChoiceField(
        label="Venue",
        queryset=Venue.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label="All venues",
    )
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "Held and confirmed"), *Booking.State.choices, ("all", "All")],
    )
    since = date_field("From", required=False)
    until = date_field("Until", required=False)

    def __init__(self, *args, venues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["venue"].queryset = venues
