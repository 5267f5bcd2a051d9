"""Replace everything by what an encrypted backup holds."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.backups import BackupRefused, restore_backup
from desk.domain.erasure import erase_again, scrub
from desk.domain.erasure_ledger import LedgerOfOtherKey
from desk.domain.mail_after_restore import hold_what_was_due


class Command(BaseCommand):
    help = "Replace every row by those of the backup FILE, then erase again whom we erased since."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--send-mail",
            action="store_true",
            help="mail that was due goes on: for a planned move, when nothing ran since the backup",
        )

    def handle(self, *args, file: Path, send_mail: bool, **options):
        now, again, held = timezone.now(), 0, 0

        def then() -> None:
            nonlocal again, held
            again = erase_again(now=now)
            if not send_mail:
                held = hold_what_was_due(now=now)

        if not settings.ERASURE_LEDGER.exists():
            self.stderr.write(
                f"No erasure ledger at {settings.ERASURE_LEDGER}: whoever asked us to erase them since the "
                "backup is back. If there is a ledger elsewhere, set ERASURE_LEDGER to it and restore again."
            )
        try:
            rows = restore_backup(path=file, key=settings.BACKUP_KEY, then=then)
        except (BackupRefused, LedgerOfOtherKey) as fault:
            raise CommandError(f"Nothing was restored. {fault}") from fault
        except OSError as fault:
            raise CommandError(f"Nothing was restored. {file}: {fault.strerror}.") from fault
        scrub(now=now)
        self.stdout.write(f"{rows} rows restored from {file}; erased again: {again} registrations")
        if held:
            self.stdout.write(
                f"{held} mails that were due are held, because they may have been sent since the backup: "
                f"an organiser decides at {settings.SITE_URL}/desk/mail/"
            )
