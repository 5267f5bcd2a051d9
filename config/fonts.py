"""Which cuts of the display face does the house need, and how are they made from the package?

The face is Bricolage Grotesque (SIL Open Font License 1.1), taken from the npm package that package.json
names. Nothing of it is committed: the cuts are built into static/fonts, which git ignores.
"""

from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

PACKAGE = Path("@fontsource-variable/bricolage-grotesque")
LATIN = "files/bricolage-grotesque-latin-standard-normal.woff2"
LATIN_EXT = "files/bricolage-grotesque-latin-ext-standard-normal.woff2"

# Printable ASCII, pound, middle dot, multiplication sign, accents of western names, dashes, quotes, ellipsis,
# arrows.
WEB_CHARACTERS = (
    "".join(map(chr, range(0x20, 0x7F)))
    + "\u00a0£·×éèëíóöüçñ\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u2192"
)

# Axes: opsz in points, wght 200 to 800, wdth in per cent.
POSTER = {"opsz": 96, "wght": 800, "wdth": 80}
TEXT = {"opsz": 14, "wght": 400, "wdth": 100}
TEXT_BOLD = {"opsz": 14, "wght": 700, "wdth": 100}


@dataclass(frozen=True)
class Cut:
    """One file to make: its name, its own family name, the axes at which the variable face is fixed."""

    file: str
    family: str
    source: str
    axes: dict[str, int]
    characters: str | None = None
    """None keeps every character of the source."""

    @property
    def is_for_web(self) -> bool:
        return self.file.endswith(".woff2")


# Each file has a family name of its own: WeasyPrint merges files that share one and prints wrong letters.
CUTS = (
    Cut("display.woff2", "Display Web", LATIN, POSTER, WEB_CHARACTERS),
    Cut("display-print.ttf", "Display Print", LATIN, POSTER),
    Cut("display-print-extended.ttf", "Display Print Extended", LATIN_EXT, POSTER),
    Cut("text-print.ttf", "Text Print", LATIN, TEXT),
    Cut("text-print-extended.ttf", "Text Print Extended", LATIN_EXT, TEXT),
    Cut("bold-print.ttf", "Bold Print", LATIN, TEXT_BOLD),
    Cut("bold-print-extended.ttf", "Bold Print Extended", LATIN_EXT, TEXT_BOLD),
)


class FacePackageMissing(Exception):
    """The npm package of the face is not installed: run npm ci."""


def build_fonts(*, node_modules: Path, folder: Path) -> list[Path]:
    """Make each cut that is missing or older than the package or this recipe; return those made.

    :raises FacePackageMissing: node_modules does not hold the face
    """
    package = node_modules / PACKAGE
    if not package.is_dir():
        raise FacePackageMissing(f"{PACKAGE} is not installed; run npm ci first")
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for cut in CUTS:
        target = folder / cut.file
        newest = max(path.stat().st_mtime for path in (package / cut.source, Path(__file__)))
        if not target.exists() or target.stat().st_mtime < newest:
            _make(cut, source=package / cut.source, target=target)
            made.append(target)
    return made


def _make(cut: Cut, *, source: Path, target: Path) -> None:
    font = instancer.instantiateVariableFont(TTFont(source), cut.axes, inplace=False)
    options = subset.Options()
    options.layout_features = ["kern", "liga", "mark", "mkmk", "ccmp", "locl", "tnum"]
    options.hinting = not cut.is_for_web
    options.name_IDs = ["*"]
    options.notdef_outline = True
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[ord(c) for c in cut.characters] if cut.characters else font.getBestCmap())
    cutter.subset(font)
    _name(font, cut.family)
    font.flavor = "woff2" if cut.is_for_web else None
    part = target.with_suffix(".part")
    font.save(part)
    part.replace(target)


def _name(font: TTFont, family: str) -> None:
    """Give the cut its own family, full and PostScript name; keep copyright and licence (ids 0, 13, 14)."""
    table = font["name"]
    table.names = [record for record in table.names if record.nameID in (0, 13, 14)]
    for name_id, text in ((1, family), (2, "Regular"), (4, family), (6, family.replace(" ", ""))):
        table.setName(text, name_id, 3, 1, 0x409)
    font["OS/2"].usWeightClass = 400
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b100001) | 0b1000000
    font["head"].macStyle = 0
