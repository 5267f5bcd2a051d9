"""Does it take as long to say no to a stranger as to say yes? Work counted for the tests, time measured for
docs/trust.md.

`python -m tests.house.same_work` asks 200 times each and prints the medians; no test looks at a clock.
"""

import os
import re
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

TRIES = 200
KNOWN, STRANGER = "ada@example.org", "bob@example.org"
PAGES = {  # address of the page, its field
    "sign in": ("/account/login/", "login"),
    "ask for a code": ("/account/login/code/", "email"),
    "find my ticket": ("/find/", "email"),
}
CODES = {
    "unknown": "A" * 26,
    "malformed": "https://evil.example/T/!!!",
    "another event's": None,  # a real one, put in by make_stage
    "one letter wrong": None,
}


def make_stage():
    """An organiser and a ticket of the same address;
    an edition that is on, its phone, and codes that admit nobody."""
    from django.utils import timezone

    from tests import factories
    from tests.door.factories import make_phone
    from tickets.domain import codes

    now = timezone.now()
    factories.make_user("organiser", email=KNOWN)
    event = factories.make_event("open-day", starts_at=now - timedelta(minutes=10), capacity=5_000)
    other = factories.make_event("other-day", starts_at=now + timedelta(days=2))
    ticket = factories.sign_up(event, "Ada Example", email=KNOWN, now=now)
    elsewhere = factories.sign_up(other, "Cy Example", now=now)
    code = codes.ticket_code(event.pk, ticket.serial, 1)
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    tried = CODES | {
        "another event's": codes.ticket_code(other.pk, elsewhere.serial, 1),
        "one letter wrong": wrong,
    }
    return make_phone(event, name="Sam"), tried


def ask_page(page: str, address: str) -> Callable[[], object]:
    """A new browser asks; the limits that count tries are forgotten first."""
    from django.core.cache import cache
    from django.test import Client

    from accounts.domain.rates import reset

    path, field = PAGES[page]

    def ask():
        reset()
        cache.clear()
        return Client().post(path, {field: address})

    return ask


def scan(phone, code: str) -> Callable[[], object]:
    from django.test import Client
    from django.utils import timezone

    door = Client(headers={"Authorization": f"Bearer door_{phone.name}"})

    def ask():
        body = {
            "scan_id": str(uuid4()),
            "code": code,
            "direction": "entry",
            "scanned_at": timezone.now().isoformat(),
        }
        return door.post("/api/v1/check-ins/", body, content_type="application/json")

    return ask


def work_of(ask: Callable[[], object]) -> list[str]:
    """The statements that it takes, without their values."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as context:
        ask()
    return [_shape(query["sql"]) for query in context.captured_queries]


def _shape(sql: str) -> str:
    """SELECT of what, INSERT into what: values and the names of savepoints are left out."""
    sql = re.sub(r'"?s\d+_x\d+"?', "SAVEPOINT_NAME", sql)
    return re.sub(r"'(?:[^']|'')*'|\b\d+\b|x'[0-9a-f]*'", "?", sql)[:300]


def medians_ms(asks: list[Callable[[], object]]) -> list[float]:
    """In turn, so that whatever else the machine does falls on all alike."""
    times: list[list[float]] = [[] for _ in asks]
    for _ in range(TRIES):
        for ask, taken in zip(asks, times, strict=True):
            began = time.perf_counter()
            ask()
            taken.append(1000 * (time.perf_counter() - began))
    return [statistics.median(taken) for taken in times]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import logging

    import django

    django.setup()
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    setup_test_environment()
    logging.disable(logging.CRITICAL)
    old = setup_databases(verbosity=0, interactive=False)
    try:
        phone, tried = make_stage()
        for page in PAGES:
            known, unknown = medians_ms([ask_page(page, address) for address in (KNOWN, STRANGER)])
            sys.stdout.write(f"{page:20} known {known:.2f} ms, unknown {unknown:.2f} ms\n")
        for name, taken in zip(
            tried, medians_ms([scan(phone, code) for code in tried.values()]), strict=True
        ):
            sys.stdout.write(f"scan, {name:20} {taken:.2f} ms\n")
    finally:
        teardown_databases(old, verbosity=0)


if __name__ == "__main__":
    main()
