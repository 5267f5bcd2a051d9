"""What stands before everybody comes? Editions with 500 places, 1,200 tickets and 20,000 serials, tokens and
phones.

`python -m bench.crowd_prepare` migrates the database of DATABASE_URL and prints one JSON object.
"""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.core.management import call_command
from django.utils import timezone

from accounts.domain.tokens import issue_token
from door.domain.devices import make_gate, make_pairing_code, pair
from events.models import Event
from tests import factories
from tickets.domain import codes
from tickets.models import Registration, Ticket

TOKENS = 40
CAMERA = 8  # tickets that the browser's camera sees


def prepare() -> dict:
    call_command("migrate", verbosity=0)
    now = timezone.now()
    before = now - timedelta(days=1)
    organiser = factories.make_user("organiser")
    for slug, capacity in (("bench", 100_000), ("rush", 500)):
        bench_event(slug, capacity=capacity, now=now)
    scans = with_tickets(bench_event("scans", capacity=18_182, now=now), 2_000 + CAMERA, now=before)
    event = Event.objects.get(slug="scans")
    with_tickets(bench_event("door", capacity=1_200, now=now), 1_200, now=before)
    gate = make_gate(event=event, slug="camera", name="Camera")
    return {
        "tokens": [issue_token(user=organiser, now=now) for _ in range(TOKENS)],
        "device": phone("scans", now),
        "device_1200": phone("door", now),
        "device_20000": phone("scans", now),
        "pairing_code": make_pairing_code(gate=gate, now=now, by=None),
        "codes": scans,
    }


def bench_event(slug: str, *, capacity: int, now) -> Event:
    return factories.make_event(
        slug,
        starts_at=now.replace(second=0, microsecond=0),
        doors_open_at=now - timedelta(hours=2),
        capacity=capacity,
        safe_capacity=capacity,
        min_age=None,
        max_age=None,
    )


def with_tickets(event: Event, number: int, *, now) -> list[str]:
    """Issue tickets in two inserts; returns their codes."""
    registration = Registration.objects.create(
        event=event, reference=f"CROWD{event.pk}", owner_fingerprint=os.urandom(16), created_at=now
    )
    made = [codes.ticket_code(event.pk, serial, 1) for serial in range(1, number + 1)]
    Ticket.objects.bulk_create(
        Ticket(
            registration=registration,
            event=event,
            serial=serial,
            name=f"Robin Crowd {serial}",
            age=17,
            age_band="16-17",
            fingerprint=codes.fingerprint(code),
            short_fingerprint=codes.short_fingerprint(code),
            issued_at=now,
            changed_at=now,
        )
        for serial, code in enumerate(made, start=1)
    )
    Event.objects.filter(pk=event.pk).update(places_taken=number, serials_issued=number)
    return made


def phone(slug: str, now) -> str:
    gate = make_gate(event=Event.objects.get(slug=slug), slug=f"main-{os.urandom(3).hex()}", name="Main")
    return pair(pairing_code=make_pairing_code(gate=gate, now=now, by=None), name="Sam", now=now).token


if __name__ == "__main__":
    print(json.dumps(prepare()))
