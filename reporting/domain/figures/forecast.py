"""Where will the figure stand when the coming editions are over?"""

import math
from collections import Counter
from dataclasses import asdict, dataclass

from desk.domain.turnout import Past, turnout_of
from reporting.domain.figures.attended_rows import Scope
from reporting.domain.figures.tallies import TicketKind

RULE = (
    "Registered for coming editions, times the share of past registrations that came; "
    "the range spans the 95 % interval of that share (Wilson) and each edition's own."
)


@dataclass(frozen=True)
class Forecast:
    value: int
    low: int
    high: int
    rule: str


def forecast(
    scope: Scope,
    *,
    value: int,
    kinds: Counter[TicketKind],
    registered: dict[tuple[int, str], int],
    bands: frozenset[str],
    returning: float,
) -> dict | None:
    """None where there is no past edition to learn from, or nobody to come. Plain values.

    returning: share of the people of later editions who had been counted before; they add nobody new.
    """
    over = {event.pk for event in scope.events if event.ends_at <= scope.as_at}
    coming = sum(
        number for (event, band), number in registered.items() if event not in over and band in bands
    )
    came: Counter = Counter()
    for kind, number in kinds.items():
        if kind.is_registered:
            came[kind.event_id] += number
    expected: Counter = Counter()
    for (event, _), number in registered.items():
        expected[event] += number
    past = [
        Past(event, expected[event.pk], min(came[event.pk], expected[event.pk]))
        for event in scope.events
        if event.pk in over and came[event.pk] and expected[event.pk]
    ]
    already = sum(number for event, number in came.items() if event not in over)
    waiting = max(0, coming - already)
    if not waiting or not past:
        return None
    turnout = turnout_of(past=past, tickets=waiting)
    new = 1 - returning
    return asdict(
        Forecast(
            value=value + round(waiting * turnout.share * new),
            low=value + math.floor(waiting * turnout.low * new),
            high=value + turnout.at_most,
            rule=RULE,
        )
    )
