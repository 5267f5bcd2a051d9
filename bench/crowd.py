"""What does the system do when everybody comes at once, and what does a door phone wait for?

`python -m bench.crowd`: 1,000 registrations at once for 500 places, the public form sent from 50 phones at
once, a phone's batch of 500 scans and its list, on SQLite and PostgreSQL; and in a Chromium without network
the time from the camera's frame to the verdict. Writes docs/performance-crowd.md, which `make bench` appends
to docs/performance.md. Asks addresses of this machine alone.
"""

import gzip
import json
import os
import platform
import statistics
import sys
import tempfile
import time
import uuid
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from bench.at_once import all_at_once
from bench.forms import COMMON, form_posts, run, words
from bench.load import Answered, request_bytes, send_all
from bench.server import ROOT, serving
from tests.on_postgres import postgres_url

PAGE = ROOT / "docs" / "performance-crowd.md"
CROWD, PLACES, PHONES, BATCH = 1_000, 500, 50, 500
BATCHES = 4


def main() -> None:
    rows = []
    started, before = f"{datetime.now(UTC):%d %B %Y}", os.getloadavg()[0]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        databases = [("SQLite", f"sqlite:///{folder / 'crowd.sqlite3'}")]
        databases.append(("PostgreSQL", stack.enter_context(postgres_url(durable=True))))
        for name, address in databases:
            rows += measure(name, COMMON | {"DATABASE_URL": address})
    load = f"{before:.1f} at the start and {os.getloadavg()[0]:.1f} at the end"
    PAGE.write_text(page(rows, started=started, load=load), encoding="utf-8")
    print(f"written to {PAGE.relative_to(ROOT)}")


def measure(name: str, environment: dict[str, str]) -> list[str]:
    """The rows of one database."""
    print(f"{name} ...", flush=True)
    if name == "PostgreSQL":
        environment = environment | {"WEB_CONCURRENCY": "2"}
    known = json.loads(run("-m", "bench.crowd_prepare", environment=environment))
    rows = []
    with serving(environment=environment) as (port, _, _):
        warm_up(known, port)
        rows += [rush(known, port), forms(known, port), batches(known, port), *lists(known, port)]
        if name == "SQLite":
            from bench.phone import frame_to_verdict

            rows += frame_to_verdict(port=port, pairing_code=known["pairing_code"], codes=known["codes"][-8:])
    rows = [f"| {name} | {row} |" for row in rows]
    print("\n".join(rows), flush=True)
    return rows


def warm_up(known: dict, port: int) -> None:
    """Threads, templates and plans are made before the clock runs."""
    send_all([registration(known, "bench", number) for number in range(200)], port=port, clients=8)
    send_all([request_bytes("GET", "/e/bench/register/")] * 60, port=port, clients=8)


def rush(known: dict, port: int) -> str:
    """Everybody's request is on its way before the first is answered; a place each, or a kind no."""
    asked = [registration(known, "rush", 10_000 + number) for number in range(CROWD)]
    answered = all_at_once(asked, port=port)
    assert answered.statuses == {201: PLACES, 409: CROWD - PLACES}, answered.statuses
    return (
        f"{CROWD:,} registrations at once for {PLACES} places: exactly {PLACES} got one "
        f"| {in_seconds(answered, 0.95)} at p95, {in_seconds(answered, 1)} at most | p95 under 5 s"
    )


def forms(known: dict, port: int) -> str:
    answered = all_at_once(form_posts(list(range(PHONES))), port=port)
    assert answered.statuses == {302: PHONES}, answered.statuses
    return (
        f"the form's last step from {PHONES} phones at once: {PHONES} tickets "
        f"| {in_seconds(answered, 0.95)} at p95, {in_seconds(answered, 1)} at most | p95 under 1 s"
    )


def batches(known: dict, port: int) -> str:
    """Each batch is new: a phone hands in an hour without network."""
    asked = []
    for number in range(BATCHES):
        codes = known["codes"][number * BATCH : (number + 1) * BATCH]
        now = datetime.now(UTC).isoformat()
        scans = [
            {
                "scan_id": str(uuid.uuid4()),
                "code": code,
                "direction": "entry",
                "scanned_at": now,
                "decided": "admitted",
            }
            for code in codes
        ]
        headers = {"Authorization": f"Bearer {known['device']}"}
        body = {"device_now": now, "scans": scans}
        asked.append(request_bytes("POST", "/api/v1/check-ins/batch/", body=body, headers=headers))
    answered = send_all(asked, port=port, clients=1)
    assert answered.statuses == {200: BATCHES}, (answered.statuses, answered.bodies[0][:300])
    return (
        f"a phone hands in {BATCH} scans (median of {BATCHES}) "
        f"| {statistics.median(answered.seconds):.2f} s, {in_seconds(answered, 1)} at most | under 2 s"
    )


def lists(known: dict, port: int) -> list[str]:
    rows = []
    for what, token, promise in (
        ("1,200 tickets", known["device_1200"], "under 150 KB"),
        ("20,000 serials", known["device_20000"], ""),
    ):
        headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"}
        began = time.perf_counter()
        answered = send_all([request_bytes("GET", "/api/v1/roster/", headers=headers)], port=port, clients=1)
        took = time.perf_counter() - began
        (body,) = answered.bodies
        version = json.loads(gzip.decompress(body))["version"]
        since = request_bytes("GET", f"/api/v1/roster/?since={quote(version)}", headers=headers)
        (later,) = send_all([since], port=port, clients=1).bodies
        assert not json.loads(gzip.decompress(later))["tickets"]
        rows.append(
            f"a phone's list of {what}, compressed | {len(body) / 1000:.0f} KB in {took:.2f} s; "
            f"{len(later):,} bytes for the changes alone | {promise}"
        )
    return rows


def registration(known: dict, event: str, number: int) -> bytes:
    name = f"Robin Crowd {words(number)}"
    body = {
        "lead": {"name": name, "email": f"robin{number}@example.org"},
        "attendees": [{"name": name, "age": 19, "borough": "wirral"}],
    }
    token = known["tokens"][number % len(known["tokens"])]
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": uuid.uuid4().hex}
    return request_bytes("POST", f"/api/v1/events/{event}/registrations/", body=body, headers=headers)


def in_seconds(answered: Answered, share: float) -> str:
    return f"{answered.quantile(share):.2f} s"


def page(rows: list[str], *, started: str, load: str) -> str:
    table = "\n".join(rows)
    return f"""## Everybody at once, and the door phone

Written by `python -m bench.crowd` on {started}; do not edit by hand.
{os.cpu_count()} cores, Python {platform.python_version()}.
The machine's load was {load}; above {os.cpu_count()}, other work shared the cores and wall time is longer
than on a machine of its own. At once: every connection is open and every request written before the first
answer is read; the time of each is from there to its last byte. Client and server share the cores.
The 1,000 come by the API: in such a rush the public form keeps a quarter of the places at once and asks the
others to prove their address first (`tickets/domain/email_verification.py`).

| Database | What | Measured | Promised |
|---|---|---|---|
{table}
"""


if __name__ == "__main__":
    sys.exit(main())
