"""How does a rule say no? By a named exception with words for the user."""

from enum import StrEnum


class Kind(StrEnum):
    CONFLICT = "conflict"  # the state of things does not allow it
    INVALID = "invalid"  # what was asked cannot be
    FORBIDDEN = "forbidden"
    GONE = "gone"  # it was there once


class Refusal(Exception):
    """Raised by a domain function that refuses. Pages show message; the API answers problem+json.

    slug names the refusal to programs; fields maps a field's name to its own words, where one field is
    at fault; details are plain values that help the caller (JSON types only).
    """

    slug = "refused"
    title = "That cannot be done"
    kind = Kind.CONFLICT

    def __init__(
        self, message: str = "", *, fields: dict[str, list[str]] | None = None, details: dict | None = None
    ) -> None:
        super().__init__(message or self.title)
        self.message = message or self.title
        self.fields = fields or {}
        self.details = details or {}


class InvalidInput(Refusal):
    """What was asked cannot be; fields says why, field by field."""

    slug = "invalid"
    title = "Something needs changing"
    kind = Kind.INVALID
