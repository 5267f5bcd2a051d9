"""Write everything to one encrypted file."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.backups import BackupNotWritten, take_backup


class Command(BaseCommand):
    help = "Write a consistent, encrypted backup to FILE. Keep BACKUP_KEY elsewhere."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, file: Path, **options):
        try:
            rows = take_backup(path=file, key=settings.BACKUP_KEY, now=timezone.now())
        except BackupNotWritten as fault:
            raise CommandError(f"No backup was written: {fault}") from fault
        except OSError as fault:
            raise CommandError(f"No backup was written: {fault.strerror}.") from fault
        self.stdout.write(f"{rows} rows kept in {file}")
