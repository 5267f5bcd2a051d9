"""Is this an address or a telephone number, and which one is it, however it was typed?"""

import re

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from people.domain.names import without_unseen

HERE = "GB"  # whose numbers are written without a country
MOST_OF_A_PHONE = 40  # characters
SHORTEST_HERE = 9  # digits after the 0, of a number that is not in the country's plan, as those for plays are
EXTENSION = {"x", "ext", "extn", "extension"}


def normal_email(email: str) -> str:
    local, _, domain = without_unseen(email).strip().casefold().rpartition("@")
    if domain == "googlemail.com":
        domain = "gmail.com"
    return f"{local.partition('+')[0]}@{domain}"


def normal_phone(phone: str) -> str:
    """In international form, like +441632960001, without an extension; empty where it is no number."""
    number = _number(phone)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) if number else ""


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
    if len(phone) > MOST_OF_A_PHONE or _number(phone) is None:
        return "Enter a phone number, like 01632 960 001"
    return None


def _number(phone: str) -> phonenumbers.PhoneNumber | None:
    """A number that somebody could have: of a right length for its country, with the area."""
    text = without_unseen(phone)
    if not set(re.findall(r"[^\W\d_]+", text.casefold())) <= EXTENSION:
        return None
    try:
        number = phonenumbers.parse(text, HERE)
    except phonenumbers.NumberParseException:
        return None
    number.extension = None
    if phonenumbers.is_valid_number(number):
        return number
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    digits = str(number.national_number)
    return None if number.country_code == 44 and len(digits) < SHORTEST_HERE else number
