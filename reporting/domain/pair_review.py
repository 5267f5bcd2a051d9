"""What does an organiser see of a pair that may be one person?"""

from collections import defaultdict
from dataclasses import dataclass

from reporting.domain.near_matches import pairs_for_review
from reporting.models import NearMatch, NearMatchDecision
from tickets.models import Ticket

SHOWN = 100


@dataclass(frozen=True)
class Side:
    """One of the two: names as they stand on tickets (none once erased), editions, borough and band."""

    names: list[str]
    tickets: list[str]


@dataclass(frozen=True)
class PairShown:
    pair: NearMatch
    sides: tuple[Side, Side]
    decisions: list[NearMatchDecision]


def pairs_shown(*, state: str) -> list[PairShown]:
    """At most SHOWN pairs, the newest first. Four queries, however many there are."""
    pairs = list(pairs_for_review(state=state)[:SHOWN])
    people = {pair.first_id for pair in pairs} | {pair.second_id for pair in pairs}
    tickets = defaultdict(list)
    for ticket in (
        Ticket.objects.filter(person__in=people).select_related("event").order_by("event__starts_at", "pk")
    ):
        tickets[ticket.person_id].append(ticket)
    return [
        PairShown(
            pair, (_side(tickets[pair.first_id]), _side(tickets[pair.second_id])), list(pair.decisions.all())
        )
        for pair in pairs
    ]


def _side(tickets: list[Ticket]) -> Side:
    names = list(dict.fromkeys(ticket.name for ticket in tickets if ticket.name))
    told = [
        f"{ticket.event.title}, ticket {ticket.serial}, {ticket.get_borough_display()}"
        + (f", {ticket.age}" if ticket.age is not None else "")
        for ticket in tickets
    ]
    return Side(names, told)
