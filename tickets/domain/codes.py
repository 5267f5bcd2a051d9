"""Which secret opens what? Ticket codes, owners' and guardians' links, and their fingerprints.

Nothing here is stored but fingerprints: every secret is an HMAC-SHA256 under TICKET_KEY of its own
purpose and generation, so an answer can be rebuilt and a leaked database opens nothing.
"""

import base64
import hashlib
import hmac
import re
from typing import Any

from django.conf import settings

CODE_LENGTH = 26  # base32 characters: 130 bits
TYPED_LENGTH = 10  # base32 characters: 50 bits, enough on a paired device
FINGERPRINT_BYTES = 16

_CODE = re.compile(rf"[A-Z2-7]{{{CODE_LENGTH}}}")
_TYPED = re.compile(rf"[A-Z2-7]{{{TYPED_LENGTH},{CODE_LENGTH}}}")
_IGNORED = re.compile(r"[\s\u200b\ufeff.·-]+")
# What people and scanners type for letters that base32 does not know.
_LOOKALIKES = str.maketrans("018", "OIB")


def ticket_code(event_id: int, serial: int, generation: int) -> str:
    """What the QR of a ticket carries: 26 upper-case base32 characters."""
    return _secret("ticket", event_id, serial, generation)


def owner_secret(registration: Any) -> str:
    """What opens /my/SECRET/ for this registration: lower-case, of its reference and owner_generation."""
    return _secret("owner", registration.reference, registration.owner_generation).lower()


def guardian_secret(*, event_id: int, serial: int, generation: int) -> str:
    """What opens /guardian/SECRET/ for one ticket: lower-case."""
    return _secret("guardian", event_id, serial, generation).lower()


def proof_secret(registration: Any) -> str:
    """What proves that the mail arrived: lower-case; opens nothing without the owner's secret."""
    return _secret("proof", registration.reference, registration.owner_generation).lower()


def waiting_secret(entry_id: int) -> str:
    """What opens a place on the waiting list: lower-case."""
    return _secret("waiting", entry_id).lower()


def duty_secret(*, event_id: int, generation: int) -> str:
    """What the duty card of an event opens the roll-call with: upper-case."""
    return _secret("duty", event_id, generation)


def meeting_secret(kind: str, thing_id: int) -> str:
    """What the QR of a session or stand holds: lower-case. kind: session or exhibitor."""
    return _secret("meeting", kind, thing_id).lower()


def fingerprint(code: str) -> bytes:
    """The only form of a code that is stored, on the server and on door phones: 16 bytes."""
    return hashlib.sha256(b"id" + code.upper().encode("ascii", "replace")).digest()[:FINGERPRINT_BYTES]


def short_fingerprint(code: str) -> bytes:
    """The fingerprint of the first 10 characters, which suffice when typed on a paired device."""
    return fingerprint(code[:TYPED_LENGTH])


def normalise_code(text: str) -> str | None:
    """The code in what was scanned, or None where it is no ticket of any kind.

    Forgives case, spaces, hyphens, a trailing newline and any URL around /T/CODE.
    """
    cleaned = _cleaned(text)
    return cleaned if _CODE.fullmatch(cleaned) else None


def normalise_typed_code(text: str) -> str | None:
    """The first 10 characters or more of a code in what was typed, or None."""
    cleaned = _cleaned(text)
    return cleaned if _TYPED.fullmatch(cleaned) else None


def _cleaned(text: str) -> str:
    _before, found, after = text.strip().upper().rpartition("/T/")
    code = re.split(r"[?#/]", after, maxsplit=1)[0] if found else after
    return _IGNORED.sub("", code).translate(_LOOKALIKES)


def _secret(*parts: object) -> str:
    text = "|".join(str(part) for part in parts)
    mac = hmac.digest(settings.TICKET_KEY.encode(), text.encode(), "sha256")
    return base64.b32encode(mac).decode("ascii")[:CODE_LENGTH]
