"""Which mark does an edition carry? The shapes of its strands, set by its own name, overprinting each other.

Music is a wave, film and TV a frame, games pixels; a strand without a shape is dots. Where two meet, the page
multiplies their inks (static/css/base.css), so that a new colour appears. The same slug gives the same mark
for ever.
"""

from collections.abc import Iterable
from hashlib import sha256
from math import pi, sin

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

SHAPES = ("wave", "frame", "pixel")
GROUNDS = {"wave": "music", "frame": "film", "pixel": "games"}
WIDTH, HEIGHT = 120, 100  # units of the drawing
PAINTS = {
    "mark-wave": 'fill="none" stroke="#2f45ff" stroke-opacity=".9"',
    "mark-frame": 'fill="none" stroke="#ff2f87" stroke-opacity=".85"',
    "mark-pixel": 'fill="#00b9c7" fill-opacity=".8"',
    "mark-dot": 'fill="none" stroke="#15120f" stroke-linecap="round"',
}
CELL = 14  # side of one pixel, in units


def shapes_of(strands: Iterable) -> list[str]:
    """The distinct shapes of the strands, always in the same order; none at all is a dot."""
    found = {strand.shape for strand in strands}
    return [shape for shape in SHAPES if shape in found] or ["none"]


def ground_of(strands: Iterable) -> str:
    """The colour that the edition stands on: its one strand's own, or that of the meeting."""
    shapes = shapes_of(strands)
    return GROUNDS.get(shapes[0], "plain") if len(shapes) == 1 else "meet"


def mark_svg(*, shapes: Iterable[str], seed: str) -> SafeString:
    """A drawing of about 400 bytes, for the eye alone."""
    dice = sha256(seed.encode()).digest()
    drawn = mark_safe("".join(DRAWN[shape](dice) for shape in shapes))
    return format_html(
        '<svg class="mark" viewBox="0 0 {} {}" aria-hidden="true" focusable="false">{}</svg>',
        WIDTH,
        HEIGHT,
        drawn,
    )


def printed_mark(*, shapes: Iterable[str], seed: str) -> SafeString:
    """The same for paper: PDF has no multiplying inks,
    so each shape carries its colour and lets the others through."""
    drawn = "".join(DRAWN[shape](dice) for shape in shapes for dice in [sha256(seed.encode()).digest()])
    for name, paint in PAINTS.items():
        drawn = drawn.replace(f'class="{name}"', paint)
    return mark_safe(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 22 {WIDTH} 56" role="img">'
        f"<title>The pattern of this event</title>{drawn}</svg>"
    )


def _wave(dice: bytes) -> str:
    """A curve across the whole width; length, height and the side it starts on differ."""
    step = (10, 12, 15, 20)[dice[0] % 4]
    rise = 40 + dice[1] % 36
    middle = 40 + dice[2] % 20
    rise = rise if dice[3] % 2 else -rise
    path = f"M{-step} {middle}q{step} {-rise} {2 * step} 0" + f"t{2 * step} 0" * (WIDTH // (2 * step))
    return f'<path class="mark-wave" stroke-width="{13 + dice[4] % 5}" d="{path}"/>'


def _frame(dice: bytes) -> str:
    """One of the screen shapes: square, 4:3, or wide."""
    width, height = ((62, 62), (76, 56), (86, 48), (58, 70))[dice[5] % 4]
    x = (WIDTH - width) // 2 - 10 + dice[6] % 21
    y = (HEIGHT - height) // 2 - 7 + dice[7] % 15
    stroke = 11 + dice[8] % 4
    return f'<path class="mark-frame" stroke-width="{stroke}" d="M{x} {y}h{width}v{height}h-{width}z"/>'


def _pixel(dice: bytes) -> str:
    """A figure of five by five pixels, the left half mirrored, as in the old arcades."""
    left, top = 12 + dice[9] % 26, 12 + dice[10] % 8
    rows = []
    for y in range(5):
        half = [bool(dice[11 + y] >> bit & 1) for bit in range(2)] + [bool(dice[11 + y] & 12) or y == 2]
        rows.append([*half, *half[1::-1]])
    runs = []
    for y, row in enumerate(rows):
        x = 0
        while x < 5:
            length = 0
            while x + length < 5 and row[x + length]:
                length += 1
            if length:
                runs.append(f"M{left + x * CELL} {top + y * CELL}h{length * CELL}v{CELL}h-{length * CELL}z")
            x += length or 1
    return f'<path class="mark-pixel" d="{"".join(runs)}"/>'


def _dot(dice: bytes) -> str:
    """Dots of a printer's screen, whose columns swell and thin."""
    columns = []
    for column in range(6):
        swell = sin((dice[16] % 8 + column * (2 + dice[17] % 4)) * pi / 8)
        dots = "".join(f"M{10 + column * 20} {10 + row * 20}h.1" for row in range(5))
        columns.append(f'<path class="mark-dot" stroke-width="{round(10.5 + 7.5 * swell)}" d="{dots}"/>')
    return "".join(columns)


DRAWN = {"wave": _wave, "frame": _frame, "pixel": _pixel, "none": _dot}
