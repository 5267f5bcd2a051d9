"""Who knows what a message says? The floor that asked for it registers a composer at start-up."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A mail ready to go. attachments: (file name, content, MIME type)."""

    to: list[str]
    subject: str
    text: str
    html: str = ""
    attachments: list[tuple[str, bytes, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)


Composer = Callable[[dict], Mail | None]
_composers: dict[str, Composer] = {}
_urgent: set[str] = set()


class NoComposer(Exception):
    """No floor registered this purpose."""


def register(purpose: str, composer: Composer, *, urgent: bool = False) -> None:
    """composer takes the message's context and answers the mail, or None where it is no longer needed.

    urgent: somebody sits and waits for it, so it leaves before everything else.
    """
    _composers[purpose] = composer
    if urgent:
        _urgent.add(purpose)


def urgent_purposes() -> set[str]:
    return _urgent


def compose(purpose: str, context: dict) -> Mail | None:
    """:raises NoComposer: nobody registered the purpose"""
    try:
        composer = _composers[purpose]
    except KeyError:
        raise NoComposer(purpose) from None
    return composer(context)
