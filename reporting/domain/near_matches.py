"""Who may be one person under two digests? Pairs for review, found while names exist, kept as ids and a
reason.

A pair is two persons who could be one: names alike at one address or one school, or one name in one borough
or school with another address or none (a possible repeat). Never: two people of one registration (twins, a
class), two who were admitted at one edition, ages that cannot be one person's, or names that differ in their
digits.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from door.models import Admission
from foundation.refusals import Kind, Refusal
from people.boroughs import Borough
from people.domain.birth_times import Born, born
from people.domain.contacts import normal_email
from people.domain.merges import SamePeople, merged_pairs
from people.domain.names import fold_name
from people.domain.near_names import likeness
from reporting.models import NearMatch, NearMatchDecision
from tickets.models import Ticket

SECOND_ADDRESS, POSSIBLE_REPEAT = "second address", "possible repeat without an address"
AGE_SLACK = 1.0  # years by which typed ages may be wrong together
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
    contacts: frozenset[str]
    places: frozenset[str]  # borough and school
    school: str
    born: Born
    registrations: frozenset[int]
    editions: frozenset[int]


def find_near_matches(*, now: datetime) -> int:
    """Note every new pair; return how many. Pairs that are there stay as they are. Six queries."""
    known = _known_people()
    found: dict[tuple[int, int], str] = {}
    same = SamePeople(merged_pairs())
    for one, other, reason in _candidates(known):
        if same.of(one.person) != same.of(other.person) and not _certainly_two(one, other):
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
    """Everybody who still has a name, one row a person and name."""
    rows = (
        Ticket.objects.exclude(name="")
        .exclude(state=Ticket.State.CANCELLED)
        .select_related("registration", "guardian", "event")
        .order_by("pk")
    )
    editions = defaultdict(set)
    came = Admission.objects.standing().filter(door_list__session__isnull=True, ticket__person__isnull=False)
    for person, event in came.exclude(ticket__name="").values_list("ticket__person_id", "ticket__event_id"):
        editions[person].add(event)
    tickets: defaultdict[tuple[int, str], list[Ticket]] = defaultdict(list)
    registrations = defaultdict(set)
    for ticket in rows.iterator():
        if ticket.person_id is not None:
            tickets[ticket.person_id, fold_name(ticket.name)].append(ticket)
            registrations[ticket.person_id].add(ticket.registration_id)
    return [
        _known(person, name, some, frozenset(registrations[person]), frozenset(editions[person]))
        for (person, name), some in tickets.items()
    ]


def _known(
    person: int, name: str, tickets: list[Ticket], registrations: frozenset[int], editions: frozenset[int]
) -> _Known:
    last = tickets[-1]
    schools = {one.registration.organisation_key for one in tickets if not one.is_adult_of_group} - {""}
    boroughs = {one.borough for one in tickets} - {Borough.NOT_KNOWN, Borough.ELSEWHERE}
    return _Known(
        person=person,
        name=name,
        contacts=frozenset(contact for one in tickets for contact in _contacts(one)),
        places=frozenset(schools | boroughs),
        school=max(schools, default=""),
        born=born(age=last.age, band=last.age_band, day=last.event.starts_at.date()),
        registrations=registrations,
        editions=editions,
    )


def _contacts(ticket: Ticket) -> Iterator[str]:
    """Their own and their guardian's addresses; of a party the lead's alone, as it is the teacher's."""
    guardian = getattr(ticket, "guardian", None)
    if ticket.registration.lead_email and (ticket.registration.organisation_key == "" or ticket.serial == 1):
        yield normal_email(ticket.registration.lead_email)
    if guardian is not None and guardian.email:
        yield normal_email(guardian.email)


def _candidates(known: list[_Known]) -> Iterator[tuple[_Known, _Known, str]]:
    by_contact: dict[str, list[_Known]] = defaultdict(list)
    by_name: dict[tuple[str, str], list[_Known]] = defaultdict(list)
    for one in known:
        for contact in sorted({*one.contacts, one.school} - {""}):
            by_contact[contact].append(one)
        for place in sorted(one.places):
            by_name[one.name, place].append(one)
    for block in by_contact.values():
        for one, other in combinations(block[:LARGEST_BLOCK], 2):
            if reason := likeness(one.name, other.name):
                yield one, other, reason
    for block in by_name.values():
        for one, other in combinations(block[:LARGEST_BLOCK], 2):
            yield one, other, SECOND_ADDRESS if one.contacts and other.contacts else POSSIBLE_REPEAT


def _certainly_two(one: _Known, other: _Known) -> bool:
    if not one.born.can_be(other.born, slack=AGE_SLACK):
        return True
    return bool(one.registrations & other.registrations or one.editions & other.editions)


def open_pairs() -> int:
    """How many pairs wait for a decision. One query."""
    return pairs_for_review(state="open").count()


def pairs_for_review(*, state: str) -> QuerySet[NearMatch]:
    """Pairs with their last decision, the newest first. state: "open" or "settled"."""
    pairs = NearMatch.objects.prefetch_related("decisions__decided_by").order_by("-found_at", "-pk")
    latest = NearMatchDecision.objects.filter(near_match=OuterRef("pk")).order_by("-decided_at", "-pk")
    pairs = pairs.annotate(last=Subquery(latest.values("decision")[:1]))
    if state == "settled":
        return pairs.filter(last__in=[NearMatch.Decision.SAME, NearMatch.Decision.DIFFERENT])
    return pairs.filter(Q(last__isnull=True) | Q(last=NearMatch.Decision.UNDECIDED))
