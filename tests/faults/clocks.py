"""Are the nights on which clocks change, and phones whose clocks are wrong, counted right? Prints one JSON
object.

`python -m tests.faults.clocks` works on the database of DATABASE_URL, after tests.faults.prepare. An edition
runs through each of both nights of 2027; people are let in every minute by two phones without network, one
of which is two hours behind and the other a day ahead. Their scans arrive late, out of order, and twice.
"""

import json
import os
import random
from datetime import UTC, datetime, timedelta
from uuid import uuid4

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from door.domain.admission import admit_all
from door.domain.scans import Scan
from door.models import Admission, CheckIn
from foundation.wall_time import wall_time
from tests import factories
from tests.door.factories import make_phone
from tickets.domain import codes
from tickets.domain.registration import Attendee, Contact, register

NIGHTS = ("2027-03-28", "2027-10-31")  # 01:00 does not exist in London; 01:00 to 02:00 happens twice
WRONG = (timedelta(hours=-2), timedelta(days=1))
MINUTES = 180


def night(day: str) -> dict[str, int]:
    begins = datetime.fromisoformat(f"{day}T00:00:00+00:00").astimezone(UTC)
    before = begins - timedelta(days=20)
    event = factories.make_event(
        f"night-{day}",
        starts_at=begins,
        ends_at=begins + timedelta(hours=3),
        doors_open_at=begins,
        capacity=MINUTES,
        safe_capacity=MINUTES,
        min_age=None,
        max_age=None,
    )
    people = [Attendee(name=f"Night {n}", age=30, borough="wirral") for n in range(MINUTES)]
    tickets = []
    for start in range(0, MINUTES, 50):
        lead = Contact(name="Lead", email=f"night{start}@example.org")
        tickets += register(
            event=event, lead=lead, vouched_by="registrar", attendees=people[start : start + 50], now=before
        ).tickets
    phones = [make_phone(event, name=f"{day}-{n}") for n in range(2)]
    true = {}
    uploads: list[list[Scan]] = [[], []]
    arrived = begins + timedelta(hours=4)
    for minute, ticket in enumerate(tickets):
        at, phone, scan_id = begins + timedelta(minutes=minute), minute % 2, uuid4()
        true[scan_id] = at
        uploads[phone].append(
            Scan(
                scan_id=scan_id,
                code=codes.ticket_code(event.pk, ticket.serial, 1),
                direction="entry",
                scanned_at=at + WRONG[phone],
                device_now=arrived + WRONG[phone],
                decided="admitted",
            )
        )
    for _ in range(2):
        for phone, scans in zip(phones, uploads, strict=True):
            random.Random(1).shuffle(scans)
            admit_all(scans=scans, device=phone, now=arrived)
    rows = list(CheckIn.objects.filter(event=event).order_by("happened_at"))
    wall = {f"{wall_time(row.happened_at):%H:%M%z}" for row in rows}
    return {
        "scans lost": MINUTES - len({row.scan_id for row in rows} & set(true)),
        "scans doubled": len(rows) - len({row.scan_id for row in rows}),
        "not let in": MINUTES - Admission.objects.standing().filter(door_list__event=event).count(),
        "times wrong": sum(abs(row.happened_at - true[row.scan_id]) > timedelta(seconds=1) for row in rows),
        "minutes of the wall that fell together": MINUTES - len(wall),
    }


if __name__ == "__main__":
    lost: dict[str, int] = {}
    for day in NIGHTS:
        for what, number in night(day).items():
            lost[what] = lost.get(what, 0) + number
    print(json.dumps({"acknowledged": MINUTES * len(NIGHTS), "nights": len(NIGHTS), "lost": lost}))
