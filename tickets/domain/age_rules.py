"""What do we ask whom? It follows from the age on the event day."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from events.models import Event
from people.domain.age_bands import MAX_AGE

GUARDIAN_BELOW = 16  # years: a guardian answers for the ticket
BANDS_BELOW = ("under-11", "11-13", "14-15")  # of reporting, where only the band is known
BOOKS_BELOW = 13  # years: the guardian makes the booking
GUARDIAN_TIME = timedelta(hours=48)  # to confirm; then the hold lapses
GUARDIAN_REMINDER = timedelta(hours=24)
EMERGENCY_CONTACT_BELOW = 18  # years, from GUARDIAN_BELOW on


class Way(StrEnum):
    """The way through the form (registration.md, "Asked, and not asked")."""

    TOO_YOUNG = "too-young"
    TOO_OLD = "too-old"
    GUARDIAN_BOOKS = "guardian-books"
    GUARDIAN_CONFIRMS = "guardian-confirms"
    EMERGENCY_CONTACT = "emergency-contact"
    ON_THEIR_OWN = "on-their-own"


@dataclass(frozen=True)
class Asked:
    """What the way asks for, beside name, borough and the optional questions."""

    way: Way
    own_email: bool
    guardian: bool
    emergency_contact: bool


ASKED = {
    Way.GUARDIAN_BOOKS: Asked(Way.GUARDIAN_BOOKS, own_email=False, guardian=True, emergency_contact=False),
    Way.GUARDIAN_CONFIRMS: Asked(
        Way.GUARDIAN_CONFIRMS, own_email=True, guardian=True, emergency_contact=False
    ),
    Way.EMERGENCY_CONTACT: Asked(
        Way.EMERGENCY_CONTACT, own_email=True, guardian=False, emergency_contact=True
    ),
    Way.ON_THEIR_OWN: Asked(Way.ON_THEIR_OWN, own_email=True, guardian=False, emergency_contact=False),
}


def way_for(*, event: Event, age: int) -> Way:
    """age in whole years on the event day."""
    if event.min_age is not None and age < event.min_age:
        return Way.TOO_YOUNG
    if (event.max_age is not None and age > event.max_age) or age > MAX_AGE:
        return Way.TOO_OLD
    if age < BOOKS_BELOW:
        return Way.GUARDIAN_BOOKS
    if age < GUARDIAN_BELOW:
        return Way.GUARDIAN_CONFIRMS
    if age < EMERGENCY_CONTACT_BELOW:
        return Way.EMERGENCY_CONTACT
    return Way.ON_THEIR_OWN


def needs_guardian(*, age: int | None, band: str = "") -> bool:
    """True under 16: a guardian answers for them, and somebody collects them."""
    return age < GUARDIAN_BELOW if age is not None else band in BANDS_BELOW


def waits_for_guardian(*, event: Event, age: int) -> bool:
    """True where the ticket is held until a guardian confirms."""
    return age < GUARDIAN_BELOW and event.guardian_rule == Event.GuardianRule.CONFIRM
