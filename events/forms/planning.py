"""What is asked about an edition, a session, an exhibitor?"""

from typing import cast

from django import forms
from django.utils.text import slugify

from events.models import Event, Exhibitor, Series, Session, Space, Strand, Venue
from foundation.forms.base import PlainForm
from foundation.forms.fields import CountField, WordsField
from foundation.forms.moments import MomentField


def _choose_one(label: str, queryset, **fields) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        queryset,
        label=label,
        to_field_name="slug",
        error_messages={"required": f"Choose: {label.lower()}", "invalid_choice": "Choose one of the list"},
        **fields,
    )


def _choose_some(label: str, queryset, **fields) -> forms.ModelMultipleChoiceField:
    return forms.ModelMultipleChoiceField(
        queryset,
        label=label,
        to_field_name="slug",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Choose from the list", "invalid_pk_value": "Choose from the list"},
        **fields,
    )


class EventForm(PlainForm):
    """Everything that is planned. keep: fields that are not asked (they are promised to people)."""

    series = _choose_one("Series", Series.objects.all(), empty_label="Choose a series")
    title = WordsField("Title", most=120)
    slug = forms.SlugField(
        label="Address",
        required=False,
        max_length=60,
        help_text=(
            "The last part of its public address, as in /e/showcase-2027/. "
            "Left empty, it is made from the title."
        ),
        error_messages={
            "invalid": "Use letters, digits and hyphens only",
            "max_length": "Use 60 characters or fewer",
        },
    )
    venue = _choose_one("Venue", Venue.objects.all(), required=False, empty_label="Not known yet")
    starts_at = MomentField("Starts")
    ends_at = MomentField("Ends")
    doors_open_at = MomentField(
        "Doors open", required=False, help_text="Left empty: 30 minutes before the start."
    )
    capacity = CountField("Places to register for", required=False)
    summary = WordsField(
        "In one sentence", most=200, required=False, help_text="For lists and search engines."
    )
    description = WordsField("What it is like", most=6000, lines=True, required=False)
    access_notes = WordsField("Access on the day", most=2000, lines=True, required=False)
    strands = _choose_some("Strands", Strand.objects.all())
    min_age = CountField("Youngest age", most=120, required=False)
    max_age = CountField("Oldest age", most=120, required=False)
    guardian_rule = forms.ChoiceField(
        label="Under 16",
        choices=Event.GuardianRule,
        widget=forms.RadioSelect,
        initial=Event.GuardianRule.CONFIRM,
    )
    registration_opens_at = MomentField(
        "Registration opens", required=False, help_text="Left empty: when it is published."
    )
    registration_closes_at = MomentField(
        "Registration closes", required=False, help_text="Left empty: when it ends."
    )
    waiting_list = forms.BooleanField(label="Offer a waiting list when full", required=False, initial=True)
    most_per_school = CountField("Most people of one school or club", least=1, most=10_000, required=False)
    asks_access_needs = forms.BooleanField(
        label="Ask what people need to take part", required=False, initial=True
    )
    asks_photos = forms.BooleanField(label="Ask whether we may take photos", required=False, initial=True)
    asks_news = forms.BooleanField(label="Offer news by e-mail", required=False, initial=True)
    asks_equality = forms.BooleanField(
        label="Offer the equality questions after the ticket", required=False, initial=True
    )
    safe_capacity = CountField(
        "Safe capacity",
        required=False,
        help_text="People inside at one time by the fire risk assessment, staff included.",
    )
    expected_peak = CountField(
        "Expected peak", required=False, help_text="The most people you expect at one time."
    )

    def __init__(self, *args, event: Event | None = None, keep=(), **kwargs):
        if event is not None:
            kwargs["initial"] = {
                name: getattr(event, name)
                for name in self.base_fields
                if name not in {"strands", "series", "venue"}
            } | {
                "series": event.series.slug,
                "venue": event.venue.slug if event.venue else "",
                "strands": [strand.slug for strand in event.strands.all()],
            }
        super().__init__(*args, **kwargs)
        for name in keep:
            del self.fields[name]

    def clean(self):
        answers = super().clean()
        if "slug" in self.fields and not answers.get("slug") and "slug" not in self.errors:
            answers["slug"] = slugify(answers.get("title", ""))[:60]
        for name in ("capacity",):
            if name in self.fields and answers.get(name) is None:
                answers[name] = 0
        return answers


class SessionForm(PlainForm):
    title = WordsField("Title", most=120)
    summary = WordsField("In one or two sentences", most=300, required=False)
    starts_at = MomentField("Starts")
    ends_at = MomentField("Ends")
    space = _choose_one("Space", Space.objects.none(), required=False, empty_label="Not known yet")
    capacity = CountField("Places", least=1, required=False, help_text="Left empty: whoever is in may come.")
    strands = _choose_some("Strands", Strand.objects.all())
    exhibitors = _choose_some("Who runs it", Exhibitor.objects.none())
    purpose_shared = forms.BooleanField(
        label="Its purpose is shared with young people and employers beforehand", required=False
    )
    outcomes_fitted = forms.BooleanField(label="Its outcomes fit the needs of those who come", required=False)
    two_way = forms.BooleanField(label="Young people and employers talk both ways", required=False)
    time_to_reflect = forms.BooleanField(label="There is time to reflect on it", required=False)

    def __init__(self, *args, event: Event, session: Session | None = None, **kwargs):
        if session is not None:
            kwargs["initial"] = {
                name: getattr(session, name)
                for name in self.base_fields
                if name not in {"space", "strands", "exhibitors"}
            } | {
                "space": session.space.slug if session.space else "",
                "strands": [one.slug for one in session.strands.all()],
                "exhibitors": [one.slug for one in session.exhibitors.all()],
            }
        super().__init__(*args, **kwargs)
        spaces, runs = (
            cast(forms.ModelChoiceField, self.fields["space"]),
            cast(forms.ModelChoiceField, self.fields["exhibitors"]),
        )
        spaces.queryset = Space.objects.filter(venue=event.venue) if event.venue_id else Space.objects.all()
        runs.queryset = event.exhibitors.all()


class ExhibitorForm(PlainForm):
    name = WordsField("Name", most=120)
    about = WordsField("What they do", most=2000, lines=True, required=False)
    roles_shown = WordsField(
        "Job roles they show",
        most=300,
        required=False,
        help_text="Separated by commas: sound engineer, runner, level designer.",
    )
    strands = _choose_some("Strands", Strand.objects.all())

    def __init__(self, *args, exhibitor: Exhibitor | None = None, **kwargs):
        if exhibitor is not None:
            kwargs["initial"] = {
                "name": exhibitor.name,
                "about": exhibitor.about,
                "roles_shown": exhibitor.roles_shown,
                "strands": [one.slug for one in exhibitor.strands.all()],
            }
        super().__init__(*args, **kwargs)
