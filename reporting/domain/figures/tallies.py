"""What is counted of the tickets that attended? Everything, in one pass over them."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count, Q

from reporting.domain.figures.attended_rows import MET_EMPLOYER, MET_MEANINGFULLY, Attended, Scope, Who
from tickets.models import Ticket

QUARTER = 15 * 60  # seconds


class TicketKind(NamedTuple):
    """What attended tickets are told apart by; quarter: quarter hours since 1970, None: by hand."""

    event_id: int
    has_person: bool
    age_band: str
    borough: str
    is_adult_of_group: bool
    is_registered: bool
    quarter: int | None


@dataclass(slots=True)
class People:
    """Distinct people under one rule. first: by person, edition, band and borough of the first attendance."""

    who: Who
    attendances: int = 0
    first: dict[int, tuple[int, str, str]] = field(default_factory=dict)
    by_event: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, one: Attended, person: int) -> None:
        self.attendances += 1
        self.by_event[one.event_id].add(person)
        if person not in self.first:
            self.first[person] = (one.event_id, one.age_band, one.borough)


@dataclass(slots=True)
class Tally:
    """Sums of one pass over the tickets that attended.

    people: who counts; everybody: the same before the rung narrows them by whom they met. met: everybody by
    the step that they reached; schools: the kind of a person's first group; strands: ids by person; joined:
    persons who count and stand in a settled pair.
    """

    people: People
    everybody: People
    kinds: Counter[TicketKind] = field(default_factory=Counter)
    met: dict[int, set[int]] = field(default_factory=lambda: {MET_EMPLOYER: set(), MET_MEANINGFULLY: set()})
    schools: dict[int, str] = field(default_factory=dict)
    strands: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    joined: set[int] = field(default_factory=set)
    digest: str = ""


def tally(
    rows: Iterable[Attended],
    *,
    who: Who,
    everybody: Who,
    one_of: Mapping[int, int],
    schools: Mapping[int, str],
    strands: Mapping[int, set[int]],
) -> Tally:
    """rows in the order of attended(). one_of: the person that a settled pair makes of another.

    schools: kind of group by ticket; strands: strands met by ticket.
    """
    people = People(who)
    sums = Tally(people, people if who == everybody else People(everybody))
    digest = hashlib.sha256()
    for one in rows:
        quarter = int(one.admitted_at.timestamp()) // QUARTER if one.admitted_at else None
        has_person = one.person_id is not None
        kind = TicketKind(
            one.event_id,
            has_person,
            one.age_band,
            one.borough,
            one.is_adult_of_group,
            one.is_registered,
            quarter,
        )
        sums.kinds[kind] += 1
        digest.update(f"|{one[:6]}".encode())  # all but what erasure or a later cancelling changes
        if one.person_id is None or not everybody.counts(one):
            continue
        person = one_of.get(one.person_id, one.person_id)
        for step, reached in sums.met.items():
            if one.met >= step:
                reached.add(person)
        if sums.everybody is not people:
            sums.everybody.add(one, person)
        if one.met < who.met:
            continue
        people.add(one, person)
        if one.person_id in one_of:
            sums.joined.add(one.person_id)
        if school := schools.get(one.ticket_id):
            sums.schools.setdefault(person, school)
        if some := strands.get(one.ticket_id):
            sums.strands[person] |= some
    sums.digest = digest.hexdigest()
    return sums


def registered(scope: Scope) -> dict[tuple[int, str], int]:
    """Tickets registered at the moment, by edition and band. One query."""
    not_cancelled = ~Q(state=Ticket.State.CANCELLED) | Q(registration__ended_at__gt=scope.as_at)
    rows = (
        Ticket.objects.filter(not_cancelled, event__in=scope.events, issued_at__lte=scope.as_at)
        .order_by()
        .values_list("event", "age_band")
        .annotate(number=Count("pk"))
    )
    return {(event, band): number for event, band, number in rows}
