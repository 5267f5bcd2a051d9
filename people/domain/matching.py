"""Is this somebody we know? The rule that joins tickets to one person; where it is in doubt it does not join.

- An address with the name comes first, then a telephone number, then school and cohort.
- Ages that cannot be one person's forbid the link. Of two whom one kind of key leads to, neither is taken.
- Whoever has a ticket at this event is another one, unless the address says that they are the same: then the
  second ticket is refused.
- What is not joined here, and shares a key, is a pair for review.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from people.domain.birth_times import Born
from people.domain.keys import Identity, Key
from people.domain.merges import SamePeople, merged_pairs
from people.models import Person, PersonKey

Kind = PersonKey.Kind
# Years by which typed ages may be wrong together where a contact speaks for it. At one school none.
SLACK = {Kind.EMAIL: 1.0, Kind.PHONE: 1.0, Kind.SCHOOL: 0.0}


@dataclass(frozen=True)
class Sighting:
    """A ticket of a person, as the asker knows it. is_standing: not cancelled."""

    person_id: int
    event_id: int
    born: Born
    is_standing: bool


@dataclass
class Known:
    """Whom keys lead to: roots by key; what was seen of each; who of them has a ticket at which event."""

    holders: Mapping[Key, set[int]]
    same: SamePeople
    seen: dict[int, list[Sighting]] = field(default_factory=dict)

    def add(self, sightings: Iterable[Sighting]) -> None:
        for one in sightings:
            self.seen.setdefault(self.same.of(one.person_id), []).append(one)

    def allows(self, person: int, born: Born, slack: float) -> bool:
        return all(one.born.can_be(born, slack=slack) for one in self.seen.get(person, ()))

    def at_event(self, person: int, event_id: int) -> int | None:
        """The person whose ticket it is, who stands for the same human being."""
        standing = (one for one in self.seen.get(person, ()) if one.is_standing and one.event_id == event_id)
        return next((one.person_id for one in standing), None)


def lock_keys(keys: Iterable[Key]) -> None:
    """Two registrations of one new person at one moment: the second waits until the first is written.

    SQLite writes one transaction at a time; PostgreSQL is asked for a lock on each digest.
    """
    if connection.vendor == "postgresql" and (digests := sorted({digest for _, digest in keys})):
        numbers = sorted({int.from_bytes(digest[:8], "big", signed=True) for digest in digests})
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(number) FROM unnest(%s::bigint[]) AS number", [numbers]
            )


def known_by(keys: Iterable[Key]) -> Known:
    """Whom these keys lead to. One query, and one more for merges where there is anybody."""
    rows = PersonKey.objects.filter(digest__in={digest for _, digest in keys}).exclude(kind=Kind.COARSE)
    found = [
        (kind, bytes(digest), person) for kind, digest, person in rows.values_list("kind", "digest", "person")
    ]
    same = SamePeople(merged_pairs() if found else ())
    holders: dict[Key, set[int]] = {}
    for kind, digest, person in found:
        holders.setdefault((kind, digest), set()).add(same.of(person))
    return Known(holders, same)


def choose(*, identity: Identity, keys: Sequence[Key], known: Known, event_id: int) -> int | None:
    """The person whom this is, or None where it is somebody new, as far as can be said."""
    for kind, slack in SLACK.items():
        people = {one for key in keys if key[0] == kind for one in known.holders.get(key, ())}
        possible = sorted(one for one in people if known.allows(one, identity.born, slack))
        here = [one for one in (known.at_event(person, event_id) for person in possible) if one is not None]
        if here:
            return here[0] if kind == Kind.EMAIL and identity.is_unique else None
        if possible:
            return possible[0] if len(possible) == 1 else None
    return None


def keep_keys(*, keys_by_person: Iterable[tuple[int, Sequence[Key]]]) -> None:
    """Remember the keys; those that are there stay. One query."""
    rows = [
        PersonKey(person_id=person, kind=kind, digest=digest)
        for person, keys in keys_by_person
        for kind, digest in keys
    ]
    if rows:
        PersonKey.objects.bulk_create(rows, ignore_conflicts=True)


def new_people(*, number: int, now: datetime) -> list[Person]:
    return Person.objects.bulk_create([Person(created_at=now) for _ in range(number)]) if number else []
