"""Where is the one file with all tickets of a large party?

Asked for once, made in the background, kept a day.
"""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from tickets.models import Registration, TicketSheet

LARGE = 60  # tickets; up to here the file is made while you wait (about a second)
LEASE = timedelta(minutes=5)
KEPT = timedelta(days=1)

State = TicketSheet.State


def is_large(*, registration: Registration) -> bool:
    return registration.tickets.taking_a_place().count() > LARGE


def sheet_for(*, registration: Registration, now: datetime) -> TicketSheet:
    """The file of the tickets as they are now, or its row in the queue. Asking again asks for nothing new."""
    tickets = registration.tickets.taking_a_place().order_by("serial")
    facts = list(tickets.values_list("serial", "generation", "state", "name", "changed_at"))
    of_state = hashlib.sha256(repr(facts).encode("utf-8", "surrogatepass")).hexdigest()
    with transaction.atomic():
        sheet, _ = TicketSheet.objects.defer("content").get_or_create(
            registration=registration,
            of_state=of_state,
            defaults={"asked_at": now, "tickets_in_all": len(facts)},
        )
        if sheet.state == State.FAILED:
            sheet.state, sheet.asked_at = State.QUEUED, now
            sheet.save(update_fields=["state", "asked_at"])
        TicketSheet.objects.filter(registration=registration).exclude(pk=sheet.pk).delete()
    return sheet


def next_sheet(*, now: datetime) -> TicketSheet | None:
    """Lease the oldest file that is asked for, or that a dead worker left behind."""
    with transaction.atomic():
        due = TicketSheet.objects.filter(
            Q(state=State.QUEUED) | Q(state=State.RUNNING, leased_until__lte=now)
        ).select_related("registration")
        sheet = due.order_by("asked_at").select_for_update(skip_locked=True, of=("self",)).first()
        if sheet is not None:
            sheet.state, sheet.leased_until, sheet.tickets_done = State.RUNNING, now + LEASE, 0
            sheet.save(update_fields=["state", "leased_until", "tickets_done"])
    return sheet


def say_how_far(*, sheet: TicketSheet, tickets_done: int) -> None:
    TicketSheet.objects.filter(pk=sheet.pk).update(tickets_done=tickets_done)


def finish(*, sheet: TicketSheet, content: bytes | None) -> None:
    """content None: it could not be made."""
    state = State.FAILED if content is None else State.READY
    TicketSheet.objects.filter(pk=sheet.pk).update(state=state, content=content, leased_until=None)


def drop_old_sheets(*, now: datetime) -> int:
    """Files hold names: none is kept for more than a day."""
    return TicketSheet.objects.filter(asked_at__lte=now - KEPT).delete()[0]
