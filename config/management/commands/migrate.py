"""Django's migrate, which first moves a database of the older cut aside."""

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.utils import timezone

from config.older_cut import OlderDatabase, set_aside_older_database


class Command(Migrate):
    def handle(self, *args, **options):
        try:
            folder = set_aside_older_database(now=timezone.now())
        except OlderDatabase as fault:
            raise CommandError(str(fault)) from fault
        if folder is not None:
            self.stdout.write(
                f"The database was of an older version: it is kept in {folder}, and a new one begins."
            )
        return super().handle(*args, **options)
