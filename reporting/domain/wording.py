"""How is a figure said? One presenter turns a report's values into the strings and tables of every face.

It reads the values of a report as they may be shown (exact or public), so a sentence, a chart label or an
alternative text can never say more than the table beside it.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from events.boroughs import POPULATION_YEAR, Borough
from reporting.domain.disclosure import HIDDEN, SMALLEST_BASE
from reporting.domain.words import (
    BAND_WORDS,
    BOROUGH_NAMES,
    DONE,
    EVIDENCE_WORDS,
    FUNNEL_WORDS,
    LADDER_WORDS,
    SCHOOL_TYPE_WORDS,
)


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of strings. finding is the sentence that the numbers say; series the chart's own values."""

    key: str
    finding: str
    caption: str
    columns: list[str]
    rows: list[list[str]]
    note: str = ""
    words: str = ""  # a last column that holds words and no figures
    series: list[tuple[str, int | str]] = field(default_factory=list)

    @property
    def is_wide(self) -> bool:
        """Where there are more figures than headings, the first cell heads its row."""
        return len(self.columns) + len(self.rows) <= len(self.rows) * (len(self.columns) - 1)


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
        tables={table.key: table for table in _tables(values) if table is not None},
        notes=list(values["notes"]),
        facts=_facts(values),
        values=values,
    )


def say(number: Any) -> str:
    """A number as every face shows it; "*" stays, what is withheld is said."""
    if number is None:
        return "not shown"
    if isinstance(number, bool | str):
        return str(number)
    return f"{number:,}"


def say_goal(goal: int | dict) -> str:
    return f"{goal['low']:,} to {goal['high']:,}" if isinstance(goal, dict) else f"{goal:,}"


def say_moment(moment: str) -> str:
    local = timezone.localtime(datetime.fromisoformat(moment))
    return f"{local.day} {local:%B %Y}, {local:%H:%M}"


def say_day(day: str) -> str:
    parsed = date.fromisoformat(day)
    return f"{parsed.day} {parsed:%B %Y}"


def share_of(number: int | str, base: Any) -> str:
    """A share in whole per cent of shown numbers; nothing where either may not be shown."""
    if not isinstance(number, int) or not isinstance(base, int) or base < SMALLEST_BASE:
        return ""
    return f"{round(100 * number / base)} %"


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
        return ""
    return f"Forecast {say(outlook['value'])}, between {say(outlook['low'])} and {say(outlook['high'])}. {outlook['rule']}"


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


def _tables(values: dict) -> list[Table | None]:
    return [
        _editions(values),
        _boroughs(values),
        _bands(values),
        _schools(values),
        _strands(values),
        _convergence(values),
        _ladder(values),
        _funnel(values),
        _arrivals(values),
        _invitations(values),
        _evidence(values),
        _left_out(values),
    ]


def _editions(values: dict) -> Table | None:
    rows = values["editions"]
    if not rows:
        return None
    attended = [row for row in rows if row["people"] != 0]
    if len(attended) > 1 and isinstance(attended[-1]["returning"], int):
        finding = f"{say(attended[-1]['returning'])} people came back to {attended[-1]['title']}"
    elif attended:
        finding = f"{say(attended[0]['people'])} people came to {attended[0]['title']}"
    else:
        finding = "No edition has been attended yet"
    return Table(
        key="editions",
        finding=finding,
        caption="People by edition, new and returning",
        columns=["Edition", "Date", "People", "New", "Returning"],
        rows=[
            [row["title"], say_day(row["date"]), say(row["people"]), say(row["new"]), say(row["returning"])]
            for row in rows
        ],
        series=[(row["title"], row["people"]) for row in rows],
    )


def _boroughs(values: dict) -> Table | None:
    counts = values["by_borough"]
    if not counts:
        return None
    rates = values.get("rate_per_10000") or {}
    columns = ["Home borough", "People", "Share"]
    if rates:
        columns.append(f"Per 10,000 aged 11 to 18 (mid-{POPULATION_YEAR})")
    rows = []
    for name, number in counts.items():
        row = [BOROUGH_NAMES[name], say(number), share_of(number, values["value"])]
        if rates:
            row.append(f"{rates[name]:.1f}" if name in rates else "")
        rows.append(row)
    six = {name: number for name, number in counts.items() if name in BOROUGH_NAMES and name in _SIX}
    return Table(
        key="by_borough",
        finding=_borough_finding(six),
        caption="People by home borough",
        columns=columns,
        rows=rows,
        note="Each person once, by the borough at the first edition they attended.",
        series=[(BOROUGH_NAMES[name], number) for name, number in counts.items()],
    )


_SIX = {borough.value for borough in Borough} - {Borough.ELSEWHERE.value, Borough.NOT_KNOWN.value}


def _borough_finding(six: dict[str, Any]) -> str:
    present = [name for name, number in six.items() if number != 0]
    if not present:
        return "Nobody from the six boroughs yet"
    shown = {name: number for name, number in six.items() if isinstance(number, int) and number}
    if len(present) == 6:
        if shown:
            most = max(shown, key=lambda name: shown[name])
            return f"All six boroughs are here; most come from {BOROUGH_NAMES[most]}"
        return "All six boroughs are here"
    missing = [BOROUGH_NAMES[name] for name in six if name not in present]
    return f"{_listed(missing)} {'is' if len(missing) == 1 else 'are'} not reached yet"


def _bands(values: dict) -> Table | None:
    table = _simple(values, "by_age_band", "Age on the day", BAND_WORDS, "People by age band")
    if table is None:
        return None
    shown = {
        name: number for name, number in values["by_age_band"].items() if isinstance(number, int) and number
    }
    finding = "No ages yet"
    if shown:
        most = max(shown, key=lambda name: shown[name])
        part = share_of(shown[most], values["value"])
        finding = f"{_capital(BAND_WORDS[most])} are the largest group" + (f", {part} of all" if part else "")
    return Table(**_fields(table) | {"finding": finding})


def _simple(values: dict, key: str, what: str, words: dict[str, str], caption: str) -> Table | None:
    counts = values.get(key)
    if not counts:
        return None
    rows = [
        [words.get(name, name), say(number), share_of(number, values["value"])]
        for name, number in counts.items()
    ]
    return Table(
        key=key,
        finding=caption,
        caption=caption,
        columns=[what, "People", "Share"],
        rows=rows,
        series=[(words.get(name, name), number) for name, number in counts.items()],
    )


def _schools(values: dict) -> Table | None:
    table = _simple(values, "by_school_type", "School type", SCHOOL_TYPE_WORDS, "People by school type")
    if table is None:
        return None
    part = share_of(values["by_school_type"]["individual"], values["value"])
    finding = (
        f"{part} came on their own account, the others with a group"
        if part
        else "Who came with a school or club"
    )
    return Table(**_fields(table) | {"finding": finding})


def _strands(values: dict) -> Table | None:
    counts = values.get("by_strand")
    if not counts:
        return None
    shown = {name: number for name, number in counts.items() if isinstance(number, int) and number}
    finding = "Most met strand: " + max(shown, key=lambda name: shown[name]) if shown else "No strand met yet"
    return Table(
        key="by_strand",
        finding=finding,
        caption="People who met each strand; one person can meet several",
        columns=["Strand", "People", "Share"],
        rows=[[name, say(number), share_of(number, values["value"])] for name, number in counts.items()],
        note="Met: took part in a session, or opened the code of a session or stand.",
        series=list(counts.items()),
    )


def _convergence(values: dict) -> Table | None:
    counts = values.get("convergence")
    if not counts:
        return None
    words = {
        "0": "None of the three",
        "1": "One",
        "2": "Two",
        "3": "All of music, film & TV and games",
    }
    finding = f"{say(counts['3'])} people met music, film & TV and games"
    if counts["3"] == 0:
        finding = (
            "Nobody has met all three strands yet"
            if counts["2"] == 0
            else f"{say(counts['2'])} people met two of the three strands"
        )
    return Table(
        key="convergence",
        finding=finding,
        caption="People by how many of music, film & TV and games they met",
        columns=["Strands met", "People", "Share"],
        rows=[
            [words[name], say(number), share_of(number, values["value"])] for name, number in counts.items()
        ],
        series=[(words[name], number) for name, number in counts.items()],
    )


def _ladder(values: dict) -> Table | None:
    rungs = values.get("ladder")
    if not rungs:
        return None
    return Table(
        key="ladder",
        finding="Each rung is counted for itself; rungs are never added",
        caption="The ladder from registered to meaningful encounter",
        columns=["Rung", "Counted", "What it counts"],
        words="What it counts",
        rows=[[LADDER_WORDS[name][0], say(number), LADDER_WORDS[name][1]] for name, number in rungs.items()],
        series=[(LADDER_WORDS[name][0], number) for name, number in rungs.items()],
    )


def _funnel(values: dict) -> Table:
    funnel = values["funnel"]
    over = funnel["came"], funnel["did_not_come"]
    finding = "Nobody was expected yet"
    if all(isinstance(number, int) for number in over) and over[1] and sum(over) >= SMALLEST_BASE:
        finding = f"{round(100 * over[1] / sum(over))} % of those expected did not come"
    elif funnel["registered"] != 0:
        finding = f"{say(funnel['registered'])} tickets, {say(funnel['came'])} came"
    return Table(
        key="funnel",
        finding=finding,
        caption="From registered to came, over all editions",
        columns=["Tickets", "Number"],
        rows=[[FUNNEL_WORDS[name], say(number)] for name, number in funnel.items()],
        note="Not recorded: the edition is not over, or nobody noted it.",
        series=[(FUNNEL_WORDS[name], number) for name, number in funnel.items()],
    )


def _arrivals(values: dict) -> Table | None:
    rows = values["arrivals"]
    if not rows:
        return None
    shown = [row for row in rows if isinstance(row["people"], int)]
    finding = "Arrivals by quarter hour"
    if shown:
        most = max(shown, key=lambda row: row["people"])
        finding = f"The door was busiest from {most['from']}"
    return Table(
        key="arrivals",
        finding=finding,
        caption="First arrivals by quarter hour, over all editions",
        columns=["Hour", "On the hour", "15 past", "30 past", "45 past"],
        rows=_hours(rows),
        series=[(row["from"], row["people"]) for row in rows],
    )


def _hours(rows: list[dict]) -> list[list[str]]:
    """Quarter hours as a row an hour; empty where nothing is told."""
    hours: dict[str, list[str]] = {}
    for row in rows:
        hour, _, minutes = row["from"].partition(":")
        hours.setdefault(hour, [f"{hour}:00", "", "", "", ""])[1 + int(minutes) // 15] = say(row["people"])
    return list(hours.values())


def _invitations(values: dict) -> Table | None:
    steps = values.get("invitations")
    if not steps:
        return None
    words = {
        "longlisted": "On the long list",
        "invited": "Invited, with date and evidence",
        "accepted": "Accepted",
        "declined": "Declined",
        "no_reply": "No reply yet",
        "came": "Came",
        "published": "Published something",
    }
    return Table(
        key="invitations",
        finding=f"{say(steps['invited'])} invited, {say(steps['accepted'])} accepted",
        caption="Influencers, from the long list to what they published",
        columns=["Step", "Influencers"],
        rows=[[words[name], say(number)] for name, number in steps.items()],
        series=[(words[name], number) for name, number in steps.items()],
    )


def _evidence(values: dict) -> Table:
    return Table(
        key="evidence",
        finding="What the figure rests on",
        caption="What was recorded up to the moment stated",
        columns=["Evidence", "Number"],
        rows=[[EVIDENCE_WORDS[name], say(number)] for name, number in values["evidence"].items()],
    )


def _left_out(values: dict) -> Table | None:
    if not values["left_out"]:
        return None
    return Table(
        key="left_out",
        finding="What was left out, and why",
        caption="Left out of the figure",
        columns=["Reason", "Number"],
        rows=[[row["reason"], say(row["number"])] for row in values["left_out"]],
    )


def _capital(text: str) -> str:
    return f"Ages {text}" if text[0].isdigit() else text[0].upper() + text[1:]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _fields(table: Table) -> dict:
    return {name: getattr(table, name) for name in Table.__dataclass_fields__}
