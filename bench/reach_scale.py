"""How does the cost of a reach figure grow with check-ins, and what does a report cost?

`python -m bench.reach_scale [largest]`: 10,000, 100,000 and 1,000,000 check-ins (up to largest) over four
editions, on SQLite and PostgreSQL; each with seven in ten persons at one edition only. Rows are made by the
database itself. The report is that of all registrations, in a process of its own. Writes
docs/performance-reach.md, which `make bench` appends to docs/performance.md.
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

Written by `python -m bench.reach_scale` on {started}; do not edit by hand.
{os.cpu_count()} cores, Python {platform.python_version()}.
The machine's load was {load}; above {os.cpu_count()}, other work shared the cores and wall time is longer
than on a machine of its own.

One target over 4 editions, seven persons for ten check-ins, computed from the rows. Figures: the better of
two runs after a first; processor is what this process and all of PostgreSQL's used in that run. The board's
dashboard shows what is published, the organiser's what was last counted. Report PDF and its memory: figures
and document together, in a fresh process. The promise: 10,000 check-ins in 0.2 s, 100,000
in 1.5 s and a million in the background in 20 s and 400 MB,
the report of 10,000 registrations in under 2 s and 200 MB.

| Database | Check-ins | Figures | Processor | Queries | Dashboard, board | Dashboard, organiser \
| Report PDF | Memory at most |
|---|--:|--:|--:|--:|--:|--:|--:|--:|
{table}
"""


def row(name: str, size: int, address: str) -> str:
    environment = os.environ | {"DATABASE_URL": address, "EMAIL_URL": "dummy:", "PYTHONPATH": str(ROOT)}

    def run(*arguments: str) -> str:
        made = subprocess.run(
            [sys.executable, "-m", "bench.reach_scale", *arguments],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        return made.stdout.strip().rpartition("\n")[2]

    run("fill", str(size))
    figures, processor, queries = run("figures").split()
    board, organiser = run("dashboard").split()
    report, memory = run("report").split()
    line = (
        f"| {name} | {size:,} | {float(figures):.2f} s | {float(processor):.2f} s | {queries} "
        f"| {float(board) * 1000:.0f} ms | {float(organiser) * 1000:.0f} ms | {float(report):.2f} s | "
        f"{memory} MiB |"
    )
    print(line, flush=True)
    return line


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
    """Processor seconds of PostgreSQL's process for this connection and of helpers that ended,
    where Linux tells; else 0."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        own = _process(cursor.fetchone()[0])
    if not own:
        return 0.0
    parent = _process(int(own[1]))
    ticks = int(own[11]) + int(own[12]) + int(parent[13]) + int(parent[14])
    return ticks / os.sysconf("SC_CLK_TCK")


def _process(pid: int) -> list[str]:
    """What Linux tells of a process, from its state on:
    its parent is the second, its times the twelfth and on."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    except OSError:
        return []


def dashboard() -> None:
    from time import perf_counter

    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from reporting.domain.publishing import publish_report
    from reporting.models import Target
    from tests import factories

    settings.ALLOWED_HOSTS = ["*"]
    organiser, board = factories.make_user("organiser"), factories.make_user("board")
    for target in Target.objects.all():
        publish_report(target=target, by=organiser, now=timezone.now())
    best = []
    for reader in (board, organiser):
        client = Client()
        client.force_login(reader)
        times = []
        for _ in range(5):
            started = perf_counter()
            assert client.get("/desk/reach/").status_code == 200
            times.append(perf_counter() - started)
        best.append(min(times))
    print(*best)


def report() -> None:
    import resource
    from time import perf_counter

    from django.utils import timezone

    from reporting.domain.report_access import live_values
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
        if argument == "fill":
            from bench.reach_rows import fill

            fill(int(sys.argv[2]))
        else:
            steps[argument]()
