"""Send the mail that is due: once, or again and again."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from outbox.domain.mail_delivery import send_due
from outbox.loops import again_and_again


class Command(BaseCommand):
    help = "Send the mail that is due."

    def add_arguments(self, parser):
        parser.add_argument("--every", type=float, metavar="SECONDS", help="go on, with this pause between")

    def handle(self, *args, every: float | None, **options):
        def once() -> None:
            if sent := send_due(now=timezone.now()):
                self.stdout.write(f"mail sent: {sent}")

        again_and_again(once, every=every)
