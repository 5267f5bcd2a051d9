"""What was promised? The targets of the action plan, as data."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from events.models import Event, Series
from foundation.refusals import InvalidInput
from people.domain.age_bands import nearest_edges
from reporting.domain import cached_figures
from reporting.models import Target

SOURCE = "Liverpool City Region creative-industries action plan, 2025 to 2028"


def plant_targets(*, showcase: Series, cornerstone: Series) -> None:
    """The four promises, where they are not yet there.

    Definitions stand as not agreed until somebody says so.
    """
    common = {"source": SOURCE, "starts_on": date(2025, 9, 1)}
    Target.objects.get_or_create(
        slug="showcase-reach",
        defaults=common
        | {
            "title": "Young people reached through the CI Skills Showcase",
            "rung": Target.Rung.REACHED,
            "goal": 500,
            "series": showcase,
            "min_age": 11,
            "max_age": 25,
            "due_date": date(2027, 12, 31),
        },
    )
    Target.objects.get_or_create(
        slug="cornerstone-engaged",
        defaults=common
        | {
            "title": "People engaged by the cornerstone event",
            "rung": Target.Rung.ENGAGED,
            "goal": 1000,
            "series": cornerstone,
            "due_date": date(2026, 11, 30),
        },
    )
    Target.objects.get_or_create(
        slug="influencers-invited",
        defaults=common
        | {
            "title": "Key international influencers invited",
            "rung": Target.Rung.INVITED,
            "goal": 5,
            "goal_high": 10,
            "series": cornerstone,
            "due_date": date(2026, 11, 30),
        },
    )
    Target.objects.get_or_create(
        slug="showcase-editions",
        defaults=common
        | {
            "title": "Editions of the CI Skills Showcase held",
            "rung": Target.Rung.EVENTS_HELD,
            "goal": 2,
            "series": showcase,
            "due_date": date(2027, 12, 31),
        },
    )


def promise(*, target: Target | None, series: Series | None, event: Event | None, **fields: Any) -> Target:
    """Note a promise, or change one; what is published stays as it was, and verify_figures names the change.

    :raises InvalidInput: fields says why
    """
    faults: dict[str, list[str]] = {}
    if (series is None) == (event is None):
        faults["scope"] = ["Choose a series or an edition"]
    if fields["goal_high"] is not None and fields["goal_high"] < fields["goal"]:
        faults["goal_high"] = ["Enter a number that is not below the promised one"]
    if None not in (fields["min_age"], fields["max_age"]) and fields["max_age"] < fields["min_age"]:
        faults["max_age"] = ["Enter an age that is not below the youngest"]
    for name, youngest in (("min_age", True), ("max_age", False)):
        age = fields[name]
        nearest = [] if age is None else nearest_edges(age, youngest=youngest)
        if age is not None and age not in nearest:
            offered = " or ".join(map(str, nearest))
            faults.setdefault(name, [f"Ages are kept in bands: enter {offered}, or leave it empty"])
    if fields["starts_on"] and fields["starts_on"] >= fields["due_date"]:
        faults["starts_on"] = ["Choose a day before the due date"]
    if fields["agreed_on"] and not fields["agreed_by"]:
        faults["agreed_by"] = ["Say who agreed"]
    if faults:
        raise InvalidInput("Check what you entered.", fields=faults)
    with transaction.atomic():
        row = (
            Target.objects.select_for_update().get(pk=target.pk)
            if target
            else Target(slug=_free_slug(fields["title"]))
        )
        row.series, row.event = series, event
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()
        cached_figures.forget(target=row)
    return row


def _free_slug(title: str) -> str:
    base = slugify(title)[:50].strip("-") or "target"
    taken = set(Target.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(
        slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken
    )
