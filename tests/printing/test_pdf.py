"""Is the PDF one that everybody can read, and does it fetch nothing?"""

import io
import threading

import page
import pytest
from django.utils.html import escape

from printing.pdf import may_be_read, render_pdf

HTML = """<!doctype html><html lang="en-GB"><head><title>A sheet</title></head>
<body><h1>A sheet</h1><p>Łukasz Öztürk</p>%s</body></html>"""


def test_pdf_is_accessible():
    pdf = render_pdf(html=HTML % "", attachments=[("rows.csv", "The rows", "a,b\r\n1,2\r\n")])

    assert page.validate_pdf_bytes(pdf, profile="ua1").is_compliant
    assert b"rows.csv" in pdf or b"EmbeddedFile" in pdf


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:1/x",
        "https://example.org/x.css",
        "file://host/etc/passwd",
        "ftp://example.org/x",
        "file:///etc/../etc/hosts",
    ],
)
def test_nothing_outside_is_read(address):
    hostile = f'<img alt="x" src="{address}"><link rel="stylesheet" href="{address}">'

    pdf = render_pdf(html=HTML % hostile)

    assert not may_be_read(address)
    assert b"root:" not in pdf


def test_an_attachment_link_embeds_no_file():
    pdf = render_pdf(
        html=HTML.replace("</head>", '<link rel="attachment" href="file:///etc/passwd"></head>') % ""
    )

    assert b"EmbeddedFile" not in io.BytesIO(pdf).read()


@pytest.mark.parametrize(
    "name",
    [
        "李小龍",
        "محمد علي",
        "देवी",
        "ปิยะ ใจดี",
        "김민수",
        "שרה כהן",
        "Łukasz Öztürk",
        "Ωμέγα Ярослав",
        "😀 Zoë",
        "O'Brien",
        "=HYPERLINK(1)",
        "<b>Bold</b> & {{ name }}",
        "W" * 200,
        "Björk",
    ],
)
def test_a_name_in_any_script_is_printed_and_stays_readable_to_all(name):
    """The fonts are those of tools/system-packages; a name that no font holds would fail PDF/UA.

    Not among them: Devanagari conjuncts such as र्मा, which print right, but whose text map WeasyPrint 70
    writes wrong.
    """
    html = HTML.replace("Łukasz Öztürk", escape(name)).replace(
        "<head>",
        '<head><style>p{font:11pt "Text Print","Text Print Extended","DejaVu Sans",sans-serif}</style>',
    )

    report = page.validate_pdf_bytes(render_pdf(html=html % ""), profile="ua1")

    assert report.is_compliant, report


def test_a_thread_loads_its_fonts_once(monkeypatch):
    """Each set of fonts takes memory that Pango never gives back:
    a worker that mails tickets all day grew by it."""
    from weasyprint.text import fonts

    made = []

    class Counted(fonts.FontConfiguration):
        def __init__(self):
            made.append(threading.get_ident())
            super().__init__()

    monkeypatch.setattr(fonts, "FontConfiguration", Counted)
    worker = threading.Thread(target=lambda: [render_pdf(html=HTML % number) for number in range(3)])
    worker.start()
    worker.join()

    assert len(made) == 1
