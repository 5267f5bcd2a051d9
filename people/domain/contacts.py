"""Is this an address or a telephone number, and which one is it, however it was typed?"""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email


def normal_email(email: str) -> str:
    local, _, domain = email.strip().casefold().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


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
