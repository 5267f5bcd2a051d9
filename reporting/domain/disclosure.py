"""What may the public see of a figure? One rule for every face, chart label and alt text.

1 to 7 is shown as "*"; everything else, totals included, is rounded to the nearest 5 from the exact
value; 0 stays 0; shares are withheld under 25 people (reach.md; the rule of NHS England for small areas).
"""

from typing import Any

from events.boroughs import REGION, young_population

HIDDEN = "*"
LARGEST_HIDDEN = 7  # people
STEP = 5  # people
SMALLEST_BASE = 25  # people: under it no share is shown

# Not about people: shown as they are.
OPEN = {"goal", "plan", "rule_version", "devices", "in_kind_pounds"}


def public_number(number: int) -> int | str:
    if number == 0:
        return 0
    if number <= LARGEST_HIDDEN:
        return HIDDEN
    return (number + STEP // 2) // STEP * STEP


def public_share(share: float, *, base: int) -> float | None:
    return None if base < SMALLEST_BASE else round(share, 2)


def public_values(values: dict) -> dict:
    """The public form of a report's plain values. The exact digest and rates stay inside."""
    public = {key: _public(key, value) for key, value in values.items()}
    shown = public["value"]
    goal = values["goal"]
    low_goal = goal["low"] if isinstance(goal, dict) else goal
    public["share"] = public_share(shown / low_goal, base=shown) if isinstance(shown, int) else None
    public["rate_per_10000"] = _public_rates(public["by_borough"])
    public["unit"] = values["unit"]
    public["digest"] = ""
    public["precision"] = "public"
    return public


def _public_rates(by_borough: dict) -> dict[str, float]:
    """Rates of the numbers as shown, so that no rate says more than its number."""
    population = young_population()
    return {
        borough.value: round(by_borough[borough.value] / population[borough] * 10_000, 1)
        for borough in REGION
        if isinstance(by_borough.get(borough.value), int)
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
