"""Where will the figure stand when the coming editions are over?"""

import math
from collections import Counter
from dataclasses import asdict, dataclass

from reporting.domain.attended_rows import Scope
from reporting.domain.tallies import TicketKind

RULE = (
    "Registered for coming editions, times the share of past registrations that came; "
    "the range is the 95 % interval of that share (Wilson)."
)
Z = 1.96


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
    learned = [event for event in over if came[event] and expected[event]]
    base, attended = sum(expected[event] for event in learned), sum(came[event] for event in learned)
    already = sum(number for event, number in came.items() if event not in over)
    waiting = max(0, coming - already)
    if not waiting or not base:
        return None
    share = min(1.0, attended / base)
    low, high = wilson(share, base)
    new = 1 - returning
    return asdict(
        Forecast(
            value=value + round(waiting * share * new),
            low=value + math.floor(waiting * low * new),
            high=value + math.ceil(waiting * high),
            rule=RULE,
        )
    )


def wilson(share: float, base: int) -> tuple[float, float]:
    """The 95 % interval of a share seen in base cases; never outside 0 to 1."""
    middle = share + Z * Z / (2 * base)
    margin = Z * math.sqrt(share * (1 - share) / base + Z * Z / (4 * base * base))
    whole = 1 + Z * Z / base
    return max(0.0, (middle - margin) / whole), min(1.0, (middle + margin) / whole)
