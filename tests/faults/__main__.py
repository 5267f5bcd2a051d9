"""What was lost over the long run? `python -m tests.faults [NAME ...]` prints a table; every number has to be nought.

Takes half an hour or so. Everything runs on this machine, on databases of its own that are removed at the end.
"""

import sys
import time

from tests.faults import scenarios
from tests.faults.soak import soak

PLAN = [
    ("kills-sqlite", lambda: scenarios.server_killed(on="SQLite", kills=100, seconds_between=0.5)),
    ("kills-postgres", lambda: scenarios.server_killed(on="PostgreSQL", kills=100, seconds_between=0.5)),
    ("database", lambda: scenarios.database_stopped(cycles=10)),
    ("nodes", lambda: scenarios.two_nodes(kills=10)),
    ("mail-sqlite", lambda: scenarios.mailer_killed(on="SQLite", mails=500, kills=20)),
    ("mail-postgres", lambda: scenarios.mailer_killed(on="PostgreSQL", mails=500, kills=20)),
    ("disk", lambda: scenarios.disk_filled(fills=5)),
    ("migrations-sqlite", lambda: scenarios.migration_killed(on="SQLite", kills=8)),
    ("migrations-postgres", lambda: scenarios.migration_killed(on="PostgreSQL", kills=8)),
    ("restore-sqlite", lambda: scenarios.restored_after_erasures(on="SQLite", people=10_000, erased=50)),
    (
        "restore-postgres",
        lambda: scenarios.restored_after_erasures(on="PostgreSQL", people=10_000, erased=50),
    ),
    ("soak", lambda: soak(minutes=10)),
]


def main(wanted: list[str]) -> int:
    print(f"{'Fault':34}{'On':12}{'Times':>7}{'Acknowledged':>14}{'Lost':>6}  Note", flush=True)
    broken = 0
    for name, run in PLAN:
        if wanted and name not in wanted:
            continue
        began = time.monotonic()
        outcome = run()
        lost = sum(outcome.lost.values())
        broken += lost != 0
        row = f"{outcome.fault:34}{outcome.on:12}{outcome.times:>7}{outcome.acknowledged:>14}{lost:>6}"
        print(f"{row}  {outcome.note} ({time.monotonic() - began:.0f} s)", flush=True)
        for what, number in outcome.lost.items():
            if number:
                print(f"    {what}: {number}", flush=True)
        for line in outcome.journal.bare[:5] + outcome.journal.gave_up[:5]:
            print(f"    {line}", flush=True)
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
