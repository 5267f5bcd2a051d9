"""How is a figure said? One presenter turns a report's values into the strings and tables of every face.

It reads the values of a report as they may be shown (exact or public), so a sentence, a chart label or an
alternative text can never say more than the table beside it.
"""

from dataclasses import dataclass

from reporting.domain.disclosure import ACTS, HIDDEN, STEP
from reporting.domain.formatting import Table, say, say_day, say_moment
from reporting.domain.goal import Goal
from reporting.domain.labels import BAND_WORDS, DONE, FORECAST_RUNGS
from reporting.domain.report_tables import tables_of

NO_FORECAST = (
    "No forecast yet: until an edition of this programme is over, nobody knows which share of those "
    "registered comes."
)


@dataclass(frozen=True, kw_only=True)
class Told:
    """A report in words: what page, PDF, CSV and XLSX show. No person, no number that is not shown."""

    title: str
    about: str
    figure: str
    goal: str
    unit: str
    sentence: str
    as_at: str
    range_sentence: str
    plan_sentence: str
    forecast_sentence: str
    precision: str
    definition: str
    number: int | None
    tables: dict[str, Table]
    notes: list[str]
    facts: list[tuple[str, str]]
    values: dict

    @property
    def lines(self) -> list[str]:
        """Range, plan and forecast, where there is something to say."""
        return [line for line in (self.range_sentence, self.plan_sentence, self.forecast_sentence) if line]


def tell(values: dict) -> Told:
    """A report's values (ReachReport.as_values, or its public form) in words."""
    return Told(
        title=values["title"],
        about=_about(values),
        figure=_figure(values),
        goal=str(Goal.of(values["goal"])),
        unit=DONE[values["rung"]],
        sentence=_sentence(values),
        as_at=say_moment(values["as_at"]),
        range_sentence=_range(values),
        plan_sentence=_plan(values),
        forecast_sentence=_forecast(values),
        precision=values.get("precision", "restricted"),
        definition=values["definition"],
        number=values.get("number"),
        tables={table.key: table for table in tables_of(values) if table is not None},
        notes=list(values["notes"]),
        facts=_facts(values),
        values=values,
    )


def _about(values: dict) -> str:
    """What stands before a rounded headline; nothing where it is exact, hidden or nobody."""
    value, is_rounded = values["value"], values.get("precision") == "public" and values["rung"] not in ACTS
    if not is_rounded or not isinstance(value, int) or value == 0:
        return ""
    return "just under" if value < Goal.of(values["goal"]).low <= value + STEP else "about"


def _figure(values: dict) -> str:
    """The headline's number. One just under its goal stands as the goal, beside the words that say so."""
    return say(Goal.of(values["goal"]).low if _about(values) == "just under" else values["value"])


def _words(values: dict) -> str:
    """The headline's number as a sentence begins with it."""
    text = f"{_about(values)} {_figure(values)}".strip()
    return text[:1].upper() + text[1:]


def _sentence(values: dict) -> str:
    sentence = _headline(values)
    if not values.get("heads"):
        return sentence
    known = f"{_words(values)} known by name" if values["value"] else "Nobody is known by name"
    return f"{sentence} {known}, and {say(values['heads'])} more counted by heads."


def _headline(values: dict) -> str:
    value, goal, done = values["value"], Goal.of(values["goal"]), DONE[values["rung"]]
    day, figure = say_day(values["due_date"]), _words(values)
    if values["is_met"]:
        if goal.high is not None and isinstance(value, int) and value > goal.high:
            return f"{figure} {done}: more than planned, and the promise of {goal} is kept."
        return f"{figure} {done}: the promise of {goal} is kept."
    if value == HIDDEN:
        return f"7 or fewer {done}; {goal} were promised by {day}."
    if value == 0:
        return f"Nobody counts yet; {goal} {done} are promised by {day}."
    if values["high"] >= goal.low:
        return f"Between {say(values['low'])} and {say(values['high'])} of {goal} {done} by {day}."
    if _about(values) == "just under":
        return f"{figure} {done}; {goal} are promised by {day}."
    return f"{figure} of {goal} {done}; {say(goal.low - value)} to go by {day}."


def _range(values: dict) -> str:
    if values["low"] == values["value"]:
        return ""
    return (
        f"Between {say(values['low'])} and {say(values['value'])} known by name: "
        "possible repeats are not settled yet. The upper number is the exact rule."
    )


def _plan(values: dict) -> str:
    plan, value = values["plan"], values["value"]
    if plan is None:
        return ""
    if not isinstance(value, int):
        return f"A straight line to the due date stands at {say(plan)} today."
    if value >= plan:
        return f"On or ahead of plan: a straight line to the due date stands at {say(plan)}."
    return f"Behind plan: a straight line to the due date stands at {say(plan)}, {say(plan - value)} more."


def _forecast(values: dict) -> str:
    outlook = values["forecast"]
    if not outlook:
        waits = values["rung"] in FORECAST_RUNGS and values["funnel"]["not_recorded"] != 0
        return NO_FORECAST if waits and not values["is_met"] else ""
    value, low, high = (say(outlook[key]) for key in ("value", "low", "high"))
    return f"Forecast {value}, between {low} and {high}. {outlook['rule']}"


def _facts(values: dict) -> list[tuple[str, str]]:
    facts = [
        ("As at", say_moment(values["as_at"])),
        ("Promise", f"{Goal.of(values['goal'])} {DONE[values['rung']]} by {say_day(values['due_date'])}"),
        ("Attendances, each admission counted", say(values["attendances"])),
        ("Counted by heads, without names", say(values["heads"])),
        ("Peak at one time", say(values["peak"])),
    ]
    for band, number in values["heads_by_age"].items():
        facts.append((f"Heads, {BAND_WORDS[band]}", say(number)))
    if values["took_part_online"]:
        facts.append(("Took part online, shown apart", say(values["took_part_online"])))
    if values.get("in_kind_pounds") is not None:
        facts.append(("In-kind value of the spaces", f"£{values['in_kind_pounds']:,}"))
    return facts
