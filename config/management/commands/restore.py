"""Replace everything by what an encrypted backup holds."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.backups import BackupOfOtherVersion, BackupUnreadable, restore_backup
from tickets.domain.erasure import erase_again, scrub


class Command(BaseCommand):
    help = "Replace every row by those of the backup FILE, then erase again whom we erased since."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, file: Path, **options):
        now, again = timezone.now(), 0

        def erase() -> None:
            nonlocal again
            again = erase_again(now=now)

        if not settings.ERASURE_LEDGER.exists():
            self.stderr.write(
                f"No erasure ledger at {settings.ERASURE_LEDGER}: whoever asked us to erase them since the "
                "backup is back. If there is a ledger elsewhere, set ERASURE_LEDGER to it and restore again."
            )
        try:
            rows = restore_backup(path=file, key=settings.BACKUP_KEY, then=erase)
        except (BackupUnreadable, BackupOfOtherVersion, FileNotFoundError) as fault:
            raise CommandError(str(fault)) from fault
        scrub(now=now)
        self.stdout.write(f"{rows} rows restored from {file}; erased again: {again} registrations")
