"""How does a code look as a QR symbol? Upper-case URL, level M, drawn as one small SVG path."""

import qrcode
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET_ZONE = 4  # modules


def ticket_address(code: str) -> str:
    """What the QR holds: upper case keeps it in the compact alphanumeric mode."""
    return f"{settings.SITE_URL}/T/{code}".upper()


def qr_svg(text: str, *, title: str) -> SafeString:
    """An SVG of the symbol, black on white with its quiet zone. title is read aloud."""
    symbol = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET_ZONE)
    symbol.add_data(text)
    symbol.make(fit=True)
    rows = symbol.get_matrix()
    path = "".join(_runs(row, y) for y, row in enumerate(rows))
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" role="img"><title>{1}</title>'
        '<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path d="{2}"/></svg>',
        len(rows),
        title,
        path,
    )


def _runs(row: list[bool], y: int) -> str:
    """One rectangle for each run of dark modules."""
    path, start = "", None
    for x, dark in enumerate([*row, False]):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            path += f"M{start} {y}h{x - start}v1h-{x - start}z"
            start = None
    return path
