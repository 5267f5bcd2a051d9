"""How far is an edition: who has a place, who waits, who came, what is disputed at the door?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Sum

from door.domain.devices import silent_phones
from door.models import Admission, Conflict, Device
from events.models import Event
from tickets.models import Guardian, Ticket, WaitingListEntry


@dataclass
class Progress:
    """Counts of one edition. guardians: tickets held until a guardian answers;
    waiting: people, not parties."""

    valid: int = 0
    guardians: int = 0
    blocked: int = 0
    waiting: int = 0
    offered: int = 0
    came: int = 0
    conflicts: int = 0
    silent: int = 0  # paired phones that scanned and were not heard at the end
    unsent: int = 0  # scans that paired phones say they have not sent yet


def progress_of(*, events: Sequence[Event]) -> dict[int, Progress]:
    """By event id. Six queries, whatever the number of events."""
    found = {event.pk: Progress() for event in events}
    states = (
        Ticket.objects.filter(event__in=found).values("event", "state").annotate(n=Count("pk")).order_by()
    )
    names = {str(Ticket.State.VALID): "valid", str(Ticket.State.BLOCKED): "blocked"}
    for row in states:
        if row["state"] in names:
            setattr(found[row["event"]], names[row["state"]], row["n"])
    guardians = (
        Guardian.objects.filter(
            ticket__event__in=found, answer=Guardian.Answer.ASKED, ticket__state=Ticket.State.ON_HOLD
        )
        .values("ticket__event")
        .annotate(n=Count("pk"))
        .order_by()
    )
    for held in guardians:
        found[held["ticket__event"]].guardians = held["n"]
    entries = (
        WaitingListEntry.objects.filter(
            event__in=found, session__isnull=True, state__in=["waiting", "offered"]
        )
        .values("event", "state")
        .annotate(n=Sum("party_size"))
        .order_by()
    )
    for queue in entries:
        setattr(found[queue["event"]], queue["state"], queue["n"])
    came = (
        Admission.objects.standing()
        .filter(door_list__event__in=found, door_list__session__isnull=True)
        .values("door_list__event")
        .annotate(n=Count("pk"))
        .order_by()
    )
    for entered in came:
        found[entered["door_list__event"]].came = entered["n"]
    for event_id, number in open_conflicts(event_ids=list(found)).items():
        found[event_id].conflicts = number
    for phone in silent_phones(event_ids=list(found)):
        found[phone.event_id].silent += 1
    for phones in unsent_scans(event_ids=list(found)):
        found[phones["event"]].unsent = phones["n"]
    return found


def open_conflicts(*, event_ids: Sequence[int]) -> dict[int, int]:
    """How many scans of each event nobody has settled yet."""
    rows = (
        Conflict.objects.filter(check_in__event__in=event_ids, settled_at__isnull=True)
        .values("check_in__event")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return {row["check_in__event"]: row["n"] for row in rows}


def unsent_scans(*, event_ids: Sequence[int]) -> Any:
    """Rows of event and n, from phones that were not revoked."""
    return (
        Device.objects.filter(event__in=event_ids, revoked_at__isnull=True, unsent_scans__gt=0)
        .values("event")
        .annotate(n=Sum("unsent_scans"))
        .order_by()
    )
