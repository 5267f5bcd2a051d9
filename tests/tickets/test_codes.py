"""Can a second, independent reader decode our tickets: from the screen, from paper, and printed small?"""

import io
import subprocess

import pytest
import qrcode
import zxingcpp
from PIL import Image

from printing.pdf import render_pdf
from tests import factories
from tests.door.factories import code_of
from tests.tickets.plain_qr import read_symbol
from tickets.pdf import tickets_pdf
from tickets.qr import qr_svg, ticket_address

pytestmark = pytest.mark.django_db
CORNERS = ("top_left", "top_right", "bottom_left", "bottom_right")
PRINTER = 300  # dots per inch
SCREEN = 96
QUIET = 6  # pixels around a symbol that are surely white


def read(picture: Image.Image) -> list[str]:
    """By the scanner's own engine, and what it found once more by a reader that shares nothing with it."""
    grey = picture.convert("L")
    texts = []
    for found in zxingcpp.read_barcodes(grey):
        corners = [getattr(found.position, name) for name in CORNERS]
        xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
        symbol = grey.crop((min(xs) - QUIET, min(ys) - QUIET, max(xs) + QUIET, max(ys) + QUIET))
        assert read_symbol(symbol) == found.text
        texts.append(found.text)
    return texts


def drawn(html: str, *, dots: int) -> Image.Image:
    return picture_of(render_pdf(html=html), dots=dots)


def picture_of(pdf: bytes, *, dots: int) -> Image.Image:
    made = subprocess.run(
        ["pdftoppm", "-r", str(dots), "-png", "-singlefile", "-"],
        input=pdf,
        capture_output=True,
        check=True,
    )
    return Image.open(io.BytesIO(made.stdout))


@pytest.fixture
def ada(db):
    return factories.sign_up(factories.make_event())


def test_ticket_on_paper_is_read(ada):
    pdf = tickets_pdf(registration=ada.registration)

    assert ticket_address(code_of(ada)) in read(picture_of(pdf, dots=150))


@pytest.mark.parametrize(
    ("size", "dots"),
    [("240px", SCREEN), ("120px", SCREEN * 2), ("25mm", PRINTER), ("25mm", 150)],
    ids=["phone screen", "small on a dense screen", "25 mm print", "25 mm from a poor printer"],
)
def test_symbol_is_read_at_the_sizes_that_people_show(ada, size, dots):
    address = ticket_address(code_of(ada))
    svg = qr_svg(address, title="Ticket").replace("<svg ", '<svg width="100%" ')
    html = f"<style>@page{{size:8cm;margin:5mm}}div{{width:{size}}}</style><div>{svg}</div>"

    assert read(drawn(html, dots=dots)) == [address]


def test_ticket_shown_on_the_page_is_the_same_symbol(ada, client):
    from tickets.domain.codes import owner_secret

    page = client.get(f"/my/{owner_secret(ada.registration)}/").content.decode()

    svg = page[page.index("<svg xmlns") : page.index("</svg>", page.index("<svg xmlns")) + 6]
    svg = svg.replace("<svg ", '<svg width="100%" ')
    html = f"<style>@page{{size:8cm;margin:5mm}}div{{width:240px}}</style><div>{svg}</div>"
    assert read(drawn(html, dots=SCREEN)) == [ticket_address(code_of(ada))]


def test_the_second_reader_refuses_what_is_not_whole(ada):
    symbol = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=4)
    symbol.add_data(ticket_address(code_of(ada)))
    symbol.make()
    picture = symbol.make_image().get_image().convert("L")
    assert read_symbol(picture) == ticket_address(code_of(ada))
    middle = picture.width // 2
    picture.paste(255 - picture.getpixel((middle, middle)), (middle, middle, middle + 4, middle + 4))

    with pytest.raises(ValueError, match="a module is wrong"):
        read_symbol(picture)
