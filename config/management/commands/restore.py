"""Replace everything by what an encrypted backup holds."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.backups import BackupOfOtherVersion, BackupUnreadable, restore_backup


class Command(BaseCommand):
    help = "Replace every row by those of the backup FILE, then erase again whom we erased since."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, file: Path, **options):
        try:
            rows = restore_backup(path=file, key=settings.BACKUP_KEY)
        except (BackupUnreadable, BackupOfOtherVersion, FileNotFoundError) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(f"{rows} rows restored from {file}")
