"""What may the public see of a figure? One rule for every face, chart label and alt text.

1 to 7 is shown as "*"; everything else, totals included, is rounded to the nearest 5 from the exact
value; 0 stays 0; shares are withheld under 25 people (the rule of NHS England for small areas). What
organisers did is no trait of anybody and is exact. Whether a promise is kept is decided by exact figures, and
a rounded figure never crosses its goal.
Over time: a figure about a trait (borough, age, school type, strand, edition) that fewer than 8 people moved
since the last report stands as it was published, so that no two reports tell what one person's traits are.
"""

from typing import Any, Final, Literal, TypeAlias

from people.boroughs import REGION, young_population
from reporting.domain.goal import Goal
from reporting.models import Target

HIDDEN: Final = "*"
Shown: TypeAlias = int | Literal["*"]  # a number of people, or that it may not be shown
LARGEST_HIDDEN = 7  # people
STEP = 5  # people
SMALLEST_BASE = 25  # people: under it no share is shown

# Not about people, or what organisers and stewards did: shown as they are.
OPEN = {"goal", "plan", "rule_version", "in_kind_pounds", "registered"}
OPEN |= {
    "devices",
    "hand_counts",
    "overrides",
    "undone",
    "quarantined",
    "corrections_by_hand",
    "settled_same",
}
OPEN |= {"longlisted", "invited", "accepted", "declined", "no_reply", "published"}
# Their figure counts acts of the organiser, and is exact everywhere.
ACTS = {Target.Rung.INVITED, Target.Rung.EVENTS_HELD, Target.Rung.REGISTERED}
HEADLINE = ("value", "low", "high")
# About a trait of people: they move only when more than LARGEST_HIDDEN people moved them.
TRAITS = ("by_borough", "by_age_band", "by_edition", "by_school_type", "by_strand", "convergence")
STILL_NOTE = (
    "A figure by trait that fewer than 8 people moved since the last report stands as it was published."
)


def public_number(number: int) -> Shown:
    if number == 0:
        return 0
    if number <= LARGEST_HIDDEN:
        return HIDDEN
    return (number + STEP // 2) // STEP * STEP


def beside(number: int, *, goal: int) -> Shown:
    """A public number that never crosses its goal: 498 of 500 is 495, and 502 of 502 is 505."""
    shown = public_number(number)
    if not isinstance(shown, int) or (shown >= goal) == (number >= goal):
        return shown
    return shown - STEP if number < goal else shown + STEP


def public_share(share: float, *, base: int) -> float | None:
    return None if base < SMALLEST_BASE else round(share, 2)


def public_values(values: dict, *, before: dict | None = None) -> dict:
    """The public form of a report's plain values. The exact digest stays inside.

    before: the exact values from which the last published report shows its traits (settled_on of it).
    """
    settled = settled_on(values, before=before)
    public = {key: _public(key, settled[key] if key in TRAITS else value) for key, value in values.items()}
    if before is not None and any(settled[key] != values[key] for key in TRAITS):
        public["notes"] = [*values["notes"], STILL_NOTE]
    public["editions"] = [_public_event(row, public["by_edition"]) for row in values["editions"]]
    goal = Goal.of(values["goal"])
    if values["rung"] in ACTS:
        public |= {key: values[key] for key in (*HEADLINE, "share")}
    else:
        public |= {key: beside(values[key], goal=goal.low) for key in HEADLINE}
        shown = public["value"]
        public["share"] = public_share(shown / goal.low, base=shown) if isinstance(shown, int) else None
    public["rate_per_10000"] = _public_rates(public["by_borough"])
    public["unit"] = values["unit"]
    public["digest"] = ""
    public["precision"] = "public"
    return public


def settled_on(values: dict, *, before: dict | None) -> dict[str, dict[str, int]]:
    """The exact numbers from which traits are shown: the last ones, where fewer than 8 people moved them.

    To be kept beside a published report, as the before of the next one.
    """
    before = before or {}
    return {
        key: {name: _settled(number, before.get(key, {}).get(name)) for name, number in values[key].items()}
        for key in TRAITS
    }


def _settled(number: int, last: int | None) -> int:
    return number if last is None or abs(number - last) > LARGEST_HIDDEN else last


def _public_event(row: dict, by_edition: dict[str, Shown]) -> dict:
    """People as settled; who is new or returning crosses edition and history,
    and is shown only beside enough people."""
    shown = by_edition.get(row["edition"], HIDDEN)
    small = not isinstance(shown, int) or shown < SMALLEST_BASE
    new, returning = (
        HIDDEN if small and row[key] else public_number(row[key]) for key in ("new", "returning")
    )
    return row | {"people": shown, "new": new, "returning": returning}


def _public_rates(by_borough: dict[str, Shown]) -> dict[str, float]:
    """Rates of the numbers as shown, so that no rate says more than its number."""
    population = young_population()
    return {
        borough.value: round(number / population[borough] * 10_000, 1)
        for borough in REGION
        if isinstance(number := by_borough.get(borough.value), int)
    }


def _public(key: str, value: Any) -> Any:
    if key in OPEN or isinstance(value, bool | str) or value is None:
        return value
    if isinstance(value, int):
        return public_number(value)
    if isinstance(value, float):
        return None
    if isinstance(value, dict):
        return {name: _public(name, one) for name, one in value.items()}
    if isinstance(value, list):
        return [_public(key, one) for one in value]
    return value
