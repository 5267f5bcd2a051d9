"""Whom did they meet? Strands, and how many of music, film & TV and games.

To meet is to have been admitted at a session's own door, or to have opened the code of a session or stand
and kept it on the ticket. A booked place alone is no meeting.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import QuerySet

from door.models import Admission
from events.models import Exhibitor, Session, Strand
from reporting.domain.figures.attended_rows import (
    MET_ANYTHING,
    MET_EMPLOYER,
    MET_MEANINGFULLY,
    Scope,
    standing_at,
)
from tickets.models import Encounter

SHAPES = ("wave", "frame", "pixel")  # music, film & TV, games


@dataclass(frozen=True)
class Meetings:
    """What each ticket met: the furthest step (MET_...), and ids of strands."""

    steps: dict[int, int] = field(default_factory=dict)
    strands: defaultdict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def add(self, ticket: int, step: int, strands: Iterable[int]) -> None:
        self.steps[ticket] = max(step, self.steps.get(ticket, 0))
        self.strands[ticket].update(strands)


@dataclass(frozen=True)
class Met:
    """by_strand: people by strand's name; convergence: people by how many of the three shapes, "1" to "3"."""

    by_strand: dict[str, int]
    convergence: dict[str, int]
    shapes: dict[str, str]


def meetings_of(scope: Scope) -> Meetings:
    """Six queries."""
    steps = _steps(scope)
    of_session = _strands(
        Session.strands.through.objects.filter(session__event__in=scope.events), "session_id"
    )
    of_stand = _strands(
        Exhibitor.strands.through.objects.filter(exhibitor__event__in=scope.events), "exhibitor_id"
    )
    found = Meetings()
    kept = Encounter.objects.filter(point__event__in=scope.events, recorded_at__lte=scope.as_at).order_by()
    rows = kept.values_list("ticket_id", "point__session_id", "point__exhibitor_id")
    for ticket, session, stand in rows.iterator(chunk_size=5_000):
        if stand:
            found.add(ticket, MET_EMPLOYER, of_stand[stand])
        else:
            found.add(ticket, steps.get(session, MET_ANYTHING), of_session[session])
    doors = Admission.objects.filter(standing_at(scope.as_at), door_list__event__in=scope.events).order_by()
    at_doors = doors.filter(door_list__session__isnull=False).values_list(
        "ticket_id", "door_list__session_id"
    )
    for ticket, session in at_doors.iterator(chunk_size=5_000):
        found.add(ticket, steps.get(session, MET_ANYTHING), of_session[session])
    return found


def strands_met(by_person: Mapping[int, set[int]]) -> Met:
    """Distinct people by strand, and by how many of the three. by_person: ids of strands. One query."""
    strands = list(Strand.objects.order_by("position", "name"))
    numbers = Counter(strand for met in by_person.values() for strand in met)
    if not numbers:
        return Met({}, {}, {})
    shape_of = {strand.pk: strand.shape for strand in strands if strand.shape in SHAPES}
    widths = Counter(len({shape_of[one] for one in met if one in shape_of}) for met in by_person.values())
    there = [strand for strand in strands if numbers[strand.pk]]
    return Met(
        by_strand={strand.name: numbers[strand.pk] for strand in there},
        convergence={str(width): widths[width] for width in range(1, len(SHAPES) + 1)},
        shapes={strand.name: strand.shape for strand in there if strand.pk in shape_of},
    )


def _steps(scope: Scope) -> dict[int, int]:
    """The step that taking part in a session reaches, by session; those without an employer are left out."""
    sessions = Session.objects.filter(event__in=scope.events, exhibitors__isnull=False).values_list(
        "pk", "purpose_shared", "outcomes_fitted", "two_way", "time_to_reflect"
    )
    return {pk: MET_MEANINGFULLY if all(tests) else MET_EMPLOYER for pk, *tests in sessions}


def _strands(links: QuerySet, owner: str) -> defaultdict[int, set[int]]:
    found: defaultdict[int, set[int]] = defaultdict(set)
    for one, strand in links.values_list(owner, "strand_id"):
        found[one].add(strand)
    return found
