"""How is a table drawn? As small SVG: text as text, patterns as well as colour, the finding as its title.

Geometry is worked out here; the drawings are the templates in templates/reporting/charts. All numbers come
from what the report shows, so a hidden number has a hidden bar: a short hatched stub, whatever it was.
"""

import re
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from people.boroughs import Borough
from reporting.domain.disclosure import HIDDEN, Shown
from reporting.domain.formatting import Table, say
from reporting.domain.goal import Goal
from reporting.domain.labels import BOROUGH_NAMES
from reporting.domain.presenter import Told

STUB = 10  # the length of a bar whose number is hidden


@dataclass(frozen=True)
class Sheet:
    """What a drawing is made for, in its own units. above: a label stands over its bar, not before it."""

    width: int
    bars_from: int
    bars_to: int  # where the longest bar ends
    row: int
    bar: int
    above: bool
    tile: int
    gap: int
    words: int  # letters of a label before it breaks

    def bar_y(self, place: int) -> float:
        return place * self.row + (20 if self.above else (self.row - self.bar) / 2)

    def line_y(self, place: int, lines: list[str]) -> float:
        if self.above:
            return place * self.row + 14
        return place * self.row + self.row / 2 + 6 - 8 * (len(lines) - 1)


WIDE = Sheet(width=640, bars_from=190, bars_to=560, row=38, bar=22, above=False, tile=150, gap=10, words=24)
# For a phone: letters as large as the page's own at 360 pixels.
NARROW = Sheet(width=400, bars_from=1, bars_to=335, row=52, bar=20, above=True, tile=92, gap=8, words=44)
WIDTH = WIDE.width

# Column and row of each borough's tile: Sefton north, Wirral across the river, Halton south.
TILES = {
    Borough.SEFTON.value: (1, 0),
    Borough.WIRRAL.value: (0, 1),
    Borough.LIVERPOOL.value: (1, 1),
    Borough.KNOWSLEY.value: (2, 1),
    Borough.ST_HELENS.value: (3, 1),
    Borough.HALTON.value: (2, 2),
}
# Hatched: an answer, not a place or a result.
HATCHED = {"Elsewhere", "Not known", "Not recorded", "Did not come", "Came on their own account"}


@dataclass(frozen=True)
class Chart:
    """A drawing with its finding, and the table that is its twin."""

    key: str
    finding: str
    svg: SafeString
    table: Table
    narrow: str = ""  # the same for a phone, where it was asked for


def charts_of(told: Told, *, phones: bool = False) -> dict[str, Chart]:
    """A chart for each table that has one, by the table's key.
    phones: with a second drawing for small screens."""
    return {
        key: Chart(
            key,
            table.finding,
            _drawing(told, table, WIDE),
            table,
            _drawing(told, table, NARROW) if phones else "",
        )
        for key, table in told.tables.items()
        if table.series
    }


def _drawing(told: Told, table: Table, sheet: Sheet) -> SafeString:
    if table.key == "arrivals":
        return columns(table, sheet=sheet)
    if table.key == "editions":
        return stacked(told, table, sheet=sheet)
    if table.key == "by_borough":
        return tile_map(told, table, sheet=sheet)
    shapes = told.values.get("strand_shapes") if table.key == "by_strand" else None
    return bars(table, shapes=shapes, sheet=sheet)


def progress(values: dict) -> SafeString:
    """Where we are against the promise, the plan line and the forecast's range."""
    goal = Goal.of(values["goal"])
    outlook = values["forecast"] or {}
    numbers = [goal.low, goal.high, values["value"], values["high"], values["plan"], outlook.get("high")]
    most = max([number for number in numbers if isinstance(number, int)] + [1])

    def at(number) -> float:
        """Where a number stands; 0 for none, which the drawing leaves out."""
        return round(10 + (WIDTH - 20) * number / most, 1) if isinstance(number, int) else 0.0

    value_at = at(values["value"]) or 10.0 + STUB
    low_at = at(values["low"]) if values["low"] != values["value"] else 0.0
    soon, late = at(outlook.get("low")), at(outlook.get("high"))
    context = {
        "key": values["target"],
        "title": f"The figure stands at {say(values['value'])} and {goal} were promised",
        "value_wide": round(value_at - 10, 1),
        "low_at": low_at,
        "range_wide": round(value_at - low_at, 1) if low_at else 0,
        "goal_at": at(goal.low),
        "goal": str(goal),
        "goal_high_at": at(goal.high),
        "goal_anchor": "end" if at(goal.low) > WIDTH / 2 else "start",
        "plan_at": at(values["plan"]),
        "plan": say(values["plan"]),
        "plan_is_clear": at(goal.low) - at(values["plan"]) > 170 and at(values["plan"]) > 50,
        "plan_anchor": "end" if at(values["plan"]) > WIDTH - 90 else "start",
        "forecast_from": soon,
        "forecast_wide": max(8.0, round(late - soon, 1)),
        "forecast": f"{say(outlook.get('low'))} to {say(outlook.get('high'))}",
        "forecast_anchor": "end" if soon > WIDTH / 2 else "start",
        "forecast_text_at": late if soon > WIDTH / 2 else soon,
    }
    return _render("progress", context)


def bars(table: Table, *, shapes: dict[str, str] | None = None, sheet: Sheet = WIDE) -> SafeString:
    """Horizontal bars. shapes: a strand's bar is a wave's blue, a frame of pink, or teal pixels."""
    most = _most(number for _, number in table.series)
    rows = []
    for place, (name, number) in enumerate(table.series):
        wide = _length(number, most, sheet.bars_to - sheet.bars_from)
        lines = _two_lines(name, sheet.words)
        rows.append(
            {
                "y": sheet.bar_y(place),
                "text_y": sheet.bar_y(place) + sheet.bar / 2 + 6,
                "wide": wide,
                "end": sheet.bars_from + wide + 8,
                "figure": say(number),
                "hatched": number == HIDDEN or name in HATCHED,
                "shape": "" if number == HIDDEN else (shapes or {}).get(name, ""),
                "frame_wide": max(0.0, wide - 6),
                "lines": lines,
                "line_y": sheet.line_y(place, lines),
            }
        )
    return _draw("bars", sheet, table, {"rows": rows, "tall": len(rows) * sheet.row + 4})


def columns(table: Table, *, sheet: Sheet = WIDE) -> SafeString:
    """One column a quarter hour; the busiest is labelled."""
    most = _most(number for _, number in table.series)
    step = sheet.width / len(table.series)
    busiest = max((number for _, number in table.series if isinstance(number, int)), default=0)
    every = max(1, round(len(table.series) / (sheet.width / 80)))
    seen = False
    rows = []
    for place, (name, number) in enumerate(table.series):
        tall = _length(number, most, 150)
        label = number == busiest and not seen and busiest > 0
        seen = seen or label
        rows.append(
            {
                "name": name if place % every == 0 and place * step < sheet.width - 36 else "",
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
    return _draw("columns", sheet, table, {"rows": rows})


def stacked(told: Told, table: Table, *, sheet: Sheet = WIDE) -> SafeString:
    """New and returning people, one bar an edition."""
    editions = told.values["editions"]
    most = _most(row["people"] for row in editions)
    rows = []
    for place, row in enumerate(editions):
        wide = _length(row["people"], most, sheet.bars_to - sheet.bars_from)
        parts = row["new"], row["returning"]
        known = all(isinstance(number, int) for number in parts) and isinstance(row["people"], int)
        returning = round(wide * row["returning"] / max(1, sum(parts)), 1) if known else 0
        lines = _two_lines(row["title"], sheet.words)
        rows.append(
            {
                "lines": lines,
                "y": sheet.bar_y(place),
                "line_y": sheet.line_y(place, lines),
                "text_y": sheet.bar_y(place) + sheet.bar / 2 + 6,
                "new_wide": round(wide - returning, 1),
                "returning_x": round(sheet.bars_from + wide - returning, 1),
                "returning_wide": returning,
                "end": sheet.bars_from + wide + 8,
                "figure": say(row["people"]),
                "hatched": row["people"] == HIDDEN,
            }
        )
    tall = len(rows) * sheet.row
    return _draw("stacked", sheet, table, {"rows": rows, "tall": tall + 34, "legend_y": tall + 22})


def tile_map(told: Told, table: Table, *, sheet: Sheet = WIDE) -> SafeString:
    """Six equal tiles where the boroughs lie; each filled from below by its part of the largest."""
    counts = told.values["by_borough"]
    most = _most(counts[name] for name in TILES)
    rates = told.values.get("rate_per_10000") or {}
    side, big = sheet.tile, not sheet.above
    tiles = []
    for name, (column, row) in TILES.items():
        filled = _length(counts[name], most, 44 if big else 22)
        x, y = column * (side + sheet.gap) + 3, row * (side + sheet.gap) + 3
        tiles.append(
            {
                "name": BOROUGH_NAMES[name],
                "figure": say(counts[name]),
                "rate": f"{rates[name]:.1f} per 10,000" if big and name in rates else "",
                "x": x,
                "y": y,
                "text_x": x + (12 if big else 8),
                "name_y": y + (28 if big else 22),
                "figure_y": y + (82 if big else 60),
                "rate_y": y + 102,
                "fill_y": y + side - filled,
                "filled": filled,
                "hatched": counts[name] == HIDDEN,
            }
        )
    tall = 3 * side + 2 * sheet.gap + 6
    return _draw(
        "tiles", sheet, table, {"tiles": tiles, "side": side, "tall": tall, "large": 48 if big else 34}
    )


def _draw(name: str, sheet: Sheet, table: Table, context: dict) -> SafeString:
    context |= {"title": table.finding, "sheet": sheet, "key": table.key + ("-narrow" if sheet.above else "")}
    return _render(name, context)


def _render(name: str, context: dict) -> SafeString:
    return SafeString(
        re.sub(r" *\n *", " ", render_to_string(f"reporting/charts/{name}.svg", context)).strip()
    )


def _most(numbers) -> int:
    return max([number for number in numbers if isinstance(number, int)] + [1])


def _length(number: Shown, most: int, longest: int) -> float:
    if not isinstance(number, int):
        return STUB
    return 0 if number == 0 else max(3.0, round(longest * number / most, 1))


def _two_lines(text: str, most: int) -> list[str]:
    """A label broken at a space near its middle where it would not fit before its bar;
    cut where it is over its bar."""
    if len(text) <= most:
        return [text]
    spaces = [place for place, sign in enumerate(text) if sign == " "]
    if not spaces or most > 30:
        return [text[: most - 1] + "…"]
    cut = min(spaces, key=lambda place: abs(place - len(text) / 2))
    return [line if len(line) <= 26 else line[:25] + "…" for line in (text[:cut], text[cut + 1 :])]
