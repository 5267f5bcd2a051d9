"""Where will the figure stand when the coming editions are over?"""

import math
from dataclasses import dataclass
from datetime import datetime

from events.models import Event
from reporting.models import Target

RULE = (
    "Registered for coming editions, times the share of past registrations that came; "
    "the range is the 95 % interval of that share."
)


@dataclass(frozen=True)
class Forecast:
    value: int
    low: int
    high: int
    rule: str


def forecast(
    *, target: Target, value: int, as_at: datetime, events: list[Event], registered, attended, bands: set[str]
) -> Forecast | None:
    """None where there is no past edition to learn from, or nothing to come."""
    if target.rung not in {Target.Rung.REACHED, Target.Rung.ENGAGED, Target.Rung.ATTENDED}:
        return None
    past = {event.pk for event in events if event.ends_at <= as_at}
    coming = sum(event_id not in past and band in bands for event_id, band in registered)
    before = sum(event_id in past for event_id, _ in registered)
    if not coming or not before:
        return None
    share = min(1.0, sum(one.event_id in past for one in attended) / before)
    margin = 1.96 * math.sqrt(share * (1 - share) / before)
    return Forecast(
        value=value + round(coming * share),
        low=value + round(coming * max(0.0, share - margin)),
        high=value + round(coming * min(1.0, share + margin)),
        rule=RULE,
    )
