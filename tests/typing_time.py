"""How do tests send a form faster than anybody types? Only the shortest time of the guard moves."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

from tickets.views import request_guards

SHORTEST_FILLING = request_guards.SHORTEST_FILLING


@contextmanager
def forms_sent_at_once() -> Iterator[None]:
    """A form may come back in the moment in which it was shown."""
    with mock.patch.object(request_guards, "SHORTEST_FILLING", timedelta(seconds=-1)):
        yield


@contextmanager
def forms_typed_by_people() -> Iterator[None]:
    """The time of the product again, inside forms_sent_at_once."""
    with mock.patch.object(request_guards, "SHORTEST_FILLING", SHORTEST_FILLING):
        yield
