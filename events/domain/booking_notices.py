"""Who is told what happened to a booking?

Those who speak for the venue and whoever holds it, but not the doer.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from events.models import Booking, Venue
from outbox.domain.mail_queue import Draft, queue_messages

PURPOSE = "booking"
WARNED_BEFORE = timedelta(days=3)  # before a hold lapses
HAPPENINGS = ("held", "confirmed", "released", "moved", "moved-up", "lapsed", "lapsing")


def tell(
    *, booking: Booking, what: str, now: datetime, by: User | None = None, venues: Iterable[int] = ()
) -> None:
    """Queue a mail to each; what: one of HAPPENINGS. venues: ids of further venues that are concerned."""
    concerned = {booking.space.venue_id, *venues}
    people = set(
        User.objects.filter(is_active=True, pk__in=_people_of(concerned), email__gt="").values_list(
            "pk", flat=True
        )
    )
    people.add(booking.held_by_id)
    if by is not None:
        people.discard(by.pk)
    drafts = [_draft(booking, what, person, f"{now:%Y%m%dT%H%M%S%f}") for person in sorted(people)]
    queue_messages(drafts=drafts, now=now)


def warn_before_lapse(*, booking: Booking, now: datetime) -> None:
    """Whoever holds it is reminded in time; the composer drops the mail where it is no longer true."""
    if booking.hold_until is None or booking.hold_until - WARNED_BEFORE <= now:
        return
    draft = _draft(booking, "lapsing", booking.held_by_id, f"{booking.hold_until:%Y%m%dT%H%M}")
    queue_messages(
        drafts=[Draft(**{**draft.__dict__, "send_at": booking.hold_until - WARNED_BEFORE})], now=now
    )


def _people_of(venues: set[int]) -> Any:
    return Venue.people.through.objects.filter(venue__in=venues).values("user")


def _draft(booking: Booking, what: str, person: int, moment: str) -> Draft:
    context = {"booking": booking.pk, "what": what, "to": person}
    if what == "lapsing" and booking.hold_until is not None:
        context["hold_until"] = booking.hold_until.isoformat()
    return Draft(purpose=PURPOSE, key=f"{booking.pk}:{what}:{moment}:{person}", context=context)
