"""Does its memory stay flat under hours of mixed load?

Minutes of it, at a steady rate, on either database.
"""

import tempfile
import threading
import time
from pathlib import Path

from tests.faults.databases import database
from tests.faults.house import House
from tests.faults.load import Clients, losses
from tests.faults.scenarios import Outcome

PAGES = (
    "/",
    "/e/fault/",
    "/e/fault/register/",
    "/privacy/",
    "/events.ics",
    "/api/v1/events/",
    "/readyz",
    "/nowhere/",
)
GROWTH = 0.10  # share by which the second half may be above the first


def soak(*, on: str, minutes: float) -> Outcome:
    """Registrations, scans and pages; memory is looked at every two seconds, after a minute to warm up."""
    with database(on) as db, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with House(url=db.url, folder=folder, web_only=False) as house:
            prepared = house.prepare(tickets=3_000)
            house.start()
            stop = threading.Event()
            reader = threading.Thread(target=_read, args=(house, stop), daemon=True)
            weights, files = [], []
            with Clients([house], prepared, registering=1, scanning=1) as clients:
                reader.start()
                warm = time.monotonic() + min(60, minutes * 10)
                last = time.monotonic() + minutes * 60
                while time.monotonic() < last:
                    time.sleep(2)
                    if time.monotonic() > warm:
                        weights.append(_mib(house))
                        files.append(_open_files(house))
                journal = clients.finish()
            stop.set()
            reader.join()
            half = len(weights) // 2
            early, late = sum(weights[:half]) / half, sum(weights[half:]) / len(weights[half:])
            lost = losses(journal, db) | {
                "memory grew": int(late > early * (1 + GROWTH)),
                "files stayed open": int(max(files[half:]) > max(files[:half]) + 8),
            }
            note = (
                f"{minutes:g} minutes: {weights[0]:.0f} MiB at the start, {weights[-1]:.0f} at the end "
                f"(halves: {early:.0f} and {late:.0f}); {max(files)} files open at most"
            )
            return Outcome("soak, memory and files", on, 1, clients.acknowledged(), lost, note, journal)


def _read(house: House, stop: threading.Event) -> None:
    number = 0
    while not stop.wait(0.1):
        house.ask(PAGES[number % len(PAGES)])
        number += 1


def _mib(house: House) -> float:
    """Of all processes of the house; pages that they share are counted once."""
    total = 0
    for pid in house.pids():
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


def _open_files(house: House) -> int:
    return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in house.pids())
