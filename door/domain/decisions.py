"""What is answered to the steward about one scan?"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from door.domain.devices import Post
from door.domain.standing import History
from door.domain.ticket_lookup import KnownTicket
from door.domain.verdicts import NOT_OURS, Verdict, sentence
from door.models import Admission, CheckIn
from tickets.domain.age_rules import needs_guardian
from tickets.models import SessionPlace

LONDON = ZoneInfo("Europe/London")


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


def answer_to(
    row: CheckIn,
    *,
    post: Post,
    history: History,
    ticket: KnownTicket | None,
    inside: int,
    is_replay: bool,
) -> Decision:
    """About a stored scan: its verdict, and what holds of it now. A query only for wrong_session."""
    is_ours = row.verdict not in NOT_OURS
    admission = history.admission
    admitted_at = admission.admitted_at if admission else None
    gate_slug, gate_name = _gate_of(admission, post) if admission else ("", "")
    parts = {"opens": wall_clock(post.opens_at), "closes": wall_clock(post.closes_at)}
    if admitted_at:
        parts["time"] = wall_clock(admitted_at)
    if gate_name:
        parts["gate"] = gate_name
    if row.verdict == Verdict.WRONG_SESSION and ticket:
        parts |= _right_room(ticket=ticket, at=row.happened_at)
    return Decision(
        scan_id=row.scan_id,
        verdict=row.verdict,
        standing=history.of_scan(row),
        message=sentence(row.verdict, **parts),
        ticket=shown(ticket, row.verdict),
        first_admitted_at=admitted_at if is_ours else None,
        gate=gate_slug if admission and is_ours else post.gate_slug,
        inside=inside,
        safe_capacity=post.safe_capacity,
        is_replay=is_replay,
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
    under_16 = needs_guardian(age=age)
    flags = {
        "no_photos": no_photos,
        "under_16": under_16,
        "may_leave_alone": under_16 and may_leave_alone,
        "group": is_group,
        "group_adult": is_adult_of_group,
    }
    return tuple(name for name, holds in flags.items() if holds)


def wall_clock(instant: datetime) -> str:
    return instant.astimezone(LONDON).strftime("%H:%M")


def _gate_of(admission: Admission, post: Post) -> tuple[str, str]:
    """Slug and name of the gate of the scan that stands; that of the post is known without asking."""
    check_in = admission.check_in
    if check_in.gate_id == post.gate_id:
        return post.gate_slug, post.gate_name
    return (check_in.gate.slug, check_in.gate.name) if check_in.gate else ("", "")


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
