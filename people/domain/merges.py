"""Which persons turned out to be one, as known at a moment?"""

from collections.abc import Iterable
from datetime import datetime

from people.models import PersonMerge


class SamePeople:
    """Which person ids stand for one human being: a forest of pairs."""

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

    def with_all(self, people: Iterable[int]) -> set[int]:
        """These and all who stand for one human being with one of them."""
        roots = {self.of(person) for person in people}
        return roots | set(people) | {one for one in self._above if self.of(one) in roots}


def merge_person(*, person_id: int, into_id: int, now: datetime) -> PersonMerge:
    """They are one. Nothing is moved: tickets keep their person, and unmerge_person undoes it."""
    return PersonMerge.objects.create(person_id=person_id, into_id=into_id, recorded_at=now)


def unmerge_person(*, person_id: int, now: datetime) -> PersonMerge:
    return PersonMerge.objects.create(person_id=person_id, into=None, recorded_at=now)


def merged_pairs(*, as_at: datetime | None = None) -> list[tuple[int, int]]:
    """Pairs of ids that are one, as known at as_at; None: now. One query."""
    rows = PersonMerge.objects.order_by("recorded_at", "pk")
    if as_at is not None:
        rows = rows.filter(recorded_at__lte=as_at)
    last = dict(rows.values_list("person_id", "into_id"))
    return [(person, into) for person, into in last.items() if into is not None]
