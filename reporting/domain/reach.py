"""Did we reach them? One frozen report object, of which page, PDF, CSV, JSON and API are faces."""

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta

from django.utils import timezone

from events.boroughs import POPULATION_YEAR, REGION, Borough, young_population
from events.models import Event
from reporting.domain.counting import (
    DEFINITIONS,
    RULE_VERSION,
    Attended,
    attended_tickets,
    eligible_bands,
    invitations,
    registered_tickets,
    scope_events,
)
from reporting.domain.evidence import arrivals_by_quarter, evidence_of, peak_at_one_time
from reporting.domain.forecast import Forecast, forecast
from reporting.domain.people import SamePeople, lowest_number, pairs_at
from reporting.models import Target
from tickets.domain.people import AGE_BAND_LABELS

PEOPLE_RUNGS = {
    Target.Rung.REACHED,
    Target.Rung.ENGAGED,
    Target.Rung.ENCOUNTER,
    Target.Rung.MEANINGFUL_ENCOUNTER,
}
UNIT = {Target.Rung.INVITED: "influencers", Target.Rung.EDITIONS_HELD: "editions"}


@dataclass(frozen=True, kw_only=True)
class ReachReport:
    """Numbers and words, no person. value = high is the exact rule; low takes undecided pairs as one person.

    by_borough, by_age_band: number by name, age and borough as at the first edition attended. by_edition: people
    at each edition by its slug, so one person may stand in two; editions tells new from returning.
    share is value over goal, 0 upwards. rate_per_10000: by borough, of people aged 11 to 18.
    """

    target: str
    title: str
    rung: str
    definition: str
    unit: str
    as_at: datetime
    goal: int | dict
    value: int
    low: int
    high: int
    share: float
    is_met: bool
    due_date: str
    plan: int | None
    forecast: dict | None
    by_borough: dict[str, int]
    by_age_band: dict[str, int]
    by_edition: dict[str, int]
    rate_per_10000: dict[str, float]
    editions: list[dict]
    funnel: dict[str, int]
    arrivals: list[dict]
    peak: int
    heads_without_names: int
    attendances: int
    evidence: dict[str, int]
    left_out: list[dict]
    notes: list[str] = field(default_factory=list)
    rule_version: str = RULE_VERSION
    digest: str = ""

    def as_values(self) -> dict:
        """Plain values for JSON: the same for every face."""
        return asdict(self) | {"as_at": timezone.localtime(self.as_at).isoformat()}


def measure_reach(*, target: Target, as_at: datetime) -> ReachReport:
    """The figure of a target as the system knew it at as_at, with everything that explains it.

    Same as_at and same rows: the same report and digest. The number of queries does not depend on the rows.
    """
    events = scope_events(target)
    attended = attended_tickets(events=events, as_at=as_at)
    registered = list(
        registered_tickets(events=events, as_at=as_at).values_list("event_id", "age_band").order_by("pk")
    )
    same_pairs, undecided = pairs_at(as_at=as_at)
    same = SamePeople(same_pairs)
    bands = set(eligible_bands(target))
    counted = [one for one in attended if one.person_id is not None and _counts(one, target, bands)]
    first = _first_attendance(counted, events, same)
    value, low = _value(target, events, attended, first, same, undecided, as_at)
    held = [event for event in events if event.ends_at <= as_at]
    goal = target.goal if target.goal_high is None else {"low": target.goal, "high": target.goal_high}
    by_edition, editions = _editions(counted, events, same)
    outlook = forecast(
        target=target,
        value=value,
        as_at=as_at,
        events=events,
        registered=registered,
        attended=attended,
        bands=bands,
    )
    boroughs = _tally((one.borough for one in first.values()), Borough.values) if _is_people(target) else {}
    return ReachReport(
        target=target.slug,
        title=target.title,
        rung=target.rung,
        definition=_definition(target),
        unit=UNIT.get(target.rung, "people"),
        as_at=as_at,
        goal=goal,
        value=value,
        low=low,
        high=value,
        share=round(value / target.goal, 4),
        is_met=value >= target.goal and (target.goal_high is None or value <= target.goal_high),
        due_date=target.due_date.isoformat(),
        plan=_plan(target, as_at),
        forecast=_outlook_values(outlook),
        by_borough=boroughs,
        by_age_band=_tally((one.age_band for one in first.values()), AGE_BAND_LABELS)
        if _is_people(target)
        else {},
        by_edition=by_edition if _is_people(target) else {},
        rate_per_10000=_rates(boroughs),
        editions=editions if _is_people(target) else [],
        funnel=_funnel(registered, attended, held),
        arrivals=arrivals_by_quarter(events=events, as_at=as_at),
        peak=peak_at_one_time(events=events, as_at=as_at),
        heads_without_names=sum(one.person_id is None for one in attended),
        attendances=len(attended),
        evidence=evidence_of(events=events, as_at=as_at),
        left_out=_left_out(target, attended, bands),
        notes=_notes(target, first, low, value),
        digest=_digest(target, as_at, attended, same_pairs, undecided, value),
    )


def _is_people(target: Target) -> bool:
    return target.rung in PEOPLE_RUNGS


def _counts(one: Attended, target: Target, bands: set[str]) -> bool:
    if target.rung == Target.Rung.ENCOUNTER and not one.in_session:
        return False
    if target.rung == Target.Rung.MEANINGFUL_ENCOUNTER and not one.in_meaningful_session:
        return False
    if target.residence == Target.Residence.REGION and one.borough not in REGION:
        return False
    if target.rung == Target.Rung.REACHED and one.is_adult_of_group:
        return False
    return one.age_band in bands


def _first_attendance(counted: list[Attended], events: list[Event], same: SamePeople) -> dict[int, Attended]:
    """The first edition that each person attended."""
    order = {event.pk: place for place, event in enumerate(events)}
    first: dict[int, Attended] = {}
    for one in sorted(counted, key=lambda one: (order[one.event_id], one.ticket_id)):
        first.setdefault(same.of(one.person_id), one)
    return first


def _value(target, events, attended, first, same, undecided, as_at) -> tuple[int, int]:
    """(the exact figure, the lowest it can be)."""
    if _is_people(target):
        return len(first), lowest_number(set(first), same, undecided)
    if target.rung == Target.Rung.INVITED:
        number = invitations(target=target, as_at=as_at).count()
    elif target.rung == Target.Rung.EDITIONS_HELD:
        with_people = {one.event_id for one in attended}
        number = sum(event.ends_at <= as_at and event.pk in with_people for event in events)
    elif target.rung == Target.Rung.ATTENDED:
        number = len(attended)
    else:
        number = registered_tickets(events=events, as_at=as_at).count()
    return number, number


def _editions(counted: list[Attended], events: list[Event], same: SamePeople) -> tuple[dict, list[dict]]:
    people: dict[int, set[int]] = defaultdict(set)
    for one in counted:
        people[one.event_id].add(same.of(one.person_id))
    seen: set[int] = set()
    by_edition, editions = {}, []
    for event in events:
        here = people[event.pk]
        by_edition[event.slug] = len(here)
        new = len(here - seen)
        editions.append(
            {
                "edition": event.slug,
                "title": event.title,
                "date": timezone.localtime(event.starts_at).date().isoformat(),
                "people": len(here),
                "new": new,
                "returning": len(here) - new,
            }
        )
        seen |= here
    return by_edition, editions


def _tally(values, names) -> dict[str, int]:
    """How many of each name, zeros included, in the order of names."""
    counts = Counter(values)
    return {str(name): counts.get(name, 0) for name in names}


def _rates(boroughs: dict[str, int]) -> dict[str, float]:
    if not boroughs:
        return {}
    population = young_population()
    return {name.value: round(boroughs[name.value] / population[name] * 10_000, 1) for name in REGION}


def _funnel(registered, attended: list[Attended], held: list[Event]) -> dict[str, int]:
    """Attendance has three values: came, did not come, not recorded (the edition is not over)."""
    over = {event.pk for event in held}
    came = Counter(one.event_id for one in attended)
    expected = Counter(event_id for event_id, _ in registered)
    did_not = sum(max(0, expected[event] - came[event]) for event in over)
    return {
        "registered": len(registered),
        "came": len(attended),
        "did_not_come": did_not,
        "not_recorded": max(0, len(registered) - did_not - sum(min(came[e], expected[e]) for e in expected)),
    }


def _left_out(target: Target, attended: list[Attended], bands: set[str]) -> list[dict]:
    if not _is_people(target):
        return []
    named = [one for one in attended if one.person_id is not None]
    outside_age = sum(one.age_band not in bands for one in named)
    left_out = [
        {"reason": "Attendances of people outside the ages that count", "number": outside_age},
        {
            "reason": "Heads counted without names, shown on their own line",
            "number": len(attended) - len(named),
        },
    ]
    if target.residence == Target.Residence.REGION:
        elsewhere = sum(one.borough not in REGION for one in named)
        left_out.append({"reason": "Attendances of people who live outside the region", "number": elsewhere})
    return left_out


def _notes(target: Target, first: dict, low: int, value: int) -> list[str]:
    notes = [
        "Borough and age band are taken as they stand now; attendance is taken as it was known at the time stated.",
        f"Rates are per 10,000 people aged 11 to 18, ONS mid-{POPULATION_YEAR} estimates.",
    ]
    if not target.agreed_by:
        notes.append("The definition has not been agreed with the board yet.")
    if low < value:
        notes.append(f"{value - low} possible repeats are not settled yet, so the figure is a range.")
    unknown = sum(one.borough == Borough.NOT_KNOWN for one in first.values())
    if unknown:
        notes.append("Some people were not sure of their borough; they stand as not known.")
    return notes if _is_people(target) else notes[2:]


def _definition(target: Target) -> str:
    words = DEFINITIONS[target.rung]
    if _is_people(target) and (target.min_age is not None or target.max_age is not None):
        words += f" Ages {target.min_age or 0} to {target.max_age if target.max_age is not None else 'any'} on the day."
    if _is_people(target):
        words += f" {target.get_residence_display()}."
    return words


def _plan(target: Target, as_at: datetime) -> int | None:
    """Where a straight line from the start to the due date stands: goal times the share of time gone."""
    if target.starts_on is None:
        return None
    whole = (target.due_date - target.starts_on) / timedelta(days=1)
    gone = (timezone.localtime(as_at).date() - target.starts_on) / timedelta(days=1)
    return round(target.goal * min(1.0, max(0.0, gone / whole if whole else 1.0)))


def _outlook_values(outlook: Forecast | None) -> dict | None:
    return asdict(outlook) if outlook else None


def _digest(target: Target, as_at: datetime, attended, same_pairs, undecided, value: int) -> str:
    """SHA-256 over the rows used, as far as erasure keeps them, and the rule's version."""
    rows = [
        (one.ticket_id, one.person_id, one.event_id, one.age_band, one.borough, one.is_adult_of_group)
        for one in attended
    ]
    used = [RULE_VERSION, target.slug, as_at.isoformat(), rows, same_pairs, undecided, value]
    return hashlib.sha256(json.dumps(used, separators=(",", ":")).encode()).hexdigest()
