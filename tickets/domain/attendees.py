"""Is what was entered about a person enough for the way that their age asks for?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from events.models import Event
from foundation.refusals import InvalidInput
from people.boroughs import Borough
from people.domain.age_bands import MAX_AGE
from people.domain.contacts import email_fault, phone_fault
from people.domain.names import name_fault, text_fault
from tickets.domain.age_rules import ASKED, Asked, Way, way_for

MAX_ATTENDEES = 60
MAX_NEEDS = 500  # characters


@dataclass(frozen=True, kw_only=True)
class Contact:
    name: str
    email: str
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class Attendee:
    """One person who will come. email is empty where the lead's or the guardian's serves."""

    name: str
    age: int
    borough: str
    email: str = ""
    access_needs: str = ""
    guardian: Contact | None = None
    emergency_contact: Contact | None = None


def refuse_bad_input(*, event: Event, lead: Contact, attendees: Sequence[Attendee]) -> None:
    """:raises InvalidInput: fields says why, by name (attendees[0].name, lead.email, ...)"""
    faults: dict[str, list[str]] = {}

    def check(field: str, fault: str | None) -> None:
        if fault:
            faults.setdefault(field, []).append(fault)

    if not 1 <= len(attendees) <= MAX_ATTENDEES:
        check("attendees", f"Register between 1 and {MAX_ATTENDEES} people at a time")
    check("lead.name", name_fault(lead.name))
    check("lead.email", email_fault(lead.email))
    for index, attendee in enumerate(attendees[:MAX_ATTENDEES]):
        for field, fault in _faults_of(event, attendee):
            check(f"attendees[{index}].{field}", fault)
    if faults:
        raise InvalidInput("Check what you entered.", fields=faults)


def age_words(*, event: Event, way: Way) -> str:
    """Why the day is not for somebody of this age."""
    if way == Way.TOO_YOUNG:
        return f"This event is for people aged {event.min_age} and over on the day"
    if event.max_age is not None:
        return f"This event is for people aged {event.max_age} and under on the day"
    return "Enter an age in whole years, like 15"


def _faults_of(event: Event, attendee: Attendee) -> Iterator[tuple[str, str | None]]:
    """Pairs of a field and its fault, or None."""
    yield "name", name_fault(attendee.name)
    if attendee.borough not in Borough.values:
        yield "borough", "Choose where they live"
    if attendee.email:
        yield "email", email_fault(attendee.email)
    if len(attendee.access_needs) > MAX_NEEDS:
        yield "access_needs", f"Use {MAX_NEEDS} characters or fewer"
    yield "access_needs", text_fault(attendee.access_needs)
    if not 0 <= attendee.age <= MAX_AGE:
        yield "age", "Enter an age in whole years, like 15"
        return
    way = way_for(event=event, age=attendee.age)
    if way in ASKED:
        yield from _contact_faults(attendee, ASKED[way])
    else:
        yield "age", age_words(event=event, way=way)


def _contact_faults(attendee: Attendee, asked: Asked) -> Iterator[tuple[str, str | None]]:
    if asked.guardian:
        if attendee.guardian is None:
            yield "guardian", "Tell us a parent or guardian of everybody under 16"
        else:
            yield "guardian.name", name_fault(attendee.guardian.name)
            yield "guardian.email", email_fault(attendee.guardian.email)
            if attendee.guardian.phone:
                yield "guardian.phone", phone_fault(attendee.guardian.phone)
    if asked.emergency_contact:
        if attendee.emergency_contact is None:
            yield "emergency_contact", "Tell us whom to call for everybody of 16 or 17"
        else:
            yield "emergency_contact.name", name_fault(attendee.emergency_contact.name)
            yield "emergency_contact.phone", phone_fault(attendee.emergency_contact.phone)
