"""What does a QR symbol say to a reader that shares nothing with the scanner's? ISO/IEC 18004, straight from
a picture.

The scanner and zxing-cpp are one engine; this is another, kept as small as our symbols allow: upright, sharp,
versions 2 to 6 at level M, letters, digits and bytes. Where a scanner mends, this one refuses: every
remainder of the error correction has to be nought.
"""

from PIL import Image

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
# By version at level M: blocks, data codewords and correction codewords of each.
BLOCKS = {2: (1, 28, 16), 3: (1, 44, 26), 4: (2, 32, 18), 5: (2, 43, 24), 6: (4, 27, 16)}
LEVEL_M = 0b00
MASKS = [
    lambda y, x: (y + x) % 2 == 0,
    lambda y, x: y % 2 == 0,
    lambda y, x: x % 3 == 0,
    lambda y, x: (y + x) % 3 == 0,
    lambda y, x: (y // 2 + x // 3) % 2 == 0,
    lambda y, x: y * x % 2 + y * x % 3 == 0,
    lambda y, x: (y * x % 2 + y * x % 3) % 2 == 0,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2 == 0,
]


def read_symbol(picture: Image.Image) -> str:
    """The text of the one symbol in a picture that holds nothing else that is dark.

    :raises ValueError: it is no such symbol, or a single module is wrong
    """
    modules = modules_of(picture)
    size = len(modules)
    version = (size - 17) // 4
    if size != 17 + 4 * version or version not in BLOCKS:
        raise ValueError(f"{size} modules are none of our versions")
    mask = _mask_of(modules)
    bits = [modules[y][x] ^ MASKS[mask](y, x) for y, x in _way_of_the_data(size)]
    codewords = [_number(bits[at : at + 8]) for at in range(0, len(bits) - 7, 8)]
    return _text(_mended_by_none(codewords, *BLOCKS[version]), version)


def modules_of(picture: Image.Image) -> list[list[bool]]:
    """Dark or light, row by row, without the quiet zone; the finder's bar of seven modules gives the size."""
    dark = picture.convert("L").point(lambda shade: 255 if shade < 128 else 0)
    box = dark.getbbox()
    if box is None:
        raise ValueError("nothing is dark here")
    left, top, right, bottom = box
    run = left
    while run < right and dark.getpixel((run, top + 1)):
        run += 1
    count = round(7 * (right - left) / (run - left))
    across, down = (right - left) / count, (bottom - top) / count
    return [
        [
            bool(dark.getpixel((int(left + (x + 0.5) * across), int(top + (y + 0.5) * down))))
            for x in range(count)
        ]
        for y in range(count)
    ]


def _mask_of(modules: list[list[bool]]) -> int:
    """From the fifteen bits of format information around the upper left finder."""
    places = [(8, x) for x in (0, 1, 2, 3, 4, 5, 7)] + [(8, 8), (7, 8)] + [(y, 8) for y in range(5, -1, -1)]
    form = _number([modules[y][x] for y, x in places]) ^ 0b101010000010010
    if form >> 13 != LEVEL_M:
        raise ValueError("not level M")
    return form >> 10 & 0b111


def _way_of_the_data(size: int) -> list[tuple[int, int]]:
    """Two columns at a time from the right, up and down by turns, around what is fixed."""
    way = []
    upwards = True
    for right in [*range(size - 1, 6, -2), 5, 3, 1]:
        rows = range(size - 1, -1, -1) if upwards else range(size)
        way += [(y, x) for y in rows for x in (right, right - 1) if not _is_fixed(y, x, size)]
        upwards = not upwards
    return way


def _is_fixed(y: int, x: int, size: int) -> bool:
    if 6 in (y, x) or (y < 9 and (x < 9 or x >= size - 8)) or (y >= size - 8 and x < 9):
        return True
    middle = size - 7  # the one alignment pattern of versions 2 to 6
    return abs(y - middle) <= 2 and abs(x - middle) <= 2


def _mended_by_none(codewords: list[int], blocks: int, data: int, correction: int) -> list[int]:
    """The data codewords in their order; each block's remainders are nought.

    :raises ValueError: a codeword is wrong
    """
    found: list[int] = []
    for block in range(blocks):
        mine = codewords[block : blocks * data : blocks]
        rest = codewords[blocks * data + block : blocks * (data + correction) : blocks]
        for root in range(correction):
            remainder = 0
            for word in mine + rest:
                remainder = _times(remainder, _power(root)) ^ word
            if remainder:
                raise ValueError("a module is wrong")
        found += mine
    return found


def _text(codewords: list[int], version: int) -> str:
    bits = [bool(word >> place & 1) for word in codewords for place in range(7, -1, -1)]
    text = ""

    def take(count: int) -> int:
        taken, bits[:] = _number(bits[:count]), bits[count:]
        return taken

    while len(bits) >= 4 and (mode := take(4)):
        if mode == 0b0010:
            length = take(9)
            for _ in range(length // 2):
                pair = take(11)
                text += ALPHANUMERIC[pair // 45] + ALPHANUMERIC[pair % 45]
            text += ALPHANUMERIC[take(6)] if length % 2 else ""
        elif mode == 0b0001:
            length = take(10)
            for digits in [3] * (length // 3) + ([length % 3] if length % 3 else []):
                text += str(take((0, 4, 7, 10)[digits])).zfill(digits)
        elif mode == 0b0100:
            text += bytes(take(8) for _ in range(take(8))).decode("utf-8")
        else:
            raise ValueError(f"mode {mode:04b} at version {version}")
    return text


def _number(bits: list[bool]) -> int:
    return int("".join("01"[bit] for bit in bits) or "0", 2)


def _times(one: int, other: int) -> int:
    """In the field of 256 that QR codes use (0x11d)."""
    product = 0
    while other:
        if other & 1:
            product ^= one
        one = one << 1 ^ (0x11D if one & 0x80 else 0)
        other >>= 1
    return product


def _power(exponent: int) -> int:
    value = 1
    for _ in range(exponent):
        value = _times(value, 2)
    return value
