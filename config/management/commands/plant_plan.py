"""Put there what the action plan names, for a machine that begins empty."""

from django.core.management.base import BaseCommand
from django.db import transaction

from events.domain.catalogue import plant_strands, plant_venues
from events.domain.planning import plant_programme
from reporting.domain.targets import plant_targets


class Command(BaseCommand):
    help = (
        "Plant the venues, strands, series and targets of the action plan; no people. "
        "Run again, it changes nothing."
    )

    def handle(self, *args, **options):
        with transaction.atomic():
            plant_venues()
            plant_strands()
            showcase, cornerstone = plant_programme()
            plant_targets(showcase=showcase, cornerstone=cornerstone)
        self.stdout.write("The venues, strands, series and targets of the action plan are there.")
