"""How does a ticket look on paper? A6 on A4, one for each attendee, readable by everybody."""

import re
from collections.abc import Callable, Iterable

from django.conf import settings
from django.template.loader import render_to_string

from printing.pdf import render_pdf, render_pdf_in_parts
from tickets.domain import codes
from tickets.models import Registration, Ticket
from tickets.qr import qr_svg, ticket_address

PART = 20  # tickets laid out before we say how far we are
# Emoji with what joins them and the letters of flags: the fonts of paper hold few of them, and none joined.
_PICTURES = re.compile(r"[\U0001f000-\U0001fbff\U000e0020-\U000e007f][\ufe0f\u200d]*")


def tickets_pdf(*, registration: Registration) -> bytes:
    """All tickets of a registration that still hold a place, a page each."""
    tickets = (
        registration.tickets.taking_a_place()
        .select_related("event__venue", "event__series")
        .prefetch_related("event__strands")
        .order_by("serial")
    )
    return render_pdf(
        html=render_to_string("tickets/print.html", {"tickets": [printed(one) for one in tickets]})
    )


def tickets_pdf_in_parts(*, registration: Registration, after_part: Callable[[int], None]) -> bytes:
    """The same for a large party, some tickets at a time; after_part is told how many are done."""
    tickets = list(
        registration.tickets.taking_a_place()
        .select_related("event__venue", "event__series")
        .prefetch_related("event__strands")
        .order_by("serial")
    )
    parts = (
        render_to_string(
            "tickets/print.html", {"tickets": [printed(one) for one in tickets[start : start + PART]]}
        )
        for start in range(0, len(tickets), PART)
    )
    return render_pdf_in_parts(parts=parts, after_part=after_part)


def data_pdf(*, rows: Iterable[tuple[str, str]], reference: str) -> bytes:
    """What we hold of a registration, (what, value) a row, to read and to keep."""
    kept = [(what, _PICTURES.sub("", value)) for what, value in rows]
    return render_pdf(
        html=render_to_string("desk/public/data_print.html", {"rows": kept, "reference": reference})
    )


def printed(ticket: Ticket) -> dict:
    """What a ticket shows, on paper and on the screen: plain values."""
    code = codes.ticket_code(ticket.event_id, ticket.serial, ticket.generation)
    return {
        "ticket": ticket,
        "event": ticket.event,
        "name": ticket.name or f"Guest {ticket.serial}",
        "name_on_paper": _PICTURES.sub("", ticket.name).strip() or f"Guest {ticket.serial}",
        "code": code,
        "typed": f"{code[:5]} {code[5:10]}",
        "rest": " ".join(code[start : start + 4] for start in range(10, len(code), 4)),
        "qr": qr_svg(ticket_address(code), title="QR code of your ticket. Show it at the door."),
        "site": settings.SITE_URL,
    }
