"""Where is the one file with all tickets of a large party?

Asked for once, made in the background, kept a day.
"""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction

from tickets.models import Registration, TicketSheet

LARGE = 60  # tickets; up to here the file is made while you wait (about a second)
KEPT = timedelta(days=1)
ASKED_AGAIN = timedelta(minutes=1)  # after one that failed: its page is looked at every few seconds


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
            defaults={"asked_at": now, "due_at": now, "tickets_in_all": len(facts)},
        )
        if sheet.ended_at is not None and sheet.ended_at <= now - ASKED_AGAIN and sheet.ask_again(now=now):
            sheet.refresh_from_db(fields=["state"])
        TicketSheet.objects.filter(registration=registration).exclude(pk=sheet.pk).delete()
    return sheet


def say_how_far(*, sheet: TicketSheet, tickets_done: int) -> None:
    TicketSheet.objects.filter(pk=sheet.pk).update(tickets_done=tickets_done)


def drop_old_sheets(*, now: datetime) -> int:
    """Files hold names: none is kept for more than a day."""
    return TicketSheet.objects.filter(asked_at__lte=now - KEPT).delete()[0]
