"""Put the demo into the database."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from config.demo.seed import plant_demo
from events.models import Event


class Command(BaseCommand):
    help = "Plant the demo data, all people fictional. Run again, it changes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty", action="store_true", help="do nothing where there is an event already"
        )

    def handle(self, *args, if_empty: bool, **options):
        if if_empty and Event.objects.exists():
            return
        planted = plant_demo(now=timezone.now())
        self.stdout.write("The demo is planted." if planted else "The demo was there already.")
