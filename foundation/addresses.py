"""What does a route say of itself: is it open to all, and does a secret stand in it?

A route that says nothing is private. From its own words follow no-store, noindex, the referrer policy, what
crawlers are told and what a log line masks: there is no list of paths to forget.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, register_converter
from django.urls.converters import StringConverter


class SecretConverter(StringConverter):
    """path("my/<secret:secret>/"): whoever has the address may open it, so it is written nowhere."""


register_converter(SecretConverter, "secret")
# Of others' routes, which are regular expressions: allauth calls what opens something a key.
MARKS = ("<secret:", "(?P<key>")


@dataclass(frozen=True)
class Route:
    pattern: str  # as in /my/<secret:secret>/
    name: str | None
    is_open: bool

    @property
    def has_secret(self) -> bool:
        return has_secret(self.pattern)


def open_to_all(view: Callable) -> Callable:
    """Said beside the route: nothing here is anybody's, it may be kept and found."""
    view.is_open_to_all = True  # type: ignore[attr-defined]
    return view


def is_open_to_all(view: Callable) -> bool:
    return getattr(view, "is_open_to_all", False)


def has_secret(pattern: str) -> bool:
    return any(mark in pattern for mark in MARKS)


def every_route() -> Iterator[Route]:
    """All that are answered, the admin's and allauth's among them."""
    return _below(get_resolver(), "/")


def _below(resolver: URLResolver, prefix: str) -> Iterator[Route]:
    for one in resolver.url_patterns:
        pattern = prefix + str(one.pattern).removeprefix("^")
        if isinstance(one, URLPattern):
            yield Route(pattern, one.name, is_open_to_all(one.callback))
        else:
            yield from _below(one, pattern)
