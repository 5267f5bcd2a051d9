<<<<<<< HEAD
"""Cut the display face to what we use, into a folder that is not committed.

Bricolage Grotesque (SIL Open Font License) comes from its npm package. static/fonts/display.woff2 is for
pages: weight 800, ASCII and typographic marks. The two .otf files are for PDFs, each with a family name of
its own: two files under one family print wrong letters.
"""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

PACKAGE = settings.NODE_MODULES / "@fontsource-variable/bricolage-grotesque/files"
TARGET = settings.BASE_DIR / "static" / "fonts"
WEIGHT = 800
TYPOGRAPHIC = [0xA0, 0xA3, 0xB7, 0xD7, 0xE9, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026, 0x2192]


class Command(BaseCommand):
    help = "Build the display font for pages and PDFs into static/fonts."

    def handle(self, *args, **options):
        latin = PACKAGE / "bricolage-grotesque-latin-wght-normal.woff2"
        extended = PACKAGE / "bricolage-grotesque-latin-ext-wght-normal.woff2"
        if not latin.exists():
            raise CommandError("The font package is missing: run npm ci.")
        TARGET.mkdir(parents=True, exist_ok=True)
        self._cut(latin, TARGET / "display.woff2", characters=[*range(0x20, 0x7F), *TYPOGRAPHIC])
        self._cut(latin, TARGET / "display-print.ttf", family="Display Print")
        self._cut(extended, TARGET / "display-print-extended.ttf", family="Display Print Extended")
        self.stdout.write(f"Fonts built in {TARGET.relative_to(settings.BASE_DIR)}")

    def _cut(
        self, source: Path, target: Path, *, characters: list[int] | None = None, family: str = ""
    ) -> None:
        font = instantiateVariableFont(TTFont(source), {"wght": WEIGHT})
        options = subset.Options(layout_features=["kern", "liga", "tnum"], hinting=False)
        options.flavor = "woff2" if target.suffix == ".woff2" else None
        options.name_IDs = ["*"] if family else []
        subsetter = subset.Subsetter(options)
        subsetter.populate(unicodes=characters or font.getBestCmap().keys())
        subsetter.subset(font)
        if family:
            for name_id in (1, 4, 6, 16):
                text = family.replace(" ", "") if name_id == 6 else family
                font["name"].setName(text, name_id, 3, 1, 0x409)
        font.flavor = options.flavor
        part = target.with_suffix(".part")
        font.save(part)
        part.replace(target)
=======
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
>>>>>>> 17ec5b7 (Build the display face from its package)
