"""How is a table drawn? As small SVG: text as text, patterns as well as colour, the finding as its title.

Geometry is worked out here; the drawings are the templates in templates/reporting/charts. All numbers come
from what the report shows, so a hidden number has a hidden bar: a short hatched stub, whatever it was.
"""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from events.boroughs import Borough
from reporting.domain.disclosure import HIDDEN
from reporting.domain.saying import Table, say
from reporting.domain.wording import Told
from reporting.domain.words import BOROUGH_NAMES

WIDTH = 640  # of every drawing, in its own units
LABELS = 190  # where bars begin
BAR_END = 560  # where the longest bar ends
ROW = 38
BAR = 22
STUB = 10  # the length of a bar whose number is hidden

# Column and row of each borough's tile: Sefton north, Wirral across the river, Halton south.
TILES = {
    Borough.SEFTON.value: (1, 0),
    Borough.WIRRAL.value: (0, 1),
    Borough.LIVERPOOL.value: (1, 1),
    Borough.KNOWSLEY.value: (2, 1),
    Borough.ST_HELENS.value: (3, 1),
    Borough.HALTON.value: (2, 2),
}
TILE = 150
GAP = 10
# Hatched: an answer, not a place or a result.
HATCHED = {"Elsewhere", "Not known", "Not recorded", "Did not come", "Came on their own account"}


@dataclass(frozen=True)
class Chart:
    """A drawing with its finding, and the table that is its twin."""

    key: str
    finding: str
    svg: SafeString
    table: Table


def charts_of(told: Told) -> dict[str, Chart]:
    """A chart for each table that has one, by the table's key."""
    drawn: dict[str, Chart] = {}
    for key, table in told.tables.items():
        if not table.series:
            continue
        if key == "arrivals":
            svg = columns(table)
        elif key == "editions":
            svg = stacked(told, table)
        elif key == "by_borough":
            svg = tile_map(told, table)
        else:
            svg = bars(table, shapes=told.values.get("strand_shapes") if key == "by_strand" else None)
        drawn[key] = Chart(key, table.finding, svg, table)
    return drawn


def progress(values: dict) -> SafeString:
    """Where we are against the promise, the plan line and the forecast's range."""
    goal = values["goal"]["low"] if isinstance(values["goal"], dict) else values["goal"]
    outlook = values["forecast"] or {}
    numbers = [goal, values["value"], values["high"], values["plan"], outlook.get("high")]
    most = max([number for number in numbers if isinstance(number, int)] + [1])

    def at(number) -> float:
        """Where a number stands; 0 for none, which the drawing leaves out."""
        return round(10 + (WIDTH - 20) * number / most, 1) if isinstance(number, int) else 0.0

    value_at = at(values["value"]) or 10.0 + STUB
    low_at = at(values["low"]) if values["low"] != values["high"] else 0.0
    soon, late = at(outlook.get("low")), at(outlook.get("high"))
    context = {
        "key": values["target"],
        "title": f"The figure stands at {say(values['value'])} and {say(goal)} were promised",
        "value_wide": round(value_at - 10, 1),
        "low_at": low_at,
        "range_wide": round(value_at - low_at, 1) if low_at else 0,
        "goal_at": at(goal),
        "goal": say(goal),
        "goal_anchor": "end" if at(goal) > WIDTH / 2 else "start",
        "plan_at": at(values["plan"]),
        "plan": say(values["plan"]),
        "plan_is_clear": at(goal) - at(values["plan"]) > 170 and at(values["plan"]) > 50,
        "plan_anchor": "end" if at(values["plan"]) > WIDTH - 90 else "start",
        "forecast_from": soon,
        "forecast_wide": max(8.0, round(late - soon, 1)),
        "forecast": f"{say(outlook.get('low'))} to {say(outlook.get('high'))}",
        "forecast_anchor": "end" if soon > WIDTH / 2 else "start",
        "forecast_text_at": late if soon > WIDTH / 2 else soon,
    }
    return _draw("progress", context)


def bars(table: Table, *, shapes: dict[str, str] | None = None) -> SafeString:
    """Horizontal bars. shapes: a strand's bar is a wave's blue, a frame of pink, or teal pixels."""
    most = _most(number for _, number in table.series)
    rows = [
        {
            "name": name,
            "y": place * ROW + (ROW - BAR) / 2,
            "text_y": place * ROW + ROW / 2 + 6,
            "wide": _length(number, most, BAR_END - LABELS),
            "end": LABELS + _length(number, most, BAR_END - LABELS) + 8,
            "figure": say(number),
            "hatched": number == HIDDEN or name in HATCHED,
            "shape": "" if number == HIDDEN else (shapes or {}).get(name, ""),
            "frame_wide": max(0.0, _length(number, most, BAR_END - LABELS) - 6),
            "lines": _two_lines(name),
            "line_y": place * ROW + ROW / 2 + 6 - 8 * (len(_two_lines(name)) - 1),
        }
        for place, (name, number) in enumerate(table.series)
    ]
    return _draw(
        "bars", {"title": table.finding, "rows": rows, "tall": len(rows) * ROW + 4, "key": table.key}
    )


def columns(table: Table) -> SafeString:
    """One column a quarter hour; the busiest is labelled."""
    most = _most(number for _, number in table.series)
    step = WIDTH / len(table.series)
    busiest = max((number for _, number in table.series if isinstance(number, int)), default=0)
    every = max(1, round(len(table.series) / 8))
    seen = False
    rows = []
    for place, (name, number) in enumerate(table.series):
        tall = _length(number, most, 150)
        label = number == busiest and not seen and busiest > 0
        seen = seen or label
        rows.append(
            {
                "name": name if place % every == 0 else "",
                "x": round(place * step + step * 0.1, 1),
                "wide": round(step * 0.8, 1),
                "middle": round(place * step + step / 2, 1),
                "y": 180 - tall,
                "tall": tall,
                "figure": say(number) if label else "",
                "label_y": 174 - tall,
                "hatched": number == HIDDEN,
            }
        )
    return _draw("columns", {"title": table.finding, "rows": rows, "key": table.key})


def stacked(told: Told, table: Table) -> SafeString:
    """New and returning people, one bar an edition."""
    editions = told.values["editions"]
    most = _most(row["people"] for row in editions)
    rows = []
    for place, row in enumerate(editions):
        wide = _length(row["people"], most, BAR_END - LABELS)
        parts = row["new"], row["returning"]
        known = all(isinstance(number, int) for number in parts) and isinstance(row["people"], int)
        returning = round(wide * row["returning"] / max(1, sum(parts)), 1) if known else 0
        rows.append(
            {
                "lines": _two_lines(row["title"]),
                "y": place * 46 + 8,
                "line_y": place * 46 + 26 - 8 * (len(_two_lines(row["title"])) - 1),
                "text_y": place * 46 + 26,
                "new_wide": round(wide - returning, 1),
                "returning_x": round(LABELS + wide - returning, 1),
                "returning_wide": returning,
                "end": LABELS + wide + 8,
                "figure": say(row["people"]),
                "hatched": row["people"] == HIDDEN,
            }
        )
    return _draw(
        "stacked",
        {"title": table.finding, "rows": rows, "tall": len(rows) * 46 + 40, "legend_y": len(rows) * 46 + 26},
    )


def tile_map(told: Told, table: Table) -> SafeString:
    """Six equal tiles where the boroughs lie; each filled from below by its part of the largest."""
    counts = told.values["by_borough"]
    most = _most(counts[name] for name in TILES)
    rates = told.values.get("rate_per_10000") or {}
    tiles = []
    for name, (column, row) in TILES.items():
        filled = _length(counts[name], most, 44)
        x, y = column * (TILE + GAP) + 5, row * (TILE + GAP) + 5
        tiles.append(
            {
                "name": BOROUGH_NAMES[name],
                "figure": say(counts[name]),
                "rate": f"{rates[name]:.1f} per 10,000" if name in rates else "",
                "x": x,
                "y": y,
                "text_x": x + 12,
                "name_y": y + 28,
                "figure_y": y + 82,
                "rate_y": y + 102,
                "fill_y": y + TILE - filled,
                "filled": filled,
                "hatched": counts[name] == HIDDEN,
            }
        )
    return _draw("tiles", {"title": table.finding, "tiles": tiles, "side": TILE})


def _draw(name: str, context: dict) -> SafeString:
    return SafeString(render_to_string(f"reporting/charts/{name}.svg", context).replace("\n", ""))


def _most(numbers) -> int:
    return max([number for number in numbers if isinstance(number, int)] + [1])


def _length(number: int | str, most: int, longest: int) -> float:
    if not isinstance(number, int):
        return STUB
    return 0 if number == 0 else max(3.0, round(longest * number / most, 1))


def _two_lines(text: str) -> list[str]:
    """A label broken at a space near its middle where it would not fit before its bar."""
    if len(text) <= 24:
        return [text]
    spaces = [place for place, sign in enumerate(text) if sign == " "]
    if not spaces:
        return [text[:23] + "…"]
    cut = min(spaces, key=lambda place: abs(place - len(text) / 2))
    return [line if len(line) <= 26 else line[:25] + "…" for line in (text[:cut], text[cut + 1 :])]
