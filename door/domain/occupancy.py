"""How many people are inside, and through which gates did they come?"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from door.models import Admission, DoorList

AMBER_FROM = 0.9  # share of the safe capacity


@dataclass(frozen=True)
class Occupancy:
    """inside, admitted: distinct people; by_gate: gate's slug to people first let in there."""

    inside: int
    admitted: int
    safe_capacity: int | None
    as_at: datetime
    by_gate: dict[str, int]

    @property
    def level(self) -> str:
        """red at the safe capacity, amber from 90 percent of it, else calm."""
        if self.safe_capacity is None:
            return "calm"
        if self.inside >= self.safe_capacity:
            return "red"
        return "amber" if self.inside >= AMBER_FROM * self.safe_capacity else "calm"


def occupancy(*, door_list: DoorList, now: datetime) -> Occupancy:
    """Of the event's entrance, or of one session's room. A ticket counts once, however many doors it passed.

    Two queries.
    """
    rows = (
        Admission.objects.standing()
        .filter(door_list=door_list)
        .values_list("check_in__gate__slug")
        .annotate(admitted=Count("id"), inside=Count("id", filter=Q(is_inside=True)))
        .order_by("check_in__gate__slug")
    )
    counts = list(rows)
    place = (
        DoorList.objects.select_related("event", "session__space")
        .only("event__safe_capacity", "session__space__safe_capacity")
        .get(pk=door_list.pk)
    )
    space = place.session.space if place.session else None
    safe_capacity = place.event.safe_capacity
    if place.session:
        safe_capacity = space.safe_capacity if space else None
    return Occupancy(
        inside=sum(inside for _, _, inside in counts),
        admitted=sum(admitted for _, admitted, _ in counts),
        safe_capacity=safe_capacity,
        as_at=now,
        by_gate={gate or "desk": admitted for gate, admitted, _ in counts},
    )
