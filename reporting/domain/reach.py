"""Did we reach them? One frozen report object, of which page, PDF, CSV, XLSX, JSON and API are faces."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from people.boroughs import REGION, Borough, young_population
from people.domain.age_bands import AGE_BAND_LABELS
from reporting.domain.figures import attendance, tallies
from reporting.domain.figures.attended_rows import MET_EMPLOYER, MET_MEANINGFULLY, Scope, attended, scope_of
from reporting.domain.figures.counting import (
    PEOPLE_RUNGS,
    RULE_VERSION,
    Counted,
    count_people,
    eligible_bands,
    everybody,
    invitation_steps,
    scope_events,
    who_counts,
)
from reporting.domain.figures.distinct_people import SamePeople, pairs_at
from reporting.domain.figures.encounters import meetings_of, strands_met
from reporting.domain.figures.evidence import evidence_of
from reporting.domain.figures.forecast import forecast
from reporting.domain.figures.in_kind import in_kind_value
from reporting.domain.figures.school_figures import by_school_type, group_kinds
from reporting.domain.figures.tallies import Tally
from reporting.domain.goal import Goal
from reporting.domain.labels import FORECAST_RUNGS
from reporting.domain.notes import data_notes, definition_of, left_out
from reporting.models import Target

UNIT: dict[str, str] = {Target.Rung.INVITED: "influencers", Target.Rung.EVENTS_HELD: "editions"}
NOT_KNOWN = "not-known"


@dataclass(frozen=True, kw_only=True)
class ReachReport:
    """Numbers and words, no person.

    value is the exact rule; low takes undecided pairs as one person; high adds heads, who are people counted
    without names. by_borough, by_age_band: number by name, age and borough as at the first edition attended.
    by_edition: people at each edition by its slug, so one person may stand in two; editions tells new from
    returning. share is value over goal, 0 upwards. rate_per_10000: by borough, of people aged 11 to 18.
    ladder: each rung for itself, never added. Who took part online is in no other number. known_here: people
    in value who gave no contact.
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
    by_school_type: dict[str, int]
    by_strand: dict[str, int]
    strand_shapes: dict[str, str]
    convergence: dict[str, int]
    rate_per_10000: dict[str, float]
    editions: list[dict]
    ladder: dict[str, int]
    funnel: dict[str, int]
    arrivals: list[dict]
    peak: int
    heads: int
    known_here: int
    heads_by_age: dict[str, int]
    took_part_online: int
    attendances: int
    invitations: dict[str, int]
    in_kind_pounds: int | None
    evidence: dict[str, int]
    left_out: list[dict]
    notes: list[str] = field(default_factory=list)
    rule_version: str = RULE_VERSION
    digest: str = ""

    def as_values(self) -> dict:
        """Plain values for JSON: the same for every face."""
        return asdict(self) | {"as_at": timezone.localtime(self.as_at).isoformat(), "precision": "restricted"}


@dataclass(frozen=True)
class _Found:
    """What the rows gave, before it is put into words."""

    scope: Scope
    sums: Tally
    registered: dict[tuple[int, str], int]
    same_pairs: list[tuple[int, int]]
    undecided: list[tuple[int, int]]
    counted: Counted


def measure_reach(*, target: Target, as_at: datetime) -> ReachReport:
    """The figure of a target as the system knew it at as_at, with everything that explains it.

    Same as_at and same rows: the same report and digest. The number of queries does not depend on the rows.
    """
    found = _find(target, as_at, scope_of(events=scope_events(target), as_at=as_at))
    scope, counted = found.scope, found.counted
    funnel = attendance.funnel(
        scope, found.sums.kinds, found.registered, not_recorded=attendance.said_not_recorded(scope)
    )
    steps = invitation_steps(target=target, as_at=as_at) if target.rung == Target.Rung.INVITED else {}
    value = _value(target, found, funnel, steps)
    low = counted.low if target.rung in PEOPLE_RUNGS else value
    heads = attendance.heads(scope, found.sums.kinds, found.sums.people.who)
    more = heads.number if target.rung in PEOPLE_RUNGS else 0
    goal = Goal(target.goal, target.goal_high)
    evidence, peak = evidence_of(scope, found.sums.kinds)
    in_kind = in_kind_value(scope)
    people = _of_people(target, found, funnel, heads) if target.rung in PEOPLE_RUNGS else _OF_NOBODY
    report: dict = {
        "target": target.slug,
        "title": target.title,
        "rung": target.rung,
        "definition": definition_of(target),
        "unit": UNIT.get(target.rung, "people"),
        "as_at": as_at,
        "goal": goal.plain,
        "value": value,
        "low": low,
        "high": value + more,
        "share": round(value / target.goal, 4),
        "is_met": goal.is_kept(low),
        "due_date": target.due_date.isoformat(),
        "plan": _plan(target, as_at),
        "forecast": _outlook(target, found, value),
        **people,
        "funnel": funnel,
        "arrivals": attendance.arrivals(scope, found.sums.kinds),
        "peak": peak,
        "heads": more,
        "known_here": 0,  # whoever gives no contact has no person yet, and stands among the heads
        "heads_by_age": {band or NOT_KNOWN: number for band, number in heads.by_age.items()} if more else {},
        "took_part_online": heads.online,
        "attendances": funnel["came"],
        "invitations": steps,
        "in_kind_pounds": in_kind.pounds if in_kind.bookings > in_kind.without_value else None,
        "evidence": evidence
        | {
            "duplicates_removed": found.sums.people.attendances - value if target.rung in PEOPLE_RUNGS else 0,
            "settled_same": counted.joined,
            "possible_repeats": value - low,
        },
        "notes": data_notes(target, counted, value, low, in_kind),
    }
    return ReachReport(**report, digest=_digest(target, found, value, funnel))


_OF_NOBODY: dict = {
    "by_borough": {},
    "by_age_band": {},
    "by_edition": {},
    "by_school_type": {},
    "by_strand": {},
    "strand_shapes": {},
    "convergence": {},
    "rate_per_10000": {},
    "editions": [],
    "ladder": {},
    "left_out": [],
}


def _of_people(target: Target, found: _Found, funnel: dict, heads: attendance.Heads) -> dict:
    """What is told of distinct people alone; _OF_NOBODY has the same keys."""
    scope, counted, sums = found.scope, found.counted, found.sums
    boroughs = _tally(counted.first, 2, Borough.values)
    met = strands_met(sums.strands)
    convergence = (
        {"0": counted.value - sum(met.convergence.values())} | met.convergence if met.convergence else {}
    )
    return {
        "by_borough": boroughs,
        "by_age_band": _bands(counted),
        "by_edition": {event.slug: counted.by_event.get(event.pk, 0) for event in scope.events},
        "by_school_type": by_school_type(sums.schools, people=counted.value),
        "by_strand": met.by_strand,
        "strand_shapes": met.shapes,
        "convergence": convergence,
        "rate_per_10000": _rates(boroughs),
        "editions": _editions(scope, counted),
        "ladder": {"registered": funnel["registered"], "attended": funnel["came"]}
        | {
            "people": len(sums.everybody.first),
            "encounter": len(sums.met[MET_EMPLOYER]),
            "meaningful_encounter": len(sums.met[MET_MEANINGFULLY]),
        },
        "left_out": left_out(target, sums.people.who, sums.kinds, heads),
    }


def _find(target: Target, as_at: datetime, scope: Scope) -> _Found:
    same_pairs, undecided = pairs_at(as_at=as_at)
    same = SamePeople(same_pairs)
    who = who_counts(target)
    meetings = meetings_of(scope)
    sums = tallies.tally(
        attended(scope, met=meetings.steps),
        who=who,
        everybody=everybody(who),
        one_of={person: same.of(person) for pair in same_pairs for person in pair},
        schools=group_kinds(scope),
        strands=meetings.strands,
    )
    return _Found(
        scope=scope,
        sums=sums,
        registered=tallies.registered(scope),
        same_pairs=same_pairs,
        undecided=undecided,
        counted=count_people(sums, same=same, undecided=undecided),
    )


def _digest(target: Target, found: _Found, value: int, funnel: dict) -> str:
    moment = found.scope.as_at.astimezone(UTC).isoformat()
    used = [
        RULE_VERSION,
        target.slug,
        moment,
        found.same_pairs,
        found.undecided,
        value,
        funnel,
        found.sums.digest,
    ]
    return hashlib.sha256(repr(used).encode()).hexdigest()


def _value(target: Target, found: _Found, funnel: dict, steps: dict) -> int:
    if target.rung in PEOPLE_RUNGS:
        return found.counted.value
    if target.rung == Target.Rung.INVITED:
        return steps["invited"]
    if target.rung == Target.Rung.EVENTS_HELD:
        return len(attendance.held(found.scope, found.sums.kinds))
    return funnel["came"] if target.rung == Target.Rung.ATTENDED else funnel["registered"]


def _tally(first: dict[tuple, int], place: int, names: Iterable[str]) -> dict[str, int]:
    """How many of each name, zeros included, in the order of names. place: 1 band, 2 borough."""
    counts: Counter = Counter()
    for key, number in first.items():
        counts[key[place]] += number
    return {str(name): counts.get(name, 0) for name in names}


def _bands(counted: Counted) -> dict[str, int]:
    bands = _tally(counted.first, 1, [*AGE_BAND_LABELS, ""])
    unknown = bands.pop("")
    return bands | ({NOT_KNOWN: unknown} if unknown else {})


def _editions(scope: Scope, counted: Counted) -> list[dict]:
    return [
        {
            "edition": event.slug,
            "title": event.title,
            "date": timezone.localtime(event.starts_at).date().isoformat(),
            "people": counted.by_event.get(event.pk, 0),
            "new": counted.new.get(event.pk, 0),
            "returning": counted.by_event.get(event.pk, 0) - counted.new.get(event.pk, 0),
        }
        for event in scope.events
    ]


def _rates(boroughs: dict[str, int]) -> dict[str, float]:
    if not boroughs:
        return {}
    population = young_population()
    return {name.value: round(boroughs[name.value] / population[name] * 10_000, 1) for name in REGION}


def _outlook(target: Target, found: _Found, value: int) -> dict | None:
    if target.rung not in FORECAST_RUNGS:
        return None
    later = [event.pk for event in found.scope.events if found.counted.by_event.get(event.pk)][1:]
    seen = sum(found.counted.by_event[event] for event in later)
    returning = 1 - sum(found.counted.new.get(event, 0) for event in later) / seen if seen else 0.0
    return forecast(
        found.scope,
        value=value,
        kinds=found.sums.kinds,
        registered=found.registered,
        bands=eligible_bands(target),
        returning=returning,
    )


def _plan(target: Target, as_at: datetime) -> int | None:
    """Where a straight line from the start to the due date stands: goal times the share of time gone."""
    if target.starts_on is None:
        return None
    whole = (target.due_date - target.starts_on) / timedelta(days=1)
    gone = (timezone.localtime(as_at).date() - target.starts_on) / timedelta(days=1)
    return round(target.goal * min(1.0, max(0.0, gone / whole if whole > 0 else 1.0)))
