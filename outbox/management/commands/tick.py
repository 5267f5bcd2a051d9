"""Do everything that is due: once, or again and again."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from outbox.domain.due import run_all
from outbox.loops import again_and_again


class Command(BaseCommand):
    help = "Lapse holds, expire offers, send and resend mail, remind, erase: everything that is due."

    def add_arguments(self, parser):
        parser.add_argument("--every", type=float, metavar="SECONDS", help="go on, with this pause between")

    def handle(self, *args, every: float | None, **options):
        self.last: dict = {}
        again_and_again(self._once, every=every)

    def _once(self) -> None:
        done, failed = run_all(now=timezone.now(), last=self.last)
        for name, rows in done.items():
            if rows:
                self.stdout.write(f"{name}: {rows}")
        if failed:
            raise CommandError(f"These failed, see the log: {', '.join(failed)}")
