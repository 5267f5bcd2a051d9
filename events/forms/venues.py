"""What is asked about a venue, its spaces, layouts, hours, closures and feeds?"""

import re
from datetime import time

from django import forms

from accounts.models import User
from accounts.roles import VENUE
from events.forms.bookings import WhenForm, date_field
from events.models import Layout, Space, ThreeValued, Venue
from foundation.forms.base import PlainForm, offer
from foundation.forms.fields import CountField, WordsField
from people.boroughs import REGION

ACCESS = {
    "step_free": "Step-free",
    "accessible_toilets": "Accessible toilets",
    "hearing_loop": "Hearing loop",
    "quiet_room": "Quiet room",
    "coach_drop_off": "Coach drop-off",
}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
CLOCK = r"([01]?\d|2[0-4])(?:[:.]([0-5]\d))?"
PERIOD = re.compile(rf"\s*{CLOCK}\s*(?:to|-|–|until)\s*{CLOCK}\s*", re.IGNORECASE)


def _known(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=ThreeValued, widget=forms.RadioSelect, initial=ThreeValued.NOT_CONFIRMED
    )


class PeopleChoice(forms.ModelMultipleChoiceField):
    def label_from_instance(self, user):
        return f"{user.name}, {user.email}" if user.name else user.email


class VenueForm(PlainForm):
    name = WordsField("Name", most=120)
    run_by = WordsField("Run by", most=120, help_text="The organisation behind the venue")
    address = WordsField("Address", most=200)
    postcode = WordsField(
        "Postcode", most=8, required=False, help_text="Left empty while it is not confirmed"
    )
    borough = forms.ChoiceField(label="Borough", choices=[(one.value, one.label) for one in REGION])
    website = forms.URLField(
        label="Website",
        required=False,
        max_length=200,
        assume_scheme="https",
        error_messages={"invalid": "Enter an address like https://example.org"},
    )
    about = WordsField("About", most=2000, lines=True, required=False, help_text="Say what is not confirmed")
    directions = WordsField("How to get there", most=2000, lines=True, required=False)
    step_free = _known("Step-free")
    accessible_toilets = _known("Accessible toilets")
    hearing_loop = _known("Hearing loop")
    quiet_room = _known("Quiet room")
    coach_drop_off = _known("Coach drop-off")
    minimum_notice_hours = CountField(
        "Minimum notice in hours",
        most=24 * 365,
        initial=0,
        help_text="0: can be booked up to the last moment",
    )
    people = PeopleChoice(
        label="Who speaks for the venue",
        queryset=User.objects.filter(groups__name=VENUE, is_active=True).order_by("name", "email"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="They see and confirm bookings here, and are told of each",
        error_messages={
            "invalid_choice": "Choose among these people",
            "invalid_pk_value": "Choose among these people",
        },
    )

    def __init__(self, *args, venue: Venue | None = None, may_choose_people: bool, **kwargs):
        if venue is not None:
            kwargs["initial"] = {
                name: getattr(venue, name) for name in self.base_fields if name != "people"
            } | {"people": list(venue.people.values_list("pk", flat=True))}
        super().__init__(*args, **kwargs)
        if not may_choose_people:
            del self.fields["people"]

    @property
    def access(self) -> list[forms.BoundField]:
        return [self[name] for name in ACCESS]


class SpaceForm(PlainForm):
    name = WordsField("Name", most=120)
    parent = forms.ModelChoiceField(
        label="Part of",
        queryset=Space.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label="Nothing: it stands by itself",
        help_text="Booking the whole blocks its parts, and the reverse",
        error_messages={"invalid_choice": "Choose a space of this venue"},
    )
    about = WordsField("About", most=2000, lines=True, required=False)
    features = WordsField(
        "Features", most=300, required=False, help_text="For example: stage, blackout, projector"
    )
    step_free = _known("Step-free")
    safe_capacity = CountField(
        "Safe capacity",
        least=1,
        required=False,
        help_text="People at one time by the fire risk assessment, staff included",
    )
    safe_capacity_confirmed_by = WordsField(
        "Safe capacity confirmed by", most=120, required=False, help_text="Who at the venue said so"
    )
    hourly_value = forms.DecimalField(
        label="Value of an hour in pounds",
        min_value=0,
        max_digits=8,
        decimal_places=2,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "number"}),
        help_text="What the hire would cost, for match funding in kind",
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"),
            "Enter an amount like 45 or 45.50",
        ),
    )

    def __init__(self, *args, venue: Venue, space: Space | None = None, **kwargs):
        if space is not None:
            kwargs["initial"] = {
                name: getattr(space, name) for name in self.base_fields if name != "parent"
            } | {"parent": space.parent.slug if space.parent else ""}
        super().__init__(*args, **kwargs)
        offer(self, "parent", venue.spaces.exclude(pk=space.pk if space else 0))


class LayoutForm(PlainForm):
    name = WordsField("Layout", most=60, help_text="For example: theatre, cabaret, standing, exhibition")
    capacity = CountField("People", least=1)
    confirmed_by = WordsField(
        "Confirmed by",
        most=120,
        required=False,
        help_text="Who at the venue said so. Left empty: an estimate",
    )

    def __init__(self, *args, layout: Layout | None = None, **kwargs):
        if layout is not None:
            kwargs["initial"] = {name: getattr(layout, name) for name in self.base_fields}
        super().__init__(*args, **kwargs)


class HoursField(forms.CharField):
    """Text like 09:00 to 12:30, 14:00 to 22:00; its clean value is a list of (opens, closes)."""

    def to_python(self, value):
        text = str(value or "")
        return [self._period(part) for part in text.split(",")] if text.strip() else []

    def validate(self, value) -> None:
        """An empty day is a closed one."""

    def _period(self, part: str) -> tuple[time, time]:
        found = PERIOD.fullmatch(part)
        if not found or found[1] == "24" or (found[3] == "24" and found[4] not in (None, "00")):
            raise forms.ValidationError("Enter times like 09:00 to 17:30, or leave it empty")
        closes = time(int(found[3]) % 24, int(found[4] or 0))
        return time(int(found[1]), int(found[2] or 0)), closes


class HoursForm(PlainForm):
    """One line a weekday: day_0 is Monday."""

    def __init__(self, *args, space: Space, **kwargs):
        lines: dict[str, list[str]] = {}
        for row in space.opening_hours.all():
            lines.setdefault(f"day_{row.weekday}", []).append(
                f"{row.opens_at:%H:%M} to {row.closes_at:%H:%M}"
            )
        kwargs["initial"] = {name: ", ".join(parts) for name, parts in lines.items()}
        super().__init__(*args, **kwargs)
        for number, name in enumerate(WEEKDAYS):
            self.fields[f"day_{number}"] = HoursField(
                label=name,
                required=False,
                max_length=100,
                error_messages={"max_length": "Use 100 characters or fewer"},
            )

    def hours(self) -> dict[int, list[tuple[time, time]]]:
        return {number: self.cleaned_data[f"day_{number}"] for number in range(len(WEEKDAYS))}


class ClosureForm(WhenForm):
    reason = WordsField("Why", most=200, help_text="It appears in calendars: leave people's names out")


class FeedForm(PlainForm):
    label = WordsField("Who uses it", most=80, help_text="For example: front desk calendar")
    space = forms.ModelChoiceField(
        label="Of which space",
        queryset=Space.objects.none(),
        to_field_name="slug",
        required=False,
        empty_label="All of the venue",
        error_messages={"invalid_choice": "Choose a space of this venue"},
    )

    def __init__(self, *args, venue: Venue, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "space", venue.spaces.all())


class DaysForm(PlainForm):
    since = date_field("From")
    until = date_field("Until")
