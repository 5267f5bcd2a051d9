"""In which sessions does a ticket have a place, and which may it still choose?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from events.models import Event, Session
from foundation.refusals import Refusal
from tickets.domain.places import claim_sessions, free_sessions, sessions_of
from tickets.domain.waiting_list import STANDING, position
from tickets.models import SessionPlace, Ticket, WaitingListEntry


class TicketOver(Refusal):
    slug = "ticket-over"
    title = "This ticket is cancelled"


@dataclass(frozen=True)
class Choice:
    """One session as a ticket sees it. entry: how the person waits for it, at which place in the queue."""

    session: Session
    is_mine: bool
    is_full: bool
    entry: WaitingListEntry | None
    position: int


def session_choices(*, ticket: Ticket, now: datetime) -> list[Choice]:
    """The sessions with places of their own that are not over, by their start."""
    mine = set(ticket.session_places.values_list("session_id", flat=True))
    waits = {
        entry.session_id: entry
        for entry in WaitingListEntry.objects.filter(ticket=ticket, state__in=STANDING)
    }
    queued = set(
        WaitingListEntry.objects.filter(
            event=ticket.event_id, session__isnull=False, state=WaitingListEntry.State.WAITING
        ).values_list("session_id", flat=True)
    )
    return [
        Choice(
            session=session,
            is_mine=session.pk in mine,
            is_full=session.places_left == 0 or session.pk in queued,
            entry=waits.get(session.pk),
            position=position(entry=waits[session.pk]) if session.pk in waits else 0,
        )
        for session in Session.objects.filter(
            event=ticket.event_id, capacity__isnull=False, ends_at__gt=now
        ).order_by("starts_at", "title")
    ]


def choose_sessions(*, ticket: Ticket, slugs: Sequence[str], now: datetime) -> list[Session]:
    """Give a ticket exactly these sessions: new ones are claimed, the others given back.

    :raises InvalidInput: no such session, or two of them overlap
    :raises SessionFull: names the session; nothing was changed
    :raises TicketOver: the ticket is cancelled
    """
    with transaction.atomic():
        Event.objects.lock(ticket.event_id)
        ticket.refresh_from_db(fields=["state"])
        if ticket.state == Ticket.State.CANCELLED:
            raise TicketOver("This ticket is cancelled.")
        wanted = sessions_of(event=ticket.event, slugs=slugs)
        mine = set(ticket.session_places.values_list("session_id", flat=True))
        new = [one for one in wanted if one.pk not in mine]
        gone = mine - {one.pk for one in wanted}
        SessionPlace.objects.filter(ticket=ticket, session__in=gone).delete()
        free_sessions(session_ids=list(gone))
        claim_sessions(sessions=new, places=1)
        SessionPlace.objects.bulk_create(SessionPlace(ticket=ticket, session=one) for one in new)
        Ticket.objects.filter(pk=ticket.pk).update(changed_at=now)
    return wanted
