"""What was lost over the long run? `python -m tests.faults [NAME ...]` prints a table; every number has to be
nought.

Takes half an hour or so; `--short` runs a few rounds of each, in about ten minutes.
Everything runs on this machine, on databases of its own that are removed at the end.
"""

import logging
import os
import sys
import time
from collections.abc import Callable
from functools import partial

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()
logging.disable(logging.INFO)

from tests.faults import scenarios
from tests.faults.portal import captive_portal
from tests.faults.soak import soak


def plan(*, short: bool) -> list[tuple[str, Callable]]:
    """Every scenario with its rounds; the short plan shows that each runs, not that nothing is ever lost."""
    kills, cycles, fills, migrations = (3, 1, 1, 2) if short else (100, 10, 5, 8)
    mails, mail_kills = (60, 2) if short else (500, 20)
    people, erased = (500, 10) if short else (10_000, 50)
    rows = 500 if short else 50_000
    both = [("sqlite", "SQLite"), ("postgres", "PostgreSQL")]
    return [
        *[
            (f"kills-{name}", partial(scenarios.server_killed, on=on, kills=kills, seconds_between=0.5))
            for name, on in both
        ],
        ("database", partial(scenarios.database_stopped, cycles=cycles)),
        ("nodes", partial(scenarios.two_nodes, kills=cycles)),
        *[
            (f"mail-{name}", partial(scenarios.mailer_killed, on=on, mails=mails, kills=mail_kills))
            for name, on in both
        ],
        ("disk", partial(scenarios.disk_filled, fills=fills)),
        *[
            (f"migrations-{name}", partial(scenarios.migration_killed, on=on, kills=migrations, tickets=rows))
            for name, on in both
        ],
        *[
            (
                f"restore-{name}",
                partial(scenarios.restored_after_erasures, on=on, people=people, erased=erased),
            )
            for name, on in both
        ],
        *[(f"clocks-{name}", partial(scenarios.clock_changed, on=on)) for name, on in both],
        *[(f"portal-{name}", partial(captive_portal, on=on, each=2 if short else 10)) for name, on in both],
        *[(f"soak-{name}", partial(soak, on=on, minutes=1 if short else 10)) for name, on in both],
    ]


def main(wanted: list[str]) -> int:
    print(f"{'Fault':34}{'On':12}{'Times':>7}{'Acknowledged':>14}{'Lost':>6}  Note", flush=True)
    broken = 0
    short = "--short" in wanted
    wanted = [name for name in wanted if name != "--short"]
    for name, run in plan(short=short):
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
