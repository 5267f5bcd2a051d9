"""Who came? Gates, phones, scans and admissions; the duty team and what it does."""

from door.models.duty import (
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
from door.models.duty_team import StaffMember
from door.models.scans import Admission, CheckIn, Conflict, Device, DoorList, Gate, PairingCode

__all__ = [
    "Admission",
    "CheckIn",
    "Conflict",
    "ContactOpened",
    "Device",
    "DoorList",
    "DoorPin",
    "DutyCard",
    "Gate",
    "Instruction",
    "InstructionSeen",
    "PairingCode",
    "PartyCount",
    "RollCall",
    "RollCallMark",
    "ScanReview",
    "StaffMember",
]
