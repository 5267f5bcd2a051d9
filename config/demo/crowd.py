"""Who signed up, and what became of it before the day?

Singles, families, a group, guardians, changes of mind.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from config.demo.people import Crowd
from events.models import Event
from tickets.domain.changes import cancel_registration, confirm_by_guardian, correct_name, reissue_code
from tickets.domain.groups import Party, register_group
from tickets.domain.places import SessionFull
from tickets.domain.registration import Attendee, Contact, register
from tickets.models import Guardian, Registration, Ticket

GUARDIANS_ANSWER = 0.96  # share that says yes in time
PHOTO_YES = 0.55
NEWS_YES = 0.2
CHOOSES_SESSIONS = 0.6


@dataclass
class SignedUp:
    """What was planted for one edition, in the order of signing up. attendees may come again elsewhere."""

    registrations: list[Registration] = field(default_factory=list)
    attendees: list[Attendee] = field(default_factory=list)


def sign_up_crowd(
    *,
    event: Event,
    crowd: Crowd,
    singles: int,
    families: int,
    opens_at: datetime,
    closes_at: datetime,
    again: Sequence[Attendee] = (),
) -> SignedUp:
    """Register people between two moments. again: people who came to another edition sign up here too."""
    parties: list[list[Attendee]] = [[one] for one in again]
    parties += [[crowd.attendee()] for _ in range(singles)]
    parties += [crowd.family(2 if number % 3 else 3) for number in range(families)]
    crowd.random.shuffle(parties)
    done = SignedUp()
    step = (closes_at - opens_at) / max(1, len(parties))
    for number, party in enumerate(parties):
        at = opens_at + step * (number + crowd.random.random())
        done.registrations.append(_sign_up(event, crowd, party, at, closes_at))
        done.attendees += party
    return done


def sign_up_group(
    *,
    event: Event,
    crowd: Crowd,
    organisation: str,
    heads: dict[str, int],
    adults: int,
    named: int,
    at: datetime,
) -> Registration:
    """A party on one lead's address; the first named tickets have got their names."""
    lead = crowd.adult()
    party = Party(organisation=organisation, heads=heads, adults=adults, borough=crowd.borough())
    registration = register_group(
        event=event, lead=lead, party=party, declares_consent=True, vouched_by="registrar", now=at
    ).registration
    young = registration.tickets.filter(is_adult_of_group=False).order_by("serial")[:named]
    for ticket in young:
        name = crowd.attendee(age=18).name
        correct_name(ticket=ticket, name=name, now=at + timedelta(days=2))
    return registration


def change_minds(
    *, registrations: Sequence[Registration], cancelled: int, reissued: int, now: datetime
) -> None:
    """Some can't come and say so; some lost their ticket and got a new code."""
    ready = [one for one in registrations if one.state == Registration.State.CONFIRMED]
    for registration in ready[:: max(1, len(ready) // max(1, cancelled))][:cancelled]:
        cancel_registration(registration=registration, now=now)
    for registration in ready[1 :: max(1, len(ready) // max(1, reissued))][:reissued]:
        ticket = registration.tickets.first()
        if ticket is not None and ticket.state == Ticket.State.VALID:
            reissue_code(ticket=ticket, now=now)


def _sign_up(
    event: Event, crowd: Crowd, party: list[Attendee], at: datetime, closes_at: datetime
) -> Registration:
    first = party[0]
    lead = (
        first.guardian if first.guardian and first.age < 13 else Contact(name=first.name, email=first.email)
    )
    sign_up = partial(
        register,
        event=event,
        lead=lead,
        attendees=party,
        vouched_by=Registration.Vouched.REGISTRAR,
        now=at,
        photo=crowd.random.random() < PHOTO_YES,
        news=crowd.random.random() < NEWS_YES,
    )
    try:
        registered = sign_up(sessions=_choose_sessions(event, crowd))
    except SessionFull:
        registered = sign_up()
    for guardian in Guardian.objects.filter(
        ticket__registration=registered.registration, answer=Guardian.Answer.ASKED
    ):
        answers_at = at + timedelta(hours=crowd.random.uniform(0.2, 30))
        if answers_at < closes_at and crowd.random.random() < GUARDIANS_ANSWER:
            confirm_by_guardian(
                guardian=guardian, now=answers_at, may_leave_alone=crowd.random.random() < 0.3
            )
    return registered.registration


def _choose_sessions(event: Event, crowd: Crowd) -> list[str]:
    """One or two that do not overlap, for most people."""
    if crowd.random.random() > CHOOSES_SESSIONS:
        return []
    limited = [one for one in event.sessions.all() if one.capacity is not None]
    crowd.random.shuffle(limited)
    chosen = limited[:1]
    for one in limited[1:]:
        if all(one.starts_at >= other.ends_at or one.ends_at <= other.starts_at for other in chosen):
            chosen.append(one)
            break
    return [one.slug for one in chosen]
