"""How near to bare Django are registration, check-in and pages, on SQLite and PostgreSQL? Writes
docs/performance.md.

Floor and ours are measured by turns against one database in one run, eight clients each, so that a busy
machine slows both. What counts is the ratio.
"""

import json
import os
import platform
import secrets
import tempfile
import uuid
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from bench import crowd
from bench.forms import COMMON, form_posts, run, words
from bench.load import Answered, request_bytes, send_all
from bench.server import ROOT, memory_mib, serving
from tests.on_postgres import postgres_url

CLIENTS = 8
ROUNDS = 3
EACH = 400  # requests a round
WARM_UP = 60  # requests of each kind before the clock runs: threads, templates and plans are made then
FEW = 40  # of what takes long
PAGE = ROOT / "docs" / "performance.md"


def main() -> None:
    parts = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        databases = [("SQLite", f"sqlite:///{folder / 'bench.sqlite3'}")]
        databases.append(("PostgreSQL", stack.enter_context(postgres_url(durable=True))))
        for name, address in databases:
            parts.append(measure(name, {**COMMON, "DATABASE_URL": address}))
    crowd.main()
    PAGE.write_text(page(parts), encoding="utf-8")
    print(f"written to {PAGE.relative_to(ROOT)}")


def measure(name: str, environment: dict[str, str]) -> str:
    """One database: a table in Markdown."""
    print(f"{name} ...", flush=True)
    if name == "PostgreSQL":
        environment = environment | {"WEB_CONCURRENCY": "2"}
    known = json.loads(run("-m", "bench.prepare", environment=environment))
    results: dict[str, list[Answered]] = {}
    with (
        serving(environment=environment, settings="bench.floor_settings") as (floor_port, _, _),
        serving(environment=environment) as (port, process, started),
    ):
        rest = Load(known, floor_port, port, results)
        rest.round(WARM_UP)
        results.clear()
        for _ in range(ROUNDS):
            rest.round(EACH)
        web_mib = memory_mib(process)
    with serving(environment=environment, web_only=False) as (_, process, _):
        whole_mib = memory_mib(process)
    queries = json.loads(run("-m", "bench.prepare", "queries", environment=environment))
    lines = [
        f"## {name}",
        "",
        "| What | requests a second | p50 ms | p95 ms | p99 ms | times the floor | queries |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *(row(what, results, queries) for what in results),
        "",
        f"First answer {started:.1f} s after the start. Web and worker at rest {whole_mib:.0f} MiB; "
        f"web after the load {web_mib:.0f} MiB.",
        "",
    ]
    print("\n".join(lines), flush=True)
    return "\n".join(lines)


class Load:
    """Requests of every kind, floor and ours by turns; results grow by name."""

    def __init__(self, known: dict, floor_port: int, port: int, results: dict[str, list[Answered]]) -> None:
        self.known, self.floor_port, self.port, self.results = known, floor_port, port, results
        self.made = 0

    def round(self, each: int) -> None:
        floor = self.floor("floor: registration", [self._floor_registration() for _ in range(each)])
        ours = self.ours("registration (API)", [self._registration() for _ in range(each)])
        self.ours("registration (form)", form_posts(self._numbers(each)), expected=302)
        prints = [json.loads(body)["fingerprint"] for body in floor.bodies]
        self.floor("floor: check-in", [self._floor_check_in(one) for one in prints])
        registered = [json.loads(body) for body in ours.bodies]
        codes = [one["tickets"][0]["code"] for one in registered]
        self.ours("check-in", [self._check_in(code, place) for place, code in enumerate(codes)])
        self.floor("floor: page", [request_bytes("GET", "/floor/places/bench")] * each)
        self.ours(
            "places-left page",
            [request_bytes("GET", "/e/bench/", headers={"Accept-Encoding": "gzip"})] * each,
        )
        self.floor("floor: reach", [request_bytes("GET", "/floor/reach/bench")] * FEW)
        self.ours(
            "reach figures", [request_bytes("GET", "/api/v1/reach/bench/", headers=self._token())] * FEW
        )
        secrets_of = [one["manage_url"].rstrip("/").rsplit("/", 1)[1] for one in registered[:FEW]]
        self.ours("ticket PDF", [request_bytes("GET", f"/my/{one}/ticket.pdf") for one in secrets_of])

    def floor(self, what: str, requests: list[bytes]) -> Answered:
        return self._send(what, requests, self.floor_port, None)

    def ours(self, what: str, requests: list[bytes], *, expected: int | None = None) -> Answered:
        return self._send(what, requests, self.port, expected)

    def _send(self, what: str, requests: list[bytes], port: int, expected: int | None) -> Answered:
        answered = send_all(requests, port=port, clients=CLIENTS)
        good = {expected} if expected else {200, 201}
        assert set(answered.statuses) <= good, (what, answered.statuses, answered.bodies[0][:500])
        self.results.setdefault(what, []).append(answered)
        return answered

    def _numbers(self, count: int) -> list[int]:
        self.made += count
        return list(range(self.made - count, self.made))

    def _token(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {secrets.choice(self.known['tokens'])}"}

    def _registration(self) -> bytes:
        (number,) = self._numbers(1)
        body = {
            "lead": {"name": f"Robin Bench {words(number)}", "email": f"robin{number}@example.org"},
            "attendees": [{"name": f"Robin Bench {words(number)}", "age": 19, "borough": "wirral"}],
        }
        headers = self._token() | {"Idempotency-Key": uuid.uuid4().hex}
        return request_bytes("POST", "/api/v1/events/bench/registrations/", body=body, headers=headers)

    def _check_in(self, code: str, place: int) -> bytes:
        token = self.known["devices"][place % CLIENTS]
        body = {
            "scan_id": str(uuid.uuid4()),
            "code": code,
            "direction": "entry",
            "scanned_at": datetime.now(UTC).isoformat(),
        }
        return request_bytes(
            "POST", "/api/v1/check-ins/", body=body, headers={"Authorization": f"Bearer {token}"}
        )

    def _floor_registration(self) -> bytes:
        body = {
            "event": "bench",
            "event_id": self.known["event_id"],
            "name": "Floor",
            "email": "floor@example.org",
        }
        return request_bytes("POST", "/floor/register", body=body)

    def _floor_check_in(self, fingerprint: str) -> bytes:
        body = {
            "fingerprint": fingerprint,
            "scan_id": str(uuid.uuid4()),
            "door_list": self.known["door_list"],
        }
        return request_bytes("POST", "/floor/check-in", body=body)


def row(what: str, results: dict[str, list[Answered]], queries: dict[str, int]) -> str:
    rounds = results[what]
    whole = together(rounds)
    floor = floor_of(what)
    ratio = f"{together_ratio(rounds, results[floor]):.2f}" if floor else ""
    count = queries.get(what, "")
    return (
        f"| {what} | {whole.per_second:.0f} | {whole.quantile(0.5) * 1000:.1f} "
        f"| {whole.quantile(0.95) * 1000:.1f} "
        f"| {whole.quantile(0.99) * 1000:.1f} | {ratio} | {count} |"
    )


def together(rounds: list[Answered]) -> Answered:
    seconds = sorted(one for answered in rounds for one in answered.seconds)
    return Answered(seconds=seconds, took=sum(one.took for one in rounds), statuses={}, bodies=[])


def together_ratio(ours: list[Answered], floor: list[Answered]) -> float:
    """Wall time for each request, ours over the floor's."""
    return together(floor).per_second / together(ours).per_second


def floor_of(what: str) -> str:
    return {
        "registration (API)": "floor: registration",
        "registration (form)": "floor: registration",
        "check-in": "floor: check-in",
        "places-left page": "floor: page",
        "reach figures": "floor: reach",
    }.get(what, "")


def page(parts: list[str]) -> str:
    head = f"""# Performance

Written by `make bench`; do not edit by hand. {os.cpu_count()} cores, Python {platform.python_version()},
{datetime.now(UTC):%d %B %Y}. {CLIENTS} clients in a closed loop, {ROUNDS} rounds,
floor and ours by turns in one run against one database.

**The floor** is the same rows written by a bare Django view without middleware, rules, sign-in or words,
under the same server. It shows what the framework and the database cost. "Times the floor" is wall time
for each request, ours over the floor's. Client and server share the cores, so the figures of a second are low
and the ratios are what to read. Every figure of mail is left out: the worker is off while requests are
measured.
"""
    others = [ROOT / "docs" / f"performance-{name}.md" for name in ("crowd", "reach")]
    tails = [f"\n{other.read_text(encoding='utf-8')}" for other in others if other.exists()]
    return head + "\n" + "\n".join(parts) + "".join(tails)


if __name__ == "__main__":
    main()
