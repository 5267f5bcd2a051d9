"""Are the cuts of the display face and the pictures there? Makes those that are missing or out of date."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.fonts import FacePackageMissing, build_fonts
from config.pictures import build_pictures


class Command(BaseCommand):
    help = "Builds static/fonts and static/pictures (ignored by git); does nothing when they are up to date."
    requires_system_checks = []

    def handle(self, *args, **options):
        folder = settings.BASE_DIR / "static" / "fonts"
        try:
            made = build_fonts(node_modules=settings.NODE_MODULES, folder=folder)
        except FacePackageMissing as missing:
            raise CommandError(str(missing)) from missing
        made += build_pictures(folder=settings.BASE_DIR / "static" / "pictures")
        for path in made:
            self.stdout.write(f"{path.name}: {path.stat().st_size / 1000:.1f} kB")
        if not made:
            self.stdout.write("The fonts and pictures are there already.")
