"""How does the cost of a reach figure grow with check-ins, and what does a report cost?

`python -m bench.reach_scale [largest]`: 10,000, 100,000 and 1,000,000 check-ins (up to largest) over four
editions, on SQLite and PostgreSQL; each with seven in ten persons at one edition only. Rows are made by the
database itself. The report is that of all registrations, in a process of its own. Writes docs/performance-reach.md,
which `make bench` appends to docs/performance.md.
"""

import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench.server import ROOT
from tests.on_postgres import postgres_url

SIZES = (10_000, 100_000, 1_000_000)
EDITIONS = 4


PAGE = ROOT / "docs" / "performance-reach.md"


def main(largest: int) -> None:
    lines = []
    started = f"{datetime.now(UTC):%d %B %Y}"
    before = os.getloadavg()[0]
    for size in SIZES:
        if size > largest:
            continue
        with tempfile.TemporaryDirectory() as folder:
            lines.append(row("SQLite", size, f"sqlite:///{Path(folder) / 'scale.sqlite3'}"))
    for size in SIZES:
        if size > largest:
            continue
        with postgres_url(durable=True) as address:
            lines.append(row("PostgreSQL", size, address))
    load = f"{before:.1f} at the start and {os.getloadavg()[0]:.1f} at the end"
    PAGE.write_text(page(lines, started=started, load=load), encoding="utf-8")
    print(f"written to {PAGE.relative_to(ROOT)}")


def page(lines: list[str], *, started: str, load: str) -> str:
    table = "\n".join(lines)
    return f"""## Reach

Written by `python -m bench.reach_scale` on {started}; do not edit by hand. {os.cpu_count()} cores, Python {platform.python_version()}.
The machine's load was {load}; above {os.cpu_count()}, other work shared the cores and wall time is longer than on a machine
of its own.

One target over {EDITIONS} editions, seven persons for ten check-ins, computed from the rows. Figures: the better of two runs after a first;
processor is what this process and PostgreSQL's own used in that run, its parallel workers left out. Report PDF and its memory: figures and
document together, in a fresh process. The promise: a million check-ins in under 2 s on PostgreSQL and 5 s on SQLite,
the report of 10,000 registrations in under 2 s and 200 MB.

| Database | Check-ins | Figures | Processor | Queries | Dashboard, published | Report PDF | Memory at most |
|---|--:|--:|--:|--:|--:|--:|--:|
{table}
"""


def row(name: str, size: int, address: str) -> str:
    environment = os.environ | {"DATABASE_URL": address, "EMAIL_URL": "dummy:", "PYTHONPATH": str(ROOT)}

    def run(*arguments: str) -> str:
        made = subprocess.run(
            [sys.executable, "-m", "bench.reach_scale", *arguments],
            env=environment, cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return made.stdout.strip().rpartition("\n")[2]

    run("fill", str(size))
    figures, processor, queries = run("figures").split()
    dashboard = run("dashboard")
    report, memory = run("report").split()
    line = (
        f"| {name} | {size:,} | {float(figures):.2f} s | {float(processor):.2f} s | {queries} "
        f"| {float(dashboard) * 1000:.0f} ms | {float(report):.2f} s | {memory} MiB |"
    )
    print(line, flush=True)
    return line


def fill(size: int) -> None:
    """Tickets, check-ins and admissions, written by the database from a series of numbers."""
    from datetime import timedelta

    from django.core.management import call_command
    from django.db import connection
    from django.utils import timezone

    from events.models import Event
    from reporting.models import Target
    from tests import cast
    from tickets.models import DoorList

    call_command("migrate", verbosity=0)
    now = timezone.now()
    series = cast.make_series()
    first = now - timedelta(days=400)
    lists = []
    for number in range(EDITIONS):
        event = cast.make_edition(
            f"edition-{number}", title=f"Edition {number}", starts_at=first + timedelta(days=90 * number),
            capacity=size, status=Event.Status.CLOSED,
        )  # fmt: skip
        lists.append((event.pk, DoorList.objects.create(event=event).pk))
    for slug, rung in (("showcase-reach", "reached"), ("cornerstone-engaged", "engaged")):
        Target.objects.create(
            slug=slug, title=slug, rung=rung, goal=500, series=series, due_date=now.date(),
            min_age=11 if rung == "reached" else None, max_age=25 if rung == "reached" else None,
        )  # fmt: skip
    postgres = connection.vendor == "postgresql"
    blob = (
        "decode(lpad(CAST(i AS TEXT), 16, '0'), 'escape')" if postgres else "CAST(printf('%016d', i) AS BLOB)"
    )
    uuid = "CAST(lpad(to_hex(i), 32, '0') AS UUID)" if postgres else "printf('%032x', i)"
    no, yes = ("FALSE", "TRUE") if postgres else ("0", "1")
    event_of = (
        "CASE i % 4 " + " ".join(f"WHEN {n} THEN {event}" for n, (event, _) in enumerate(lists)) + " END"
    )
    list_of = "CASE i % 4 " + " ".join(f"WHEN {n} THEN {pk}" for n, (_, pk) in enumerate(lists)) + " END"
    moment = (
        f"TIMESTAMPTZ '{first:%Y-%m-%d %H:%M:%S}+00' + (i % 4) * INTERVAL '90 days' + (i % 9000) * INTERVAL '1 second'"
        if postgres
        else f"datetime('{first:%Y-%m-%d %H:%M:%S}', '+' || ((i % 4) * 7776000 + i % 9000) || ' seconds')"
    )
    bands = "CASE i % 5 WHEN 0 THEN '11-13' WHEN 1 THEN '14-15' WHEN 2 THEN '16-18' WHEN 3 THEN '19-25' ELSE '26-plus' END"
    boroughs = (
        "CASE i % 7 WHEN 0 THEN 'halton' WHEN 1 THEN 'knowsley' WHEN 2 THEN 'liverpool' WHEN 3 THEN 'sefton' "
        "WHEN 4 THEN 'st-helens' WHEN 5 THEN 'wirral' ELSE 'elsewhere' END"
    )
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {size})"
    people = size * 7 // 10 | 1  # odd, so that a person comes again to another edition

    def insert(table: str, columns: dict[str, str], count: int = size) -> None:
        names, values = ", ".join(columns), ", ".join(columns.values())
        with connection.cursor() as cursor:
            cursor.execute(f"{numbers} , x AS (SELECT 1) INSERT INTO {table} ({names}) SELECT {values} FROM n WHERE i <= {count}"
                           if postgres else f"INSERT INTO {table} ({names}) {numbers} SELECT {values} FROM n WHERE i <= {count}")  # fmt: skip

    insert("tickets_person", {"id": "i", "digest": blob, "created_at": moment}, people)
    insert(
        "tickets_registration",
        _defaults("tickets", "Registration")
        | {
            "id": "i", "event_id": event_of, "reference": "'R' || i", "kind": "'individual'", "state": "'confirmed'",
            "source": "'form'", "lead_name": "''", "lead_email": "''", "lead_phone": "''", "organisation": "''",
            "adults": "0", "owner_fingerprint": blob, "owner_generation": "1", "idempotency_scope": "''",
            "idempotency_key": "''", "request_digest": "''", "created_at": moment,
        },
    )  # fmt: skip
    insert(
        "tickets_ticket",
        _defaults("tickets", "Ticket")
        | {
            "id": "i", "registration_id": "i", "event_id": event_of, "serial": "i", "generation": "1", "fingerprint": blob,
            "short_fingerprint": blob, "person_id": f"(i - 1) % {people} + 1", "name": "''", "age_band": bands,
            "borough": boroughs, "is_adult_of_group": no, "no_photos": yes, "may_leave_alone": no, "state": "'valid'",
            "issued_at": moment, "changed_at": moment,
        },
    )  # fmt: skip
    insert(
        "tickets_checkin",
        _defaults("tickets", "CheckIn")
        | {
            "id": "i", "scan_id": uuid, "event_id": event_of, "door_list_id": list_of, "ticket_id": "i",
            "unknown_digest": "''", "direction": "'entry'", "verdict": "'admitted'", "decided": "''", "collection": "''",
            "override_reason": "''", "overridden_verdict": "''", "scanned_at": moment, "happened_at": moment,
            "recorded_at": moment, "undo_reason": "''", "is_practice": no, "is_quarantined": no,
        },
    )  # fmt: skip
    insert(
        "tickets_admission",
        _defaults("tickets", "Admission")
        | {
            "id": "i", "ticket_id": "i", "door_list_id": list_of, "check_in_id": "i", "admitted_at": moment,
            "is_inside": yes, "last_at": moment, "recorded_at": moment, "changed_at": moment,
        },
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _defaults(app: str, name: str) -> dict[str, str]:
    """Columns that were added later: their default, where they must hold something."""
    from django.apps import apps
    from django.db.models.fields import NOT_PROVIDED

    found = {}
    for field in apps.get_model(app, name)._meta.concrete_fields:
        if field.null or field.primary_key or field.is_relation:
            continue
        if field.default is not NOT_PROVIDED and not callable(field.default):
            value = field.default
            found[field.column] = str(value).upper() if isinstance(value, bool) else repr(value)
        elif field.blank and field.empty_strings_allowed:
            found[field.column] = "''"
    return found


def figures() -> None:
    from time import perf_counter, process_time

    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from reporting.domain.reach import measure_reach
    from reporting.models import Target

    target = Target.objects.select_related("series").get(slug="showcase-reach")
    measure_reach(target=target, as_at=timezone.now())
    best = (1e9, 0.0)
    for _ in range(2):
        started, used = perf_counter(), process_time() + database_seconds()
        measure_reach(target=target, as_at=timezone.now())
        best = min(best, (perf_counter() - started, process_time() + database_seconds() - used))
    with CaptureQueriesContext(connection) as captured:
        measure_reach(target=target, as_at=timezone.now())
    if os.environ.get("SHOW_QUERIES"):
        for query in captured:
            print(query["time"], query["sql"][:160], file=sys.stderr)
    print(*best, len(captured))


def database_seconds() -> float:
    """Processor seconds of the PostgreSQL process that serves this connection, where Linux tells; else 0."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    try:
        words = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def dashboard() -> None:
    from time import perf_counter

    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from reporting.domain.publishing import publish_report
    from reporting.models import Target
    from tests import cast

    settings.ALLOWED_HOSTS = ["*"]
    organiser, board = cast.make_user("organiser"), cast.make_user("board")
    for target in Target.objects.all():
        publish_report(target=target, by=organiser, now=timezone.now())
    client = Client()
    client.force_login(board)
    best = 1e9
    for _ in range(5):
        started = perf_counter()
        assert client.get("/desk/reach/").status_code == 200
        best = min(best, perf_counter() - started)
    print(best)


def report() -> None:
    import resource
    from time import perf_counter

    from django.utils import timezone

    from reporting.domain.reading import live_values
    from reporting.faces import face_of
    from reporting.models import Target

    target = Target.objects.select_related("series").get(slug="showcase-reach")
    started = perf_counter()
    face_of("pdf", live_values(target=target, now=timezone.now(), by=None, face="bench"))
    took = perf_counter() - started
    print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


if __name__ == "__main__":
    steps = {"figures": figures, "dashboard": dashboard, "report": report}
    argument = sys.argv[1] if len(sys.argv) > 1 else str(SIZES[-1])
    if argument.isdigit():
        main(int(argument))
    else:
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        import django

        django.setup()
        fill(int(sys.argv[2])) if argument == "fill" else steps[argument]()
