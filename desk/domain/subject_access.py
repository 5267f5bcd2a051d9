"""What do we hold about the people of a registration? Everything, in plain words."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, cast

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from door.models import CheckIn, ContactOpened
from outbox.models import Message
from tickets.domain.meetings import meetings_kept
from tickets.domain.owner_links import waiting_entries_of
from tickets.models import Registration, Ticket, WaitingListEntry

# Upper floors add what they hold: a name for it, and a question that takes the ids of the tickets.
_more: dict[str, Callable[[list[int]], list]] = {}


def register(name: str, question: Callable[[list[int]], list]) -> None:
    """question answers plain values about the tickets with these ids."""
    _more[name] = question


def my_data(*, registration: Registration) -> dict:
    """All we hold, as plain values: for the page, and as the file to take away.

    Never in it: another registration's people, the secrets that open links, and the codes.
    """
    tickets = list(
        registration.tickets.select_related("guardian", "emergency_contact", "access_need")
        .prefetch_related("consents", "session_places__session", "replaced_codes")
        .order_by("serial")
    )
    ids = [ticket.pk for ticket in tickets]
    scans = _scans(ids)
    return {
        "event": registration.event.title,
        "reference": registration.reference,
        "registered_at": registration.created_at.isoformat(),
        "registered_by": registration.get_source_display(),
        "kind": registration.get_kind_display(),
        "state": registration.get_state_display(),
        "held_until": _moment(registration.hold_until),
        "ended_at": _moment(registration.ended_at),
        "lead": {
            "name": registration.lead_name,
            "email": registration.lead_email,
            "phone": registration.lead_phone,
            "organisation": registration.organisation,
            "adults": registration.adults,
        },
        "tickets": [_ticket(ticket, scans.get(ticket.pk, [])) for ticket in tickets],
        "meetings_kept": [
            {"ticket": serial, "with": one.name, "kept_at": one.kept_at.isoformat()}
            for serial, met in meetings_kept(registration=registration).items()
            for one in met
        ],
        "waiting_list": _waiting(registration),
        "mails": _mails(registration, ids),
        "contact_opened": _contact_opened(ids),
        "changed_by_staff": _changes(registration, ids),
        **{name: question(ids) for name, question in _more.items()},
    }


def waiting_data(*, entry: WaitingListEntry) -> dict:
    """All we hold about somebody who waits."""
    return {
        "email": entry.email,
        "organisation": entry.organisation,
        "event": entry.event.title,
        "session": entry.session.title if entry.session else None,
        "places": entry.party_size,
        "state": entry.get_state_display(),
        "joined_at": entry.joined_at.isoformat(),
        "offered_at": _moment(entry.offered_at),
        "offer_until": _moment(entry.offer_until),
        "mails": _sent(Q(key=f"waiting:{entry.pk}")),
    }


def as_rows(held: dict) -> Iterator[tuple[str, str]]:
    """The same as pairs of where and what, for a table: tickets 1 name, Ada."""
    yield from _rows("", held)


def _rows(where: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _rows(f"{where} {key.replace('_', ' ')}".strip(), inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            yield from _rows(f"{where} {number}", inner)
    else:
        yield where, "" if value is None else str(value)


def _ticket(ticket: Ticket, scans: list[CheckIn]) -> dict:
    return {
        "number": ticket.serial,
        "name": ticket.name,
        "age_on_the_day": ticket.age,
        "age_band": ticket.age_band,
        "borough": ticket.get_borough_display(),
        "state": ticket.get_state_display(),
        "issued_at": _moment(ticket.issued_at),
        "code_number": ticket.generation,
        "is_adult_of_group": ticket.is_adult_of_group,
        "no_photos": ticket.no_photos,
        "may_leave_alone": ticket.may_leave_alone,
        "known_again_by": "keyed digests of name and contact" if ticket.person_id else None,
        "guardian": _contact(getattr(ticket, "guardian", None)),
        "emergency_contact": _contact(getattr(ticket, "emergency_contact", None)),
        "access_needs": ticket.access_need.text if hasattr(ticket, "access_need") else None,
        "sessions": [place.session.title for place in ticket.session_places.all()],
        "choices": [
            {
                "about": one.get_kind_display(),
                "wording": one.wording_version,
                "given_at": one.given_at.isoformat(),
                "withdrawn_at": _moment(one.withdrawn_at),
            }
            for one in ticket.consents.all()
        ],
        "scans": [
            {
                "at": scan.happened_at.isoformat(),
                "gate": scan.gate.name if scan.gate else None,
                "direction": scan.direction,
                "answer": scan.verdict,
                "let_in_because": scan.override_reason or None,
                "taken_back_because": scan.undo_reason or None,
                "how_they_left": scan.get_collection_display() or None,
            }
            for scan in scans
        ],
    }


def _scans(ids: list[int]) -> dict[int, list[CheckIn]]:
    """The scans of each ticket, in the order in which they were stored. One query."""
    scans: dict[int, list[CheckIn]] = {}
    for scan in CheckIn.objects.filter(ticket__in=ids).select_related("gate").order_by("pk"):
        scans.setdefault(cast(int, scan.ticket_id), []).append(scan)
    return scans


def _contact(contact: Any) -> dict | None:
    if contact is None:
        return None
    answer, how = (getattr(contact, f"get_{one}_display", None) for one in ("answer", "answered_how"))
    return {
        "name": contact.name,
        "email": getattr(contact, "email", ""),
        "phone": contact.phone,
        "answer": answer() if answer else None,
        "answered_how": (how() or None) if how else None,
    }


def _waiting(registration: Registration) -> list[dict]:
    return [waiting_data(entry=entry) for entry in waiting_entries_of(registration=registration)]


def _mails(registration: Registration, ticket_ids: list[int]) -> list[dict]:
    keys = [f"ticket:{pk}" for pk in ticket_ids] + [f"guardian:{pk}" for pk in ticket_ids]
    whole = f"registration:{registration.pk}"
    mine = Q(key__in=keys) | Q(key=whole) | Q(key__startswith=f"{whole}:")
    return _sent(mine)


def _sent(which: Q) -> list[dict]:
    return [
        {"about": mail.purpose, "state": mail.get_state_display(), "sent_at": _moment(mail.ended_at)}
        for mail in Message.objects.filter(which).order_by("pk")
    ]


def _contact_opened(ticket_ids: list[int]) -> list[dict]:
    return [
        {"at": opened.opened_at.isoformat(), "reason": opened.reason}
        for opened in ContactOpened.objects.filter(ticket__in=ticket_ids).order_by("pk")
    ]


def _changes(registration: Registration, ticket_ids: list[int]) -> list[dict]:
    """What the change log says, without the names of staff."""
    kinds = ContentType.objects.get_for_models(Registration, Ticket)
    mine = Q(content_type=kinds[Registration], object_id=registration.pk) | Q(
        content_type=kinds[Ticket], object_id__in=ticket_ids
    )
    return [
        {
            "at": entry.timestamp.isoformat(),
            "what": entry.get_action_display(),
            "fields": ", ".join(sorted(entry.changes or {})),
        }
        for entry in LogEntry.objects.filter(mine).order_by("pk")
    ]


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
