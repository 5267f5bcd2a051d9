"""Is this the same human being, and in which age band?"""

import hmac
import re
import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

# Years on the event day (reach.md); the band stays when the age is erased.
AGE_BANDS = (
    (0, 10, "under-11"),
    (11, 13, "11-13"),
    (14, 15, "14-15"),
    (16, 18, "16-18"),
    (19, 25, "19-25"),
    (26, 150, "26-plus"),
)
AGE_BAND_LABELS = {
    "under-11": "under 11",
    "11-13": "11 to 13",
    "14-15": "14 to 15",
    "16-18": "16 to 18",
    "19-25": "19 to 25",
    "26-plus": "26 and over",
}
MAX_AGE = 120
MAX_NAME = 200
_INVISIBLE = re.compile("[\u200b\u200c\u2060\ufeff]")


def age_band(age: int) -> str:
    return next(band for low, high, band in AGE_BANDS if low <= age <= high)


def person_digest(name: str, contact: str) -> bytes:
    """The keyed digest by which a person is known again: 32 bytes of HMAC-SHA256 under PERSON_KEY.

    contact is the person's own address, or the guardian's for a child. Twins and a class on one
    teacher's address stay apart by their names; case, spaces, Unicode form and a plus-tag do not matter.
    """
    text = f"{_normal_name(name)}\0{normal_email(contact)}"
    return hmac.digest(settings.PERSON_KEY.encode(), text.encode(), "sha256")


def normal_email(email: str) -> str:
    local, _, domain = email.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def name_fault(name: str) -> str | None:
    """Why a name cannot be taken, in words for its owner; None where it is fine. Any script is fine."""
    if not name.strip() or not _INVISIBLE.sub("", name).strip():
        return "Enter a name"
    if len(name) > MAX_NAME:
        return f"Enter a name of {MAX_NAME} characters or fewer"
    return text_fault(name, lines=False)


def text_fault(text: str, *, lines: bool = True) -> str | None:
    """Why a text cannot be taken: control characters and broken letters are refused, nothing else."""
    allowed = "\n\r\t" if lines else ""
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in allowed:
            return "Remove the characters that cannot be shown"
    return None


def email_fault(email: str) -> str | None:
    """Why an address cannot be taken, or None."""
    if not email.strip():
        return "Enter an email address"
    try:
        validate_email(email.strip())
    except ValidationError:
        return "Enter an email address in the right form, like name@example.org"
    if email.strip().endswith("]"):
        return "Enter an email address that ends in a name, like name@example.org"
    return None


def phone_fault(phone: str) -> str | None:
    """Why a phone number cannot be taken, or None. Any usual way of writing one is fine."""
    digits = sum(character.isdigit() for character in phone)
    if digits < 7 or digits > 15 or len(phone) > 40 or re.search(r"[^\d\s+()./x-]", phone, re.IGNORECASE):
        return "Enter a phone number, like 01632 960 001"
    return None


def _normal_name(name: str) -> str:
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", name)).casefold()
    return " ".join(unicodedata.normalize("NFKC", text).split())
