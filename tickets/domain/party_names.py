"""Who are the people of a party? Names that were typed, pasted or sent as a file, row by row."""

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from events.models import Event
from foundation.refusals import InvalidInput
from people.domain.age_bands import AGE_BAND_LABELS, MAX_AGE, age_band
from people.domain.names import fold_name, name_fault
from tickets.domain.identities import identity_of, know_again, people_for
from tickets.domain.registration import AlreadyRegistered
from tickets.models import Registration, Ticket

MOST_BYTES = 200_000  # of a file
MOST_ROWS = 1_000  # the largest party is 600
ADULT_WORDS = {"adult", "teacher", "staff", "leader", "youth worker"}
HEADINGS = {"name", "full name", "names", "student", "pupil"}


@dataclass(frozen=True)
class Row:
    """number counts from 1 as the lead sees it. age None: not said. ticket None: no ticket is left for it."""

    number: int
    name: str
    age: int | None
    is_adult: bool
    fault: str = ""


def text_of(content: bytes) -> str:
    """What stands in a file, whichever program wrote it.

    :raises InvalidInput: too large, or no text
    """
    if len(content) > MOST_BYTES:
        raise InvalidInput("This file is too large. Send only names and ages.")
    for encoding in (
        ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    ):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InvalidInput("We cannot read this file. Save it as CSV, or paste the names.")


def read_rows(*, text: str) -> list[Row]:
    """One row a line: a name, and if you like an age or the word adult. Comma, semicolon or tab between.

    :raises InvalidInput: no list of names: too long, or a cell without end
    """
    if len(text) > MOST_BYTES:
        raise InvalidInput("This list is too long. Send only names and ages.")
    rows = []
    for number, cells in enumerate(_cells(text), start=1):
        if number > MOST_ROWS:
            raise InvalidInput(f"Send at most {MOST_ROWS:,} lines.")
        if not cells or (number == 1 and cells[0].casefold() in HEADINGS):
            continue
        name, about = cells[0], cells[1] if len(cells) > 1 else ""
        rows.append(_row(number, name, about))
    return rows


def name_party(*, registration: Registration, rows: list[Row], now: datetime) -> tuple[int, list[Row]]:
    """Give the party's tickets these names; all of them or, where one row cannot be, none.

    A name that a ticket bears already keeps that ticket. Returns how many tickets have a new name, and
    the rows that cannot be, each with its fault.

    :raises AlreadyRegistered: somebody has a ticket of their own for this event meanwhile
    """
    if not rows:
        raise InvalidInput("Enter at least one name.")
    try:
        with transaction.atomic():
            Event.objects.lock(registration.event_id)
            tickets = list(registration.tickets.taking_a_place().order_by("serial"))
            pairs, faulty = _match(registration, tickets, rows)
            if faulty:
                return 0, faulty
            for ticket, row in pairs:
                ticket.age, ticket.changed_at = row.age, now
            _give_people(registration, pairs, now)
            Ticket.objects.bulk_update(
                [ticket for ticket, _ in pairs], ["name", "age", "person", "changed_at"], batch_size=100
            )
    except IntegrityError as clash:
        raise AlreadyRegistered("One of them has a ticket of their own for this event.") from clash
    return len(pairs), []


def _give_people(registration: Registration, pairs: list[tuple[Ticket, Row]], now: datetime) -> None:
    """Who was named before stays the same person; the others are known by their school, or new."""
    named_now = []
    for ticket, row in pairs:
        if ticket.name and ticket.person_id is not None:
            ticket.name = row.name
            know_again(ticket=ticket, now=now)
        else:
            ticket.name = row.name
            named_now.append(ticket)
    identities = [identity_of(ticket) for ticket in named_now]
    people = people_for(event=registration.event, identities=identities, now=now) if identities else []
    for ticket, person in zip(named_now, people, strict=True):
        ticket.person_id = person


def unnamed(*, registration: Registration) -> int:
    return registration.tickets.taking_a_place().filter(name="").count()


def _cells(text: str) -> Any:
    """The cells of each line, trimmed. The separator is what the first line uses."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    first = next((line for line in text.split("\n") if line.strip()), "")
    separator = next((one for one in ("\t", ";", ",") if one in first), ",")
    if separator == "," and "\t" in text:
        separator = "\t"
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            cells = [cell.strip() for cell in row]
            yield cells if any(cells) else []
    except csv.Error as fault:
        raise InvalidInput("We cannot read this list. Is there a quotation mark too many?") from fault


def _row(number: int, name: str, about: str) -> Row:
    # What our own list quotes, so that no spreadsheet runs it, comes back without the quote.
    if name[:1] == "'" and name[1:2] in "=+-@＝":
        name = name[1:]
    if about.casefold() in ADULT_WORDS:
        return Row(number, name, None, True, name_fault(name) or "")
    if not about:
        return Row(number, name, None, False, name_fault(name) or "")
    if not about.isdecimal() or len(about) > 3 or int(about) > MAX_AGE:
        return Row(number, name, None, False, "Enter the age as a whole number, or the word adult")
    return Row(number, name, int(about), False, name_fault(name) or "")


def _match(registration: Registration, tickets: list[Ticket], rows: list[Row]) -> Any:
    """Pairs of a ticket and its row; and the rows that cannot be, with their faults."""
    free = [ticket for ticket in tickets if not ticket.name]
    by_name = {
        (ticket.is_adult_of_group, fold_name(ticket.name)): ticket for ticket in tickets if ticket.name
    }
    pairs: list[tuple[Ticket, Row]] = []
    faulty: list[Row] = []
    seen: dict[str, int] = {}
    # Whoever has an age first: the others take what is left.
    for row in sorted(rows, key=lambda row: row.age is None):
        fault = row.fault
        key = fold_name(row.name)
        if not fault and key in seen:
            fault = f"This name stands in row {seen[key]} as well. Add a second name or a letter"
        seen.setdefault(key, row.number)
        if not fault:
            ticket = by_name.get((row.is_adult, key)) or _take(free, row)
            if ticket is None:
                fault = _none_left(registration, row)
            else:
                age = row.age if row.age is not None else ticket.age
                pairs.append((ticket, Row(row.number, row.name.strip(), age, row.is_adult)))
        if fault:
            faulty.append(Row(row.number, row.name, row.age, row.is_adult, fault))
    return pairs, sorted(faulty, key=lambda row: row.number)


def _take(free: list[Ticket], row: Row) -> Ticket | None:
    for ticket in free:
        if ticket.is_adult_of_group == row.is_adult and (
            row.age is None or ticket.age_band == age_band(row.age)
        ):
            free.remove(ticket)
            return ticket
    return None


def _none_left(registration: Registration, row: Row) -> str:
    if row.is_adult:
        return "All tickets for adults have a name"
    if row.age is None:
        return "All tickets for young people have a name"
    return f"No ticket without a name is left for ages {AGE_BAND_LABELS[age_band(row.age)]}"
