"""In which words does the desk say what a registration holds, ticket by ticket?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime

from door.models import Admission
from tickets.models import Guardian, Registration, Ticket


@dataclass(frozen=True)
class ContactFact:
    """A way to reach whoever registered."""

    label: str
    words: str


@dataclass(frozen=True)
class TicketRow:
    """A ticket as the table shows it; change is an address, empty where nothing can be changed any more."""

    ticket: Ticket
    name: str
    age: str
    guardian: str
    guardian_how: str
    sessions: str
    at_the_door: str
    is_off: bool
    change: str


def contact_facts(registration: Registration, *, has_children: bool) -> list[ContactFact]:
    """Children's own addresses are shown to nobody; a group's lead is an adult."""
    if has_children:
        is_group = registration.kind == Registration.Kind.GROUP
        return [ContactFact("E-mail of the lead", registration.lead_email)] if is_group else []
    facts = [ContactFact("E-mail", registration.lead_email)]
    if registration.lead_phone:
        facts.append(ContactFact("Phone", registration.lead_phone))
    return facts


def ticket_rows(
    registration: Registration, *, tickets: Iterable[Ticket], admissions: Iterable[Admission]
) -> list[TicketRow]:
    """admissions: those that stand, with their door list and its session."""
    entered: dict[int, list[str]] = {}
    for one in admissions:
        entered.setdefault(one.ticket_id, []).append(_entered(one))
    return [
        _row(registration, ticket, at_the_door=", ".join(entered.get(ticket.pk, []))) for ticket in tickets
    ]


def _row(registration: Registration, ticket: Ticket, *, at_the_door: str) -> TicketRow:
    guardian, how = _guardian(getattr(ticket, "guardian", None))
    is_off = ticket.state == Ticket.State.CANCELLED
    where = [registration.event.slug, registration.reference, ticket.serial]
    return TicketRow(
        ticket=ticket,
        name=ticket.name or "No name yet",
        age=ticket.age_band if ticket.age is None else str(ticket.age),
        guardian=guardian,
        guardian_how=how,
        sessions=", ".join(place.session.title for place in ticket.session_places.all()),
        at_the_door=at_the_door,
        is_off=is_off,
        change="" if is_off else reverse("desk-ticket", args=where),
    )


def _guardian(guardian: Guardian | None) -> tuple[str, str]:
    """What they said and when, and how."""
    if guardian is None:
        return "", ""
    if guardian.answer == Guardian.Answer.ASKED:
        return f"Asked {_moment(guardian.asked_at)}, no answer", ""
    said = f"{guardian.get_answer_display()} {_moment(guardian.answered_at)}"
    return said.strip(), guardian.get_answered_how_display()


def _entered(admission: Admission) -> str:
    session = admission.door_list.session
    return _moment(admission.admitted_at) + (f" ({session.title})" if session else "")


def _moment(at: datetime | None) -> str:
    return date_format(localtime(at), "j M, H:i") if at else ""
