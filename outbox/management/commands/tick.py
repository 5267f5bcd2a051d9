"""Do everything that is due: once, or again and again with a process for each lane."""

import signal
import threading

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from outbox.domain import due
from outbox.domain.deadlines import end_this_process_at_deadlines
from outbox.lanes import Lanes


class Command(BaseCommand):
    help = "Lapse holds, offer places, send mail, tell webhooks, make files, erase: everything that is due."

    def add_arguments(self, parser):
        parser.add_argument(
            "--every",
            type=float,
            metavar="SECONDS",
            help="go on, with this pause between; each lane by itself",
        )
        parser.add_argument("--lane", choices=due.lanes(), help="this kind of work alone")

    def handle(self, *args, every: float | None, lane: str | None, **options):
        if every is None:
            self._once(lane)
        else:
            self._go_on(every, lane)

    def _once(self, lane: str | None) -> None:
        end_this_process_at_deadlines()
        done, failed = due.run_all(now=timezone.now(), last=due.last_runs(), lane=lane)
        for name, rows in done.items():
            if rows:
                self.stdout.write(f"{name}: {rows}")
        if failed:
            raise CommandError(f"These failed, see the log: {', '.join(failed)}")

    def _go_on(self, every: float, lane: str | None) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        lanes = Lanes(every=every, say=self.stderr.write, names=[lane] if lane else None)
        try:
            while not stop.is_set():
                lanes.look_after()
                stop.wait(1)
        finally:
            lanes.stop()
