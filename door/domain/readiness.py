"""Is the door ready to open? What an organiser does before the day, and whether it is done."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from door.domain.pins import pins_of
from door.models import Device, DoorPin, DutyCard, Gate
from events.models import Event

LIST_IS_FRESH = timedelta(hours=12)  # phones fetch it again whenever they are open
CLOCK_IS_RIGHT_MS = 120_000


@dataclass(frozen=True)
class Step:
    """name: what it is about, for the page; words: how it stands."""

    name: str
    is_done: bool
    words: str


def door_readiness(*, event: Event, now: datetime) -> list[Step]:
    """In the order of doing. Four queries."""
    gates = dict(Gate.objects.filter(event=event).annotate(n=Count("devices")).values_list("name", "n"))
    phones = list(Device.objects.working(now).filter(event=event).order_by("name"))
    roles = {pin.role for pin in pins_of(event=event)}
    stale = [one.name for one in phones if one.roster_at is None or now - one.roster_at > LIST_IS_FRESH]
    unkept = [one.name for one in phones if one.storage_kept is False]
    wrong = [one.name for one in phones if abs(one.clock_offset_ms) > CLOCK_IS_RIGHT_MS]
    steps = [
        Step("gates", bool(gates), _listed("Gates", list(gates)) if gates else "Name a gate"),
        Step(
            "safe capacity",
            event.safe_capacity is not None,
            f"{event.safe_capacity} people at one time are safe"
            if event.safe_capacity is not None
            else "Say on the edition how many people at one time are safe; until then the door cannot hold",
        ),
        Step("phones", bool(phones), f"{len(phones)} paired" if phones else "Pair a phone for each gate"),
        Step(
            "supervisor",
            DoorPin.Role.SUPERVISOR in roles,
            "Supervisors have a PIN" if DoorPin.Role.SUPERVISOR in roles else "Set the supervisors' PIN",
        ),
        Step(
            "welfare",
            DoorPin.Role.WELFARE in roles,
            "Welfare has a PIN" if DoorPin.Role.WELFARE in roles else "Set the welfare PIN",
        ),
        Step(
            "duty card",
            DutyCard.objects.filter(event=event).exists(),
            "Print the duty card: it opens the roll-call in an evacuation",
        ),
    ]
    if phones:
        steps += [
            Step(
                "lists",
                not stale,
                _listed("Open the door page today on", stale) if stale else "Every phone has today's list",
            ),
            Step(
                "storage",
                not unkept,
                _listed("Add the page to the home screen of", unkept)
                if unkept
                else "No phone said that it may lose scans",
            ),
            Step(
                "clocks",
                not wrong,
                _listed("We correct the clock of", wrong) if wrong else "Every phone's clock is right",
            ),
        ]
    return steps


def _listed(words: str, names: list[str]) -> str:
    return f"{words}: {', '.join(names)}" if words == "Gates" else f"{words} {', '.join(names)}"
