"""Are the cuts of the display face there? Makes those that are missing or out of date."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.fonts import FacePackageMissing, build_fonts


class Command(BaseCommand):
    help = "Builds the cuts of the display face into static/fonts (ignored by git); does nothing when they are there."
    requires_system_checks = []

    def handle(self, *args, **options):
        folder = settings.BASE_DIR / "static" / "fonts"
        try:
            made = build_fonts(node_modules=settings.NODE_MODULES, folder=folder)
        except FacePackageMissing as missing:
            raise CommandError(str(missing)) from missing
        for path in made:
            self.stdout.write(f"{path.name}: {path.stat().st_size / 1000:.1f} kB")
        if not made:
            self.stdout.write("The fonts are there already.")
