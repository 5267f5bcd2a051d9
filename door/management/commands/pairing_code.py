"""Print a one-time code that pairs a door phone with a gate."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from door.domain.devices import make_pairing_code
from door.models import Gate
from foundation.refusals import Refusal


class Command(BaseCommand):
    help = (
        "Prints a one-time device pairing code, good for ten minutes, as the last word. "
        "Earlier codes stay good."
    )

    def add_arguments(self, parser):
        parser.add_argument("event_slug")
        parser.add_argument("gate_slug")

    def handle(self, *args, event_slug: str, gate_slug: str, **options):
        try:
            gate = Gate.objects.select_related("event").get(event__slug=event_slug, slug=gate_slug)
        except Gate.DoesNotExist:
            raise CommandError(f"There is no gate {gate_slug} at an event {event_slug}.") from None
        try:
            code = make_pairing_code(gate=gate, now=timezone.now(), by=None)
        except Refusal as refusal:
            raise CommandError(refusal.message) from None
        self.stdout.write(f"Pair a phone with {gate.name} of {gate.event.title} within ten minutes: {code}")
