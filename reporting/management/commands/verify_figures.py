"""Recompute every published figure from the rows, as known at publication."""

from django.core.management.base import BaseCommand, CommandError

from reporting.domain.publishing import differences
from reporting.models import PublishedReport


class Command(BaseCommand):
    help = "Recompute published figures; exit 1 and a line for each difference."

    def handle(self, *args, **options):
        lines = differences()
        for line in lines:
            self.stdout.write(line)
        if lines:
            raise CommandError(f"{len(lines)} differences", returncode=1)
        self.stdout.write(f"{PublishedReport.objects.count()} published reports agree with the rows.")
