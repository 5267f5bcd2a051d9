"""What is answered to the steward about one scan?"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from door.domain.ticket_lookup import KnownTicket, Post
from door.domain.verdicts import NOT_OURS, Belonging, Direction, Facts, Presence, Verdict, sentence
from tickets.models import SessionPlace

LONDON = ZoneInfo("Europe/London")
GUARDED_BELOW = 16  # years; an under-16's exit asks who collects them


@dataclass(frozen=True)
class TicketShown:
    """What a steward may see of a person. flags: no_photos, under_16, may_leave_alone, group_adult, group."""

    serial: int
    first_name: str
    initial: str
    age_band: str
    flags: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """The answer to one scan. standing: what holds now of this scan;
    inside counts people at this door list."""

    scan_id: UUID
    verdict: str
    standing: str
    message: str
    ticket: TicketShown | None
    first_admitted_at: datetime | None
    gate: str
    inside: int
    safe_capacity: int | None
    is_replay: bool = False


def facts_of(
    *,
    post: Post,
    ticket: KnownTicket | None,
    direction: Direction,
    at: datetime,
    state: str | None = None,
    admission: Presence,
    inside: int,
    holds_capacity: bool = True,
) -> Facts:
    """state: the ticket's state to judge by; None for the present one."""
    known: Belonging
    known = "none" if ticket is None else "this-event" if ticket.event_id == post.event_id else "other-event"
    return Facts(
        direction=direction,
        ticket=known,
        at=at,
        opens_at=post.opens_at,
        closes_at=post.closes_at,
        code_is_replaced=bool(ticket and ticket.replaced_at and ticket.replaced_at <= at),
        state=state or (ticket.state if ticket else ""),
        expected_here=post.session_id is None or post.session_is_open or bool(ticket and ticket.has_place),
        admission=admission,
        inside=inside,
        safe_capacity=post.safe_capacity if holds_capacity else None,
    )


def shown(ticket: KnownTicket | None, verdict: str) -> TicketShown | None:
    """Nothing of a stranger, and nothing of another event's people."""
    if ticket is None or verdict in NOT_OURS:
        return None
    first_name, initial = short_name(ticket.name)
    return TicketShown(
        serial=ticket.serial,
        first_name=first_name,
        initial=initial,
        age_band=ticket.age_band,
        flags=flags_of(
            age=ticket.age,
            no_photos=ticket.no_photos,
            may_leave_alone=ticket.may_leave_alone,
            is_adult_of_group=ticket.is_adult_of_group,
            is_group=ticket.is_group,
        ),
    )


def short_name(name: str) -> tuple[str, str]:
    """First name and the initial of the last one: ("Ada", "L"); one word has no initial."""
    words = name.split()
    if not words:
        return "", ""
    return words[0], words[-1][0] if len(words) > 1 else ""


def flags_of(
    *, age: int | None, no_photos: bool, may_leave_alone: bool, is_adult_of_group: bool, is_group: bool
) -> tuple[str, ...]:
    under_16 = age is not None and age < GUARDED_BELOW
    flags = {
        "no_photos": no_photos,
        "under_16": under_16,
        "may_leave_alone": under_16 and may_leave_alone,
        "group": is_group,
        "group_adult": is_adult_of_group,
    }
    return tuple(name for name, holds in flags.items() if holds)


def message(
    *,
    verdict: str,
    post: Post,
    at: datetime,
    ticket: KnownTicket | None,
    admitted_at: datetime | None = None,
    gate_name: str = "",
) -> str:
    """The steward's sentence. One query, and only for wrong_session."""
    parts = {"opens": wall_clock(post.opens_at), "closes": wall_clock(post.closes_at)}
    if admitted_at:
        parts["time"] = wall_clock(admitted_at)
    if gate_name:
        parts["gate"] = gate_name
    if verdict == Verdict.WRONG_SESSION and ticket:
        parts |= _right_room(ticket=ticket, at=at)
    return sentence(verdict, **parts)


def wall_clock(instant: datetime) -> str:
    return instant.astimezone(LONDON).strftime("%H:%M")


def _right_room(*, ticket: KnownTicket, at: datetime) -> dict[str, str]:
    place = (
        SessionPlace.objects.select_related("session__space")
        .filter(ticket_id=ticket.id, session__ends_at__gt=at)
        .order_by("session__starts_at")
        .first()
    )
    if place is None:
        return {}
    session = place.session
    room = session.space.name if session.space else session.title
    return {"room": room, "time": wall_clock(session.starts_at)}
