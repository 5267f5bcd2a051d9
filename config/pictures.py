"""Which pictures do other programs want as PNG, and how are they drawn? From our own shapes, without a
library.

A phone's home screen and a shared link take no SVG. Each picture has at most 16 flat colours, which is what
overprinted inks give anyway, so a palette PNG is small and needs nothing but zlib. Nothing of it is
committed.
"""

import math
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

PAPER, INK, LET_IN = (0xF7, 0xF2, 0xE8), (0x0B, 0x0B, 0x0F), (0x00, 0xE6, 0x76)
MUSIC, FILM, GAMES = (0x2F, 0x45, 0xFF), (0xFF, 0x2F, 0x87), (0x00, 0xB9, 0xC7)
CREATURE = ("0010100", "0111110", "1101011", "1111111", "1011101")

Colour = tuple[int, int, int]
Rows = list[bytearray]
"""One byte a pixel: an index into the palette."""


def build_pictures(*, folder: Path) -> list[Path]:
    """Draw each picture that is missing or older than this recipe; return those made."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name, (draw, palette) in PICTURES.items():
        target = folder / name
        if not target.exists() or target.stat().st_mtime < Path(__file__).stat().st_mtime:
            target.write_bytes(png(draw(), palette))
            made.append(target)
    return made


def png(rows: Rows, palette: list[Colour]) -> bytes:
    """A palette PNG (PNG specification, colour type 3, 8 bits)."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 3, 0, 0, 0)
    lines = b"".join(b"\0" + bytes(row) for row in rows)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", head),
            chunk(b"PLTE", b"".join(bytes(colour) for colour in palette)),
            chunk(b"IDAT", zlib.compress(lines, 9)),
            chunk(b"IEND", b""),
        ]
    )


def overprints() -> list[Colour]:
    """Paper under each of the eight ways in which three inks can lie on it: bit 1 music, 2 film, 4 games."""

    def mix(bits: int) -> Colour:
        colour = PAPER
        for bit, printed in enumerate((MUSIC, FILM, GAMES)):
            if bits >> bit & 1:
                red, green, blue = (a * b // 255 for a, b in zip(colour, printed, strict=True))
                colour = (red, green, blue)
        return colour

    return [mix(bits) for bits in range(8)]


def share_picture() -> Rows:
    """1200 by 630: the three streams that meet, for a link that is shared."""
    rows = _blank(1200, 630)
    for x, y, wide, high in (
        (20, 260, 70, 50),
        (116, 250, 96, 70),
        (240, 236, 132, 96),
        (400, 214, 184, 136),
    ):
        _frame(rows, x, y, wide, high, thick=16, bit=2)
    _frame(rows, 640, 96, 480, 360, thick=40, bit=2)
    for x, y, side in (
        (30, 470, 22),
        (84, 520, 26),
        (150, 474, 30),
        (222, 528, 36),
        (300, 470, 42),
        (400, 512, 52),
    ):
        _box(rows, x, y, side, side, bit=4)
    for line, cells in enumerate(CREATURE):
        for column, cell in enumerate(cells):
            if cell == "1":
                _box(rows, 500 + column * 78, 170 + line * 78, 78, 78, bit=4)
    _wave(rows, thick=44, bit=1)
    return rows


def house_icon(side: int) -> Callable[[], Rows]:
    """The frame and the creature on paper; enough room around for a mask."""

    def draw() -> Rows:
        rows = _blank(side, side)
        unit = side / 64
        _frame(rows, *(round(n * unit) for n in (14, 15, 30, 26)), thick=round(5 * unit), bit=2)
        for line, cells in enumerate(CREATURE):
            for column, cell in enumerate(cells):
                if cell == "1":
                    left, top = round((21 + column * 4) * unit), round((29 + line * 4) * unit)
                    right, bottom = round((25 + column * 4) * unit), round((33 + line * 4) * unit)
                    _box(rows, left, top, right - left, bottom - top, bit=4)
        return rows

    return draw


def door_icon(side: int) -> Callable[[], Rows]:
    """A viewfinder's corners around a tick made of pixels, dark; all within the circle that a mask leaves."""

    def draw() -> Rows:
        rows = _blank(side, side)

        def box(x: int, y: int, wide: int, high: int, bit: int) -> None:
            left, top, right, bottom = (round(n * side / 32) for n in (x, y, x + wide, y + high))
            _box(rows, left, top, right - left, bottom - top, bit=bit)

        for x, y in ((8, 8), (22, 8), (8, 22), (22, 22)):
            box(8 if x == 8 else 19, y, 5, 2, 1)
            box(x, 8 if y == 8 else 19, 2, 5, 1)
        for x, y in ((10, 15), (12, 17), (14, 19), (16, 17), (18, 15), (20, 13)):
            box(x, y, 2, 3, 2)
        return rows

    return draw


def _blank(wide: int, high: int) -> Rows:
    return [bytearray(wide) for _ in range(high)]


def _box(rows: Rows, x: int, y: int, wide: int, high: int, *, bit: int) -> None:
    for row in rows[max(y, 0) : y + high]:
        for at in range(max(x, 0), min(x + wide, len(row))):
            row[at] |= bit


def _frame(rows: Rows, x: int, y: int, wide: int, high: int, *, thick: int, bit: int) -> None:
    _box(rows, x, y, wide, thick, bit=bit)
    _box(rows, x, y + high - thick, wide, thick, bit=bit)
    _box(rows, x, y + thick, thick, high - 2 * thick, bit=bit)
    _box(rows, x + wide - thick, y + thick, thick, high - 2 * thick, bit=bit)


def _wave(rows: Rows, *, thick: int, bit: int) -> None:
    """A curve across the whole picture that grows to the right."""

    def middle(x: float) -> float:
        grown = max(x, 0) / len(rows[0])
        return 120 + 180 * grown + (30 + 190 * grown**1.6) * math.sin(x / (34 + 46 * grown))

    for x in range(len(rows[0])):
        slope = middle(x + 0.5) - middle(x - 0.5)
        half = thick / 2 * math.hypot(1, slope)
        for y in range(max(round(middle(x) - half), 0), min(round(middle(x) + half), len(rows))):
            rows[y][x] |= bit


DOOR_COLOURS = [INK, (255, 255, 255), LET_IN]
PICTURES: dict[str, tuple[Callable[[], Rows], list[Colour]]] = {
    "share.png": (share_picture, overprints()),
    "touch.png": (house_icon(180), overprints()),
    "door-192.png": (door_icon(192), DOOR_COLOURS),
    "door-512.png": (door_icon(512), DOOR_COLOURS),
    "door-touch.png": (door_icon(180), DOOR_COLOURS),
}
