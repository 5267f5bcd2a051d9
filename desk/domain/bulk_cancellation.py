"""Which registrations fit a pattern, and how are they all cancelled at once? For what bots made (SE-08)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User
from desk.domain.registration_lists import Wanted, registrations
from door.models import Admission
from events.models import Event
from foundation import change_log
from foundation.refusals import InvalidInput, Refusal
from outbox.domain.mail_queue import Draft, drop_messages, queue_messages
from people.domain.names import text_fault
from tickets.domain.places import free_places, free_sessions
from tickets.domain.waiting_list import leave_sessions
from tickets.models import Registration, SessionPlace, Ticket

AT_ONCE = 500  # rows in one statement
SHOWN = 20
SHORTEST_REASON = 5  # characters


class OthersByNow(Refusal):
    slug = "others-by-now"
    title = "More or fewer fit by now"


@dataclass(frozen=True)
class Preview:
    """What would be cancelled: counts, the newest of them, and how many are left alone because they came."""

    registrations: int
    tickets: int
    groups: int
    came: int
    rows: list[Registration]


def preview(*, event: Event, wanted: Wanted) -> Preview:
    """Eight queries, whatever their number. Nothing fits where nothing is asked for."""
    fit = _fitting(event, wanted)
    tickets = Ticket.objects.taking_a_place().filter(registration__in=fit.order_by().values("pk"))
    standing = registrations(event=event, wanted=wanted).filter(ended_at__isnull=True)
    came = 0 if wanted.is_anything else standing.filter(_came()).count()
    return Preview(
        registrations=fit.count(),
        tickets=tickets.count(),
        groups=fit.filter(kind=Registration.Kind.GROUP).count(),
        came=came,
        rows=list(fit.prefetch_related("tickets")[:SHOWN]),
    )


def cancel_fitting(
    *, event: Event, wanted: Wanted, matching: int, reason: str, tell: bool, by: User, now: datetime
) -> int:
    """Cancel all that fit and have not come, in one transaction; return how many registrations.

    matching is the number that was shown to whoever decided. Their places are free again.

    :raises InvalidInput: no reason, or nothing is asked for: all of an edition is cancelled elsewhere
    :raises OthersByNow: another number fits by now; nothing was cancelled
    """
    if wanted.is_anything:
        raise InvalidInput("Search or filter first: this cancels everything that the list shows.")
    words = "Say why, in a few words"
    if len(reason.strip()) < SHORTEST_REASON or text_fault(reason, lines=False):
        raise InvalidInput(words, fields={"reason": [words]})
    with transaction.atomic():
        event = Event.objects.lock(event.pk)
        ids = list(_fitting(event, wanted).values_list("pk", flat=True))
        if len(ids) != matching:
            raise OthersByNow(f"{len(ids)} fit by now, not {matching}. Look again, then decide.")
        for start in range(0, len(ids), AT_ONCE):
            _cancel(event, ids[start : start + AT_ONCE], tell=tell, now=now)
        told = "and told them" if tell else "without a mail"
        change_log.note(
            about=event,
            event_id=event.pk,
            did=f"cancelled {len(ids)} registrations {told}",
            reason=reason.strip(),
            by=by,
            now=now,
        )
    return len(ids)


def _fitting(event: Event, wanted: Wanted) -> QuerySet[Registration]:
    if wanted.is_anything:
        return Registration.objects.none()
    return registrations(event=event, wanted=wanted).filter(ended_at__isnull=True).exclude(_came())


def _came() -> Exists:
    return Exists(Admission.objects.standing().filter(ticket__registration=OuterRef("pk")))


def _cancel(event: Event, ids: Sequence[int], *, tell: bool, now: datetime) -> None:
    """In the caller's transaction, which holds the event's row."""
    tickets = list(Ticket.objects.taking_a_place().filter(registration__in=ids).values_list("pk", flat=True))
    places = SessionPlace.objects.filter(ticket__in=tickets)
    sessions = list(places.values_list("session_id", flat=True))
    places.delete()
    free_sessions(session_ids=sessions)
    leave_sessions(ticket_ids=tickets, now=now)
    Ticket.objects.filter(pk__in=tickets).update(state=Ticket.State.CANCELLED, changed_at=now)
    free_places(event_id=event.pk, places=len(tickets))
    drop_messages(
        purposes=["guardian", "guardian-reminder"], keys=[f"guardian:{ticket}" for ticket in tickets]
    )
    ended = Registration.objects.filter(pk__in=ids)
    ended.update(state=Registration.State.CANCELLED, ended_at=now, hold_until=None)
    if tell and event.status == Event.Status.PUBLISHED:
        with_address = ended.exclude(lead_email="").values_list("pk", flat=True)
        queue_messages(
            drafts=[
                Draft(purpose="ended", key=f"registration:{pk}", context={"registration": pk})
                for pk in with_address
            ],
            now=now,
        )
