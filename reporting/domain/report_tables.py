"""Which tables does a report show, and what does each of them find?

Strings, from the values that may be shown.
"""

from collections.abc import Iterable

from people.boroughs import POPULATION_YEAR, Borough
from reporting.domain.disclosure import SMALLEST_BASE, Shown
from reporting.domain.formatting import Table, say, say_day, share_of
from reporting.domain.labels import (
    BAND_WORDS,
    BOROUGH_NAMES,
    EVIDENCE_WORDS,
    FUNNEL_WORDS,
    LADDER_WORDS,
    SCHOOL_TYPE_WORDS,
)


def tables_of(values: dict) -> list[Table | None]:
    """In the order of the report; None where there is nothing to show."""
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
    counts = _ordered(values["by_borough"], BOROUGH_NAMES)
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


def _borough_finding(six: dict[str, Shown]) -> str:
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
    counts = _ordered(values.get(key) or {}, words)
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
    shapes = values.get("strand_shapes") or {}
    first = [name for shape in ("wave", "frame", "pixel") for name, its in shapes.items() if its == shape]
    counts = _ordered(values.get("by_strand") or {}, first)
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
    counts = _ordered(counts, words)
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
    rungs = _ordered(values.get("ladder") or {}, LADDER_WORDS)
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
    funnel = _ordered(values["funnel"], FUNNEL_WORDS)
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
        rows=[[words[name], say(number)] for name, number in _ordered(steps, words).items()],
        series=[(words[name], number) for name, number in _ordered(steps, words).items()],
    )


def _evidence(values: dict) -> Table:
    return Table(
        key="evidence",
        finding="What the figure rests on",
        caption="What was recorded up to the moment stated",
        columns=["Evidence", "Number"],
        rows=[
            [EVIDENCE_WORDS[name], say(number)]
            for name, number in _ordered(values["evidence"], EVIDENCE_WORDS).items()
        ],
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
    if text.isdigit():
        return f"People aged {text}"
    return f"Ages {text}" if text[0].isdigit() else text[0].upper() + text[1:]


def _ordered(counts: dict, names: Iterable[str]) -> dict:
    """In the order of names, then by the alphabet:
    a database may hand a stored report back in another order."""
    known = [name for name in names if name in counts]
    return {name: counts[name] for name in [*known, *sorted(set(counts) - set(known))]}


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _fields(table: Table) -> dict:
    return {name: getattr(table, name) for name in Table.__dataclass_fields__}
