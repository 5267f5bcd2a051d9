"""Can a second, independent reader decode our tickets: from the screen, from paper, and printed small?"""

import io
import subprocess

import pytest
import zxingcpp
from PIL import Image

from printing.pdf import render_pdf
from tests import cast
from tests.tickets.door_cast import code_of
from tickets.pdf import tickets_pdf
from tickets.qr import qr_svg, ticket_address

pytestmark = pytest.mark.django_db
PRINTER = 300  # dots per inch
SCREEN = 96


def read(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture.convert("L"))]


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
    return cast.sign_up(cast.make_edition())


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
