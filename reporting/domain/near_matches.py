"""Who may be one person under two digests? Pairs for review, found while names exist, kept as ids and a
reason.

A pair is two persons who could be one: a nickname or a misspelling at one address, or one name at a second
address with the same borough and a near age. Never: two people of one registration (twins, a class), two who
were admitted at one edition, or names that differ in their digits.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery

from accounts.models import User
from door.models import Admission
from foundation.refusals import Kind, Refusal
from people.domain.contacts import normal_email
from people.domain.names import fold_name
from people.domain.near_names import likeness
from reporting.models import NearMatch, NearMatchDecision
from tickets.models import Ticket

SECOND_ADDRESS = "second address"
LARGEST_BLOCK = 60  # people of one name or one address: a larger one is a school, and says nothing


class DecidedMeanwhile(Refusal):
    slug = "decided-meanwhile"
    title = "This pair is not there any more"
    kind = Kind.GONE


@dataclass(frozen=True)
class _Known:
    """A person as their tickets name them; nothing of it is stored."""

    person: int
    name: str
    contact: str
    borough: str
    age: int | None
    registrations: frozenset[int]
    editions: frozenset[int]


def find_near_matches(*, now: datetime) -> int:
    """Note every new pair; return how many. Pairs that are there stay as they are. Five queries."""
    known = _known_people()
    found: dict[tuple[int, int], str] = {}
    for one, other, reason in _candidates(known):
        if one.person != other.person and not _certainly_two(one, other):
            pair = min(one.person, other.person), max(one.person, other.person)
            found.setdefault(pair, reason)
    there = set(NearMatch.objects.values_list("first_id", "second_id"))
    new = [
        NearMatch(first_id=first, second_id=second, reason=reason, found_at=now)
        for (first, second), reason in sorted(found.items())
        if (first, second) not in there
    ]
    NearMatch.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def decide(*, near_match_id: int, decision: str, by: User, now: datetime) -> NearMatch:
    """Settle a pair, or open it again (UNDECIDED): an undo is a new decision, so that every as_at can be
    asked.

    :raises DecidedMeanwhile: there is no such pair
    """
    with transaction.atomic():
        pair = NearMatch.objects.select_for_update().filter(pk=near_match_id).first()
        if pair is None:
            raise DecidedMeanwhile("Reload the list.")
        NearMatchDecision.objects.create(near_match=pair, decision=decision, decided_by=by, decided_at=now)
    return pair


def _known_people() -> list[_Known]:
    """Everybody who still has a name, one row a name and contact."""
    rows = (
        Ticket.objects.filter(person__isnull=False)
        .exclude(name="")
        .exclude(state=Ticket.State.CANCELLED)
        .values_list(
            "person_id",
            "name",
            "guardian__email",
            "registration__lead_email",
            "borough",
            "age",
            "registration_id",
        )
        .order_by("pk")
    )
    editions = defaultdict(set)
    came = Admission.objects.standing().filter(door_list__session__isnull=True, ticket__person__isnull=False)
    for person, event in came.exclude(ticket__name="").values_list("ticket__person_id", "ticket__event_id"):
        editions[person].add(event)
    registrations = defaultdict(set)
    first: dict[tuple[int, str, str], tuple] = {}
    for person, name, guardian, lead, borough, age, registration in rows.iterator():
        registrations[person].add(registration)
        contact = normal_email(guardian or lead or "")
        first.setdefault((person, fold_name(name), contact), (borough, age))
    return [
        _Known(
            person, name, contact, borough, age, frozenset(registrations[person]), frozenset(editions[person])
        )
        for (person, name, contact), (borough, age) in first.items()
    ]


def _candidates(known: list[_Known]) -> Iterator[tuple[_Known, _Known, str]]:
    by_contact: dict[str, list[_Known]] = defaultdict(list)
    by_name: dict[tuple[str, str], list[_Known]] = defaultdict(list)
    for one in known:
        if one.contact:
            by_contact[one.contact].append(one)
        by_name[one.name, one.borough].append(one)
    for block in by_contact.values():
        for one, other in combinations(block[:LARGEST_BLOCK], 2):
            if reason := likeness(one.name, other.name):
                yield one, other, reason
    for block in by_name.values():
        for one, other in combinations(block[:LARGEST_BLOCK], 2):
            if one.contact != other.contact and _near_age(one, other):
                yield one, other, SECOND_ADDRESS


def _certainly_two(one: _Known, other: _Known) -> bool:
    return bool(one.registrations & other.registrations or one.editions & other.editions)


def _near_age(one: _Known, other: _Known) -> bool:
    """Within two years, as editions lie a year apart; an age that is not known says nothing against it."""
    return one.age is None or other.age is None or abs(one.age - other.age) <= 2


def open_pairs() -> int:
    """How many pairs wait for a decision. One query."""
    return pairs_for_review(state="open").count()


def pairs_for_review(*, state: str):
    """Pairs with their last decision, the newest first. state: "open" or "settled"."""
    pairs = NearMatch.objects.prefetch_related("decisions__decided_by").order_by("-found_at", "-pk")
    latest = NearMatchDecision.objects.filter(near_match=OuterRef("pk")).order_by("-decided_at", "-pk")
    pairs = pairs.annotate(last=Subquery(latest.values("decision")[:1]))
    if state == "settled":
        return pairs.filter(last__in=[NearMatch.Decision.SAME, NearMatch.Decision.DIFFERENT])
    return pairs.filter(Q(last__isnull=True) | Q(last=NearMatch.Decision.UNDECIDED))
