"""How many people are these? Exact digests, decided pairs, and the range of what is undecided."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import OuterRef, Subquery

from reporting.models import NearMatch, NearMatchDecision


class SamePeople:
    """Which person ids stand for one human being: a forest of decided pairs."""

    def __init__(self, pairs: Iterable[tuple[int, int]] = ()) -> None:
        self._above: dict[int, int] = {}
        for first, second in pairs:
            self.join(first, second)

    def of(self, person: int) -> int:
        root = person
        while self._above.get(root, root) != root:
            root = self._above[root]
        while self._above.get(person, person) != root:
            self._above[person], person = root, self._above.get(person, person)
        return root

    def join(self, first: int, second: int) -> None:
        low, high = sorted((self.of(first), self.of(second)))
        self._above[high] = low


def pairs_at(*, as_at: datetime) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """(decided to be one person, undecided), as known at as_at. Two columns, one query."""
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
    same, undecided = [], []
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
