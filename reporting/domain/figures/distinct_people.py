"""How many people are these? Exact digests, decided pairs, and the range of what is undecided."""

from datetime import datetime

from django.db.models import OuterRef, Subquery

from people.domain.merges import SamePeople, merged_pairs
from reporting.models import NearMatch, NearMatchDecision


def pairs_at(*, as_at: datetime) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """(one person by a merge or a decision, undecided), as known at as_at. Two queries."""
    latest = (
        NearMatchDecision.objects.filter(near_match=OuterRef("pk"), decided_at__lte=as_at)
        .order_by("-decided_at", "-pk")
        .values("decision")[:1]
    )
    rows = (
        NearMatch.objects.filter(found_at__lte=as_at)
        .annotate(latest=Subquery(latest))
        .order_by("pk")
        .values_list("first_id", "second_id", "latest")
    )
    same, undecided = merged_pairs(as_at=as_at), []
    for first, second, decision in rows:
        if decision == NearMatch.Decision.SAME:
            same.append((first, second))
        elif decision != NearMatch.Decision.DIFFERENT:
            undecided.append((first, second))
    return same, undecided


def lowest_number(people: set[int], same: SamePeople, undecided: list[tuple[int, int]]) -> int:
    """How many people there are if every undecided pair is one person. people are roots of same."""
    wider = SamePeople((same.of(first), same.of(second)) for first, second in undecided)
    return len({wider.of(person) for person in people})
