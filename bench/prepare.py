"""What stands in the database before the measurement? One open edition, tokens, phones; and queries are
counted here.

`python -m bench.prepare` migrates the database of DATABASE_URL and prints one JSON object.
`python -m bench.prepare queries` prints how many statements one request of each kind costs.
"""

import json
import os
import sys
import uuid
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.domain.tokens import issue_token
from door.domain.devices import door_list_of, make_gate, make_pairing_code, pair
from reporting.models import Target
from tests import factories

TOKENS = 40
DOORS = 8


def prepare() -> dict:
    call_command("migrate", verbosity=0)
    now = timezone.now()
    event = factories.make_event(
        "bench",
        starts_at=now.replace(second=0, microsecond=0),
        doors_open_at=now - timedelta(hours=2),
        capacity=100_000,
        safe_capacity=100_000,
        min_age=None,
        max_age=None,
    )
    organiser = factories.make_user("organiser")
    gate = make_gate(event=event, slug="main", name="Main")
    devices = [
        pair(pairing_code=make_pairing_code(gate=gate, now=now, by=None), name=f"Door {n}", now=now).token
        for n in range(DOORS)
    ]
    Target.objects.create(
        slug="bench", title="Bench", rung="engaged", goal=1_000, event=event, due_date=now.date()
    )
    return {
        "event_id": event.pk,
        "door_list": door_list_of(event=event).pk,
        "tokens": [issue_token(user=organiser, now=now) for _ in range(TOKENS)],
        "devices": devices,
    }


def count_queries() -> dict[str, int]:
    """Statements that read or write rows; beginning and ending a transaction is not counted."""
    now = timezone.now()
    from events.models import Event

    event = Event.objects.get(slug="bench")
    token = issue_token(user=factories.make_user("organiser"), now=now)
    gate = make_gate(event=event, slug="count", name="Count")
    device = pair(pairing_code=make_pairing_code(gate=gate, now=now, by=None), name="Count", now=now).token
    person = Client(headers={"Authorization": f"Bearer {token}"}, SERVER_NAME="127.0.0.1")
    door = Client(headers={"Authorization": f"Bearer {device}"}, SERVER_NAME="127.0.0.1")
    counts: dict[str, int] = {}

    def counted(what: str, call):
        with CaptureQueriesContext(connection) as captured:
            answer = call()
        assert answer.status_code < 300, answer.content
        frame = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")
        counts[what] = sum(not query["sql"].startswith(frame) for query in captured)
        return answer

    body = {
        "lead": {"name": "Quinn Counted", "email": "quinn@example.org"},
        "attendees": [{"name": "Quinn Counted", "age": 19, "borough": "wirral"}],
    }
    registered = counted(
        "registration (API)",
        lambda: person.post(
            "/api/v1/events/bench/registrations/",
            body,
            "application/json",
            headers={"Idempotency-Key": uuid.uuid4().hex},
        ),
    ).json()
    scan = {
        "scan_id": str(uuid.uuid4()),
        "code": registered["tickets"][0]["code"],
        "direction": "entry",
        "scanned_at": timezone.now().isoformat(),
    }
    counted("check-in", lambda: door.post("/api/v1/check-ins/", scan, "application/json"))
    counted("places-left page", lambda: Client(SERVER_NAME="127.0.0.1").get("/e/bench/"))
    counted("reach figures", lambda: person.get("/api/v1/reach/bench/"))
    secret = registered["manage_url"].rstrip("/").rsplit("/", 1)[1]
    counted("ticket PDF", lambda: Client(SERVER_NAME="127.0.0.1").get(f"/my/{secret}/ticket.pdf"))
    return counts


if __name__ == "__main__":
    print(json.dumps(count_queries() if sys.argv[1:] == ["queries"] else prepare()))
