"""Which tickets do these codes open? Full codes of any event, typed short ones of this event only."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from door.domain.ticket_lookup import KnownTicket, Post, wanted_fingerprint
from tickets.models import Registration, ReplacedCode, SessionPlace, Ticket


def tickets_by_code(*, post: Post, sent: set[str]) -> dict[str, KnownTicket]:
    """Codes as they were sent, to the tickets that they open. Full codes of any event, short ones of this."""
    wanted = {code: wanted_fingerprint(code) for code in sent}
    full = {code: key for code, (key, is_short) in wanted.items() if key and not is_short}
    short = {code: key for code, (key, is_short) in wanted.items() if key and is_short}
    if not full and not short:
        return {}
    mine = Q(event=post.event_id, short_fingerprint__in=set(short.values()))
    found = tickets_where(Q(fingerprint__in=set(full.values())) | mine, session_id=post.session_id)
    by_full = {bytes(ticket_key[0]): ticket for ticket_key, ticket in found.items()}
    by_short = {
        bytes(ticket_key[1]): ticket
        for ticket_key, ticket in found.items()
        if ticket.event_id == post.event_id
    }
    replaced = ReplacedCode.objects.filter(
        Q(fingerprint__in=set(full.values()))
        | Q(ticket__event=post.event_id, short_fingerprint__in=set(short.values()))
    )
    replaced_rows = {row.ticket_id: row for row in replaced}
    if replaced_rows:
        older = tickets_where(Q(pk__in=replaced_rows), session_id=post.session_id)
        for ticket in older.values():
            row = replaced_rows[ticket.id]
            before = _replaced(ticket, row.replaced_at)
            by_full.setdefault(bytes(row.fingerprint), before)
            by_short.setdefault(bytes(row.short_fingerprint), before)
    found_for = {c: by_full.get(key) for c, key in full.items()} | {
        c: by_short.get(key) for c, key in short.items()
    }
    return {code: ticket for code, ticket in found_for.items() if ticket is not None}


def tickets_where(where: Q, *, session_id: int | None) -> dict[tuple[bytes, bytes], KnownTicket]:
    """Tickets by their two fingerprints. Two queries."""
    rows = list(
        Ticket.objects.filter(where).values(
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
            kind=F("registration__kind"),
            ended_at=F("registration__ended_at"),
            confirmed_at=F("guardian__answered_at"),
        )
    )
    placed = set()
    if session_id is not None:
        placed = set(
            SessionPlace.objects.filter(
                session=session_id, ticket__in=[row["id"] for row in rows]
            ).values_list("ticket_id", flat=True)
        )
    values: list[dict[str, Any]] = [dict(row) for row in rows]
    return {
        (bytes(row.pop("fingerprint")), bytes(row.pop("short_fingerprint"))): KnownTicket(
            is_group=row.pop("kind") == Registration.Kind.GROUP,
            replaced_at=None,
            has_place=row["id"] in placed,
            **row,
        )
        for row in values
    }


def _replaced(ticket: KnownTicket, replaced_at: datetime) -> KnownTicket:
    return replace(ticket, replaced_at=replaced_at)
