"""Who comes, who came? Registrations and tickets; devices, check-ins and admissions."""

from tickets.models.desk import Announcement, Export, StaffMember
from tickets.models.door import Admission, CheckIn, Conflict, Device, DoorList, Gate, PairingCode
from tickets.models.duty import (
    ContactOpened,
    DoorPin,
    DutyCard,
    Instruction,
    InstructionSeen,
    PartyCount,
    RollCall,
    RollCallMark,
    ScanReview,
)
from tickets.models.meetings import Encounter, MeetingPoint
from tickets.models.people import AccessNeed, Consent, EmergencyContact, EqualityCount, Guardian, Person
from tickets.models.privacy import DataHandedOver, ErasureReceipt
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
    "Admission",
    "Announcement",
    "CheckIn",
    "Conflict",
    "Consent",
    "ContactOpened",
    "DataHandedOver",
    "Device",
    "DoorList",
    "DoorPin",
    "DutyCard",
    "EmergencyContact",
    "Encounter",
    "EqualityCount",
    "ErasureReceipt",
    "Export",
    "Gate",
    "Guardian",
    "Instruction",
    "InstructionSeen",
    "MeetingPoint",
    "PairingCode",
    "PartyCount",
    "Person",
    "Registration",
    "ReplacedCode",
    "RollCall",
    "RollCallMark",
    "ScanReview",
    "SessionPlace",
    "StaffMember",
    "Ticket",
    "TicketSheet",
    "WaitingListEntry",
]
