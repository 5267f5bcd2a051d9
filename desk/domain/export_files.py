"""Which rows of an edition go into a file, for whom, and for how long?

No address, no phone, no access need: those open one at a time, for a reason (desk_deeds).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from accounts.models import User
from desk.models import Export
from door.models import Admission, CheckIn
from events.models import Event
from foundation import change_log
from foundation.wall_time import wall_time
from tickets.models import Ticket

KEPT = timedelta(hours=24)
CHUNK = 500  # rows between two words of progress
Cell = str | int | None

REGISTRATION_COLUMNS = [
    "reference",
    "kind",
    "state",
    "registered",
    "by way of",
    "school or club",
    "ticket",
    "ticket state",
    "name",
    "age",
    "age band",
    "lives in",
    "adult of a group",
    "photos allowed",
    "guardian",
    "sessions",
    "came",
]
CHECK_IN_COLUMNS = [
    "scanned",
    "recorded",
    "gate",
    "door",
    "direction",
    "verdict",
    "shown offline",
    "reference",
    "ticket",
    "override reason",
    "undone",
    "practice",
    "kept for review",
]


def ask_for_export(*, event: Event, kind: str, format: str, by: User, now: datetime) -> Export:
    """Put a file in the queue. Asking again while it is under way asks for nothing new."""
    with transaction.atomic():
        there = (
            Export.objects.defer("content")
            .filter(event=event, kind=kind, format=format, asked_by=by, state__in=Export.OPEN)
            .first()
        )
        if there is not None:
            return there
        export = Export.objects.create(
            event=event,
            kind=kind,
            format=format,
            asked_by=by,
            asked_at=now,
            due_at=now,
            expires_at=now + KEPT,
        )
        change_log.note(
            about=export,
            event_id=event.pk,
            did=f"asked for a file of {export.get_kind_display().lower()}",
            by=by,
            now=now,
            looked=True,
        )
    return export


def exports_of(*, event: Event, by: User, now: datetime) -> QuerySet[Export]:
    """What this person asked for and may still fetch: nobody else's, nothing old.

    Without the files themselves.
    """
    return Export.objects.filter(event=event, asked_by=by, expires_at__gt=now).defer("content")


def fetch(*, event: Event, uid: UUID, by: User, now: datetime) -> Export | None:
    """The finished file, and a line that says who fetched it. None: not theirs, not ready or gone."""
    with transaction.atomic():
        export = Export.objects.filter(
            event=event, uid=uid, asked_by=by, expires_at__gt=now, state=Export.State.DONE
        ).first()
        if export is not None:
            change_log.note(
                about=export,
                event_id=event.pk,
                did=f"fetched a file of {export.get_kind_display().lower()}",
                by=by,
                now=now,
                looked=True,
            )
    return export


def count_rows(*, export: Export) -> None:
    """Note how many rows there will be, for the progress."""
    Export.objects.filter(pk=export.pk).update(rows_done=0, rows_in_all=_rows(export).count())


def table_of(*, export: Export) -> Iterator[list[Cell]]:
    """The heading, then a row each; says how far it is after each chunk."""
    registrations = export.kind == Export.Kind.REGISTRATIONS
    yield list(REGISTRATION_COLUMNS if registrations else CHECK_IN_COLUMNS)
    done, last = 0, 0
    while chunk := list(_rows(export).filter(pk__gt=last).order_by("pk")[:CHUNK]):
        for row in chunk:
            yield _ticket_row(row) if registrations else _check_in_row(row)
        done, last = done + len(chunk), chunk[-1].pk
        Export.objects.filter(pk=export.pk).update(rows_done=done)


def drop_old_exports(*, now: datetime) -> int:
    """Files hold names: none is kept for more than 24 hours."""
    return Export.objects.filter(expires_at__lte=now).delete()[0]


def _rows(export: Export) -> Any:
    if export.kind == Export.Kind.REGISTRATIONS:
        at_the_entrance = Admission.objects.standing().filter(ticket=OuterRef("pk"), door_list__session=None)
        return (
            Ticket.objects.for_event(export.event_id)
            .select_related("registration", "guardian")
            .prefetch_related("session_places__session")
            .annotate(came=Subquery(at_the_entrance.values("admitted_at")[:1]))
        )
    return CheckIn.objects.filter(event=export.event_id).select_related(
        "gate", "door_list__session", "ticket__registration", "undone_by"
    )


def _ticket_row(ticket: Ticket) -> list[Cell]:
    registration, guardian = ticket.registration, getattr(ticket, "guardian", None)
    return [
        registration.reference,
        registration.get_kind_display(),
        registration.state,
        _moment(registration.created_at),
        registration.get_source_display(),
        registration.organisation,
        ticket.serial,
        ticket.state,
        ticket.name,
        ticket.age,
        ticket.age_band,
        ticket.get_borough_display(),
        _yes(ticket.is_adult_of_group),
        _yes(not ticket.no_photos),
        guardian.get_answer_display() if guardian else "",
        "; ".join(place.session.title for place in ticket.session_places.all()),
        _moment(came) if (came := getattr(ticket, "came", None)) else "",
    ]


def _check_in_row(scan: CheckIn) -> list[Cell]:
    ticket, session = scan.ticket, scan.door_list.session
    return [
        _moment(scan.happened_at),
        _moment(scan.recorded_at),
        scan.gate.name if scan.gate else "",
        session.title if session else "Entrance",
        scan.get_direction_display(),
        scan.verdict,
        scan.decided,
        ticket.registration.reference if ticket else "",
        ticket.serial if ticket else None,
        scan.override_reason,
        _yes(getattr(scan, "undone_by", None) is not None),
        _yes(scan.is_practice),
        _yes(scan.is_quarantined),
    ]


def _moment(moment: datetime) -> str:
    """As on the clock in Liverpool, with its offset."""
    return wall_time(moment).isoformat(timespec="seconds")


def _yes(value: bool) -> str:
    return "yes" if value else "no"
