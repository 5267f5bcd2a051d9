"""How is a figure explained? What it counts, what was left out and why, and what to know of the data."""

from collections import Counter

from people.boroughs import POPULATION_YEAR, REGION, Borough
from reporting.domain.figures.attendance import Heads
from reporting.domain.figures.attended_rows import Who
from reporting.domain.figures.counting import DEFINITIONS, PEOPLE_RUNGS, Counted
from reporting.domain.figures.in_kind import InKind
from reporting.domain.figures.tallies import TicketKind
from reporting.models import Target


def left_out(target: Target, who: Who, kinds: Counter[TicketKind], heads: Heads) -> list[dict]:
    """Reasons with the number of attendances that are in no figure of people, zeros included."""
    named = Counter({kind: number for kind, number in kinds.items() if kind.has_person})
    adults, rest = 0, named
    if who.young_only:
        rest = Counter({kind: number for kind, number in named.items() if not kind.is_adult_of_group})
        adults = named.total() - rest.total()
    counted = sum(rest[kind] for kind in rest if kind.age_band in who.bands)
    unknown = sum(rest[kind] for kind in rest if kind.age_band == "" and "" not in who.bands)
    outside = rest.total() - counted - unknown
    reasons = [
        {"reason": "Attendances of people outside the ages that count", "number": outside},
        {"reason": "Attendances of people whose age is not known", "number": unknown},
        {"reason": "Attendances of adults who came with a group", "number": adults},
        {
            "reason": "Tickets that attended without a name, shown on their own line",
            "number": heads.on_tickets,
        },
        {"reason": "Heads counted by hand, shown on their own line", "number": heads.by_hand},
    ]
    if target.residence == Target.Residence.REGION:
        elsewhere = sum(number for kind, number in rest.items() if kind.borough not in REGION)
        reasons.append({"reason": "Attendances of people who live outside the region", "number": elsewhere})
    return reasons


def data_notes(target: Target, counted: Counted, value: int, low: int, in_kind: InKind) -> list[str]:
    """What a reader has to know of the data before quoting the figure."""
    notes = []
    if target.rung in PEOPLE_RUNGS:
        notes += [
            "Borough, age band and the names given to tickets are taken as they stand now; "
            "attendance is taken as it "
            "was known at the time stated.",
            f"Rates are per 10,000 people aged 11 to 18, ONS mid-{POPULATION_YEAR} estimates.",
        ]
        if low < value:
            notes.append("Possible repeats are not settled yet, so the figure is a range.")
        if any(borough == Borough.NOT_KNOWN for _, _, borough in counted.first):
            notes.append("Some people were not sure of their borough; they stand as not known.")
    if not target.agreed_by:
        notes.append("The definition has not been agreed with the board yet.")
    else:
        agreed = f" on {target.agreed_on.isoformat()}" if target.agreed_on else ""
        notes.append(f"The definition was agreed by {target.agreed_by}{agreed}.")
    if in_kind.without_value:
        notes.append("Some booked spaces have no hourly value yet; the in-kind value leaves them out.")
    return notes


def definition_of(target: Target) -> str:
    """The printed definition: the rung's, with the ages and homes that the promise counts."""
    words = DEFINITIONS[Target.Rung(target.rung)]
    if target.rung in PEOPLE_RUNGS:
        if target.min_age is not None and target.max_age is not None:
            words += f" Ages {target.min_age} to {target.max_age} on the day."
        elif target.min_age is not None:
            words += f" Ages {target.min_age} and over on the day."
        elif target.max_age is not None:
            words += f" Ages up to {target.max_age} on the day."
        words += f" {target.get_residence_display()}."
    return words
