"""Do everything that is due: once, or again and again."""

import signal
import threading

from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from outbox.domain.due import run_all


class Command(BaseCommand):
    help = "Lapse holds, expire offers, send and resend mail, remind, erase: everything that is due."

    def add_arguments(self, parser):
        parser.add_argument("--every", type=float, metavar="SECONDS", help="go on, with this pause between")

    def handle(self, *args, every: float | None, **options):
        if every is None:
            self._once()
            return
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        while not stop.is_set():
            try:
                self._once()
            except CommandError as failed:
                self.stderr.write(str(failed))
            close_old_connections()
            stop.wait(every)

    def _once(self) -> None:
        done, failed = run_all(now=timezone.now())
        for name, rows in done.items():
            if rows:
                self.stdout.write(f"{name}: {rows}")
        if failed:
            raise CommandError(f"These failed, see the log: {', '.join(failed)}")
