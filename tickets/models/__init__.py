"""Who comes? Registrations, tickets, and what was told with them."""

from tickets.models.attendees import AccessNeed, Consent, EmergencyContact, EqualityCount, Guardian
from tickets.models.meetings import Encounter, MeetingPoint
from tickets.models.registrations import (
    Registration,
    ReplacedCode,
    SessionPlace,
    Ticket,
    TicketSheet,
    WaitingListEntry,
)

__all__ = [
    "AccessNeed",
    "Consent",
    "EmergencyContact",
    "Encounter",
    "EqualityCount",
    "Guardian",
    "MeetingPoint",
    "Registration",
    "ReplacedCode",
    "SessionPlace",
    "Ticket",
    "TicketSheet",
    "WaitingListEntry",
]
