"""How is a figure said? One presenter turns a report's values into the strings and tables of every face.

It reads the values of a report as they may be shown (exact or public), so a sentence, a chart label or an
alternative text can never say more than the table beside it.
"""

from dataclasses import dataclass

from reporting.domain.disclosure import HIDDEN
from reporting.domain.formatting import Table, say, say_day, say_goal, say_moment
from reporting.domain.labels import DONE, FORECAST_RUNGS
from reporting.domain.report_tables import tables_of

NO_FORECAST = (
    "No forecast yet: until an edition of this programme is over, nobody knows which share of those "
    "registered comes."
)


@dataclass(frozen=True, kw_only=True)
class Told:
    """A report in words: what page, PDF, CSV and XLSX show. No person, no number that is not shown."""

    title: str
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
        figure=say(values["value"]),
        goal=say_goal(values["goal"]),
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


def _sentence(values: dict) -> str:
    figure, goal = say(values["value"]), say_goal(values["goal"])
    done = DONE[values["rung"]]
    low = values["goal"]["low"] if isinstance(values["goal"], dict) else values["goal"]
    if values["value"] == HIDDEN:
        return f"7 or fewer {done}; {goal} were promised by {say_day(values['due_date'])}."
    if values["value"] == 0:
        return f"Nobody counts yet; {goal} {done} are promised by {say_day(values['due_date'])}."
    if isinstance(values["goal"], dict) and values["value"] > values["goal"]["high"]:
        return f"{figure} {done}: more than the {goal} that were promised."
    if values["value"] >= low:
        return f"{figure} {done}: the promise of {goal} is kept."
    return f"{figure} of {goal} {done}; {say(low - values['value'])} to go by {say_day(values['due_date'])}."


def _range(values: dict) -> str:
    if values["low"] == values["high"]:
        return ""
    return (
        f"Between {say(values['low'])} and {say(values['high'])}: "
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
        ("Promise", f"{say_goal(values['goal'])} {DONE[values['rung']]} by {say_day(values['due_date'])}"),
        ("Attendances, each admission counted", say(values["attendances"])),
        ("Heads counted without names", say(values["heads_without_names"])),
        ("Peak at one time", say(values["peak"])),
    ]
    if values.get("heads", {}).get("online"):
        facts.append(("Took part online, shown apart", say(values["heads"]["online"])))
    if values.get("in_kind_pounds") is not None:
        facts.append(("In-kind value of the spaces", f"£{values['in_kind_pounds']:,}"))
    return facts
