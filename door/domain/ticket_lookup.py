"""What does the door know of the tickets behind these codes?

Full codes open tickets of any event, typed short ones of this event only; a replaced code opens the
ticket that it was replaced for, and says since when.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import F, Q

from door.domain.devices import Post
from tickets.domain import codes
from tickets.models import Registration, ReplacedCode, SessionPlace, Ticket

NO_CODE = b""  # the fingerprint of nothing


@dataclass(frozen=True, slots=True)
class KnownTicket:
    """A ticket as the door needs it. cancelled_at and confirmed_at: None where it is not so, or not known."""

    id: int
    event_id: int
    serial: int
    name: str
    age: int | None
    age_band: str
    state: str
    changed_at: datetime
    no_photos: bool
    may_leave_alone: bool
    is_adult_of_group: bool
    registration_id: int
    is_group: bool
    ended_at: datetime | None
    confirmed_at: datetime | None
    replaced_at: datetime | None
    has_place: bool

    def state_as_of(self, at: datetime) -> str:
        """A change that came after the scan does not make the scan wrong."""
        if self.state == Ticket.State.CANCELLED and (self.ended_at or self.changed_at) > at:
            return Ticket.State.VALID
        if self.state == Ticket.State.BLOCKED and self.changed_at > at:
            return Ticket.State.VALID
        if self.state == Ticket.State.VALID and self.confirmed_at and self.confirmed_at > at:
            return Ticket.State.ON_HOLD
        return self.state


def tickets_by_code(*, post: Post, sent: set[str]) -> dict[str, KnownTicket]:
    """Codes as they were sent, to the tickets that they open.

    One query; one more at a session's door, and one where a code opens no ticket of this event. What is no
    code at all is asked for too: by the clock nobody tells a wrong code from one that could be.
    """
    wanted = {code: wanted_fingerprint(code) for code in sent}
    full = {key for key, is_short in wanted.values() if key and not is_short}
    short = {key for key, is_short in wanted.values() if key and is_short}
    if not full and not short:
        full = {NO_CODE}
    where = Q(fingerprint__in=full)
    if short:
        where |= Q(event=post.event_id, short_fingerprint__in=short)
    by_key = _by_fingerprint(where, post)
    missing = {key for key in full | short if key not in by_key or by_key[key].event_id != post.event_id}
    if missing:
        by_key = _by_replaced_code(missing, post) | by_key
    found = {code: by_key.get(key) for code, (key, _) in wanted.items()}
    return {code: ticket for code, ticket in found.items() if ticket is not None}


def known_tickets(where: Q, *, session_id: int | None = None) -> list[tuple[bytes, bytes, KnownTicket]]:
    """Tickets, each with the fingerprints of its code and of its short code. One query; two for a session."""
    rows = Ticket.objects.filter(where).values(*_FIELDS, **_ELSEWHERE)
    placed: set[int] = set()
    if session_id is not None:
        places = SessionPlace.objects.filter(session=session_id, ticket__in=[row["id"] for row in rows])
        placed = set(places.values_list("ticket_id", flat=True))
    return [
        (
            bytes(row.pop("fingerprint")),
            bytes(row.pop("short_fingerprint")),
            KnownTicket(
                is_group=row.pop("kind") == Registration.Kind.GROUP,
                replaced_at=None,
                has_place=row["id"] in placed,
                **row,
            ),
        )
        for row in rows
    ]


def wanted_fingerprint(code: str) -> tuple[bytes, bool]:
    """The fingerprint to look for, and whether it is that of a typed short code;
    empty where it is no code."""
    full = codes.normalise_code(code)
    if full is not None:
        return codes.fingerprint(full), False
    typed = codes.normalise_typed_code(code)
    return (codes.short_fingerprint(typed), True) if typed else (b"", False)


def _by_fingerprint(where: Q, post: Post) -> dict[bytes, KnownTicket]:
    by_key: dict[bytes, KnownTicket] = {}
    for full, short, ticket in known_tickets(where, session_id=post.session_id):
        by_key[full] = ticket
        if ticket.event_id == post.event_id:
            by_key[short] = ticket
    return by_key


def _by_replaced_code(missing: set[bytes], post: Post) -> dict[bytes, KnownTicket]:
    here = Q(ticket__event=post.event_id, short_fingerprint__in=missing)
    rows = list(ReplacedCode.objects.filter(Q(fingerprint__in=missing) | here))
    if not rows:
        return {}
    where = Q(pk__in={row.ticket_id for row in rows})
    newest = {ticket.id: ticket for *_, ticket in known_tickets(where, session_id=post.session_id)}
    by_key = {}
    for row in rows:
        before = replace(newest[row.ticket_id], replaced_at=row.replaced_at)
        by_key[bytes(row.fingerprint)] = by_key[bytes(row.short_fingerprint)] = before
    return by_key


_FIELDS = (
    "id",
    "event_id",
    "serial",
    "name",
    "age",
    "age_band",
    "state",
    "changed_at",
    "no_photos",
    "may_leave_alone",
    "is_adult_of_group",
    "registration_id",
    "fingerprint",
    "short_fingerprint",
)
_ELSEWHERE = {
    "kind": F("registration__kind"),
    "ended_at": F("registration__ended_at"),
    "confirmed_at": F("guardian__answered_at"),
}
