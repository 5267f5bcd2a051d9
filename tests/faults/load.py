"""Who asks while things break?

Clients that remember what was acknowledged, and try again with the same key.
"""

import json
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

from tests.faults.databases import Postgres, Sqlite
from tests.faults.house import House

PATIENCE = 90.0  # seconds that a client goes on trying one thing


@dataclass
class Journal:
    """What the clients saw."""

    references: dict[str, str] = field(default_factory=dict)  # name -> the reference that was acknowledged
    scans: dict[str, str] = field(default_factory=dict)  # scan_id -> the verdict that was answered
    changed: list[str] = field(default_factory=list)  # a repeat that was answered otherwise
    gave_up: list[str] = field(default_factory=list)
    statuses: Counter = field(default_factory=Counter)
    bare: list[str] = field(default_factory=list)  # a 5xx that was no kind 503 with Retry-After
    retried: int = 0


class Clients:
    """Threads that register and scan until they are told to stop; then each finishes what it has begun."""

    def __init__(
        self, houses: list[House], prepared: dict, *, registering: int = 4, scanning: int = 2
    ) -> None:
        self.houses, self.prepared, self.journal = houses, prepared, Journal()
        self._stop, self._guard = threading.Event(), threading.Lock()
        self._codes = list(prepared["codes"])
        self._threads = [
            threading.Thread(target=self._register, args=(n,), daemon=True) for n in range(registering)
        ]
        self._threads += [
            threading.Thread(target=self._scan, args=(n,), daemon=True) for n in range(scanning)
        ]

    def __enter__(self) -> "Clients":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.finish()

    def finish(self) -> Journal:
        self._stop.set()
        for thread in self._threads:
            thread.join(PATIENCE + 30)
        return self.journal

    def acknowledged(self) -> int:
        return len(self.journal.references) + len(self.journal.scans)

    def wait_for(self, more: int, *, seconds: float = 60) -> None:
        """Until so many more were acknowledged than when this was asked."""
        wanted, last = self.acknowledged() + more, time.monotonic() + seconds
        while self.acknowledged() < wanted:
            assert time.monotonic() < last, "nothing was acknowledged any more"
            time.sleep(0.02)

    def _register(self, client: int) -> None:
        number = 0
        while not self._stop.is_set():
            number += 1
            name = f"Client {client} Person {number}"
            body = {
                "lead": {"name": name, "email": f"c{client}p{number}@example.org"},
                "attendees": [{"name": name, "age": 30, "borough": "wirral"}],
            }
            headers = {"Idempotency_Key": f"{client}-{number}"}
            answer = self._until_answered(
                "/api/v1/events/fault/registrations/", body, self.prepared["token"], client, **headers
            )
            if answer is not None:
                self._acknowledge(self.journal.references, name, answer.get("reference", "?"))

    def _scan(self, client: int) -> None:
        token = self.prepared["phones"][client % len(self.prepared["phones"])]
        while not self._stop.is_set():
            with self._guard:
                if not self._codes:
                    return
                code = self._codes.pop()
            scan_id = str(uuid.uuid4())
            now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            body = {"scan_id": scan_id, "code": code, "direction": "entry", "scanned_at": now}
            answer = self._until_answered("/api/v1/check-ins/", body, token, client)
            if answer is not None:
                self._acknowledge(self.journal.scans, scan_id, answer.get("verdict", "?"))

    def _until_answered(self, path: str, body: dict, token: str, client: int, **headers: str) -> dict | None:
        """Try the same thing again, as a phone does, at any node, until it is acknowledged."""
        last, tries = time.monotonic() + PATIENCE, 0
        while time.monotonic() < last:
            house = self.houses[(client + tries) % len(self.houses)]
            status, got, text = house.ask(path, body=body, token=token, **headers)
            tries += 1
            with self._guard:
                self.journal.statuses[status] += 1
                self.journal.retried += tries > 1
                if status >= 500 and (status != 503 or not got.get("Retry-After")):
                    self.journal.bare.append(f"{status} at {path}: {text[:200]}")
            if status in {200, 201}:
                return json.loads(text)
            time.sleep(0.2 if status in {0, 503} else 0.05)
        with self._guard:
            self.journal.gave_up.append(f"{path} {body}")
        return None

    def _acknowledge(self, where: dict[str, str], key: str, value: str) -> None:
        with self._guard:
            if where.get(key, value) != value:
                self.journal.changed.append(key)
            where[key] = value


def losses(journal: Journal, database: Sqlite | Postgres) -> dict[str, int]:
    """What was acknowledged and is not there, there twice, or wrong. All of it has to be nought."""
    held = Counter(
        row[0]
        for row in database.rows("SELECT lead_name FROM tickets_registration WHERE lead_name LIKE 'Client %'")
    )
    references = {row[0] for row in database.rows("SELECT reference FROM tickets_registration")}
    scans = Counter(str(row[0]).replace("-", "") for row in database.rows("SELECT scan_id FROM door_checkin"))
    ((taken, valid),) = database.rows(
        "SELECT places_taken, (SELECT count(*) FROM tickets_ticket WHERE state <> 'cancelled') "
        "FROM events_event"
    )
    ((standing, distinct),) = database.rows(
        "SELECT count(*), count(DISTINCT ticket_id) FROM door_admission WHERE ended_at IS NULL"
    )
    return {
        "registrations lost": len(set(journal.references.values()) - references),
        "registrations doubled": sum(number - 1 for number in held.values()),
        "scans lost": len({one.replace("-", "") for one in journal.scans} - set(scans)),
        "scans doubled": sum(number - 1 for number in scans.values()),
        "places miscounted": abs(taken - valid),
        "admitted twice": standing - distinct,
        "answers changed": len(journal.changed),
        "never answered": len(journal.gave_up),
        "bare errors": len(journal.bare),
        "file faults": len(database.faults()),
    }
