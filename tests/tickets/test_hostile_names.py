"""Is a name kept as it was typed, and only text, wherever it goes: page, PDF, mail and file?"""

import csv
import io
from html import escape, unescape

import page
import pytest
from django.core import mail
from django.utils import timezone
from django.utils.html import strip_tags

from desk.domain.export_files import ask_for_export
from desk.models import Export
from desk.tasks import make_exports
from outbox.domain.mail_delivery import send_due
from tests.tickets.public import answers_for, walk
from tickets.models import Ticket

pytestmark = pytest.mark.thorough

NAMES = [
    "Ng",
    "O'Brien",
    "Siân Ó Súilleabháin",
    "李小龍",
    "محمد علي",
    "שרה כהן",
    "Łukasz Öztürk",
    "Ярослав",
    "김민수",
    "Zoë 👩🏽‍🎨",
    "🏴󠁧󠁢󠁷󠁬󠁳󠁿",
    "❤️‍🔥",
    "<b>Bold</b>",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "Tom & Jerry",
    "=1+1",
    "+44",
    "-2",
    "@SUM(A1)",
    "＝1+1",
    '=HYPERLINK("https://evil.example")',
    "{{ name }}",
    "{% now 'Y' %}",
    "{name}",
    "%s %(name)s",
    "$name ${name}",
    "null",
    "None",
    "https://evil.example/x",
    "www.evil.example",
    "W" * 200,
    "é" * 200,
    "\u202eadA",
    "back\\slash",
]
INVISIBLE = "\u2060"  # stands in what looks like an address, so that no mail program makes a link of it


@pytest.fixture(params=NAMES, ids=lambda name: ascii(name)[1:20])
def name(request):
    return request.param


@pytest.fixture
def kept(client, open_event, name):
    """Registered on the public pages, once; the page that asked to check, and the owner's address."""
    check, done = walk(client, open_event, "19", **answers_for(19, name=name))
    assert done.status_code == 302, check.content.decode()[-3000:]
    assert Ticket.objects.get().name == name
    return check.content.decode(), done["Location"]


def test_pages_show_it_as_text(client, kept, name):
    check, mine = kept
    pages = [check, *(client.get(mine + more).content.decode() for more in ("", "name/1/", "data/"))]

    for shown in pages:
        assert name in unescape(shown)
        assert escaped(name) in shown
        assert "<b>Bold" not in shown
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown


def test_the_ticket_in_pdf_is_one_that_everybody_can_read(client, kept):
    pdf = client.get(f"{kept[1]}ticket.pdf").content

    report = page.validate_pdf_bytes(pdf, profile="ua1")
    assert report.is_compliant, report


def test_mail_holds_it_as_text_and_makes_no_link_of_it(kept, name):
    send_due(now=timezone.now())

    letter = mail.outbox[0]
    html = letter.alternatives[0].content
    assert name in letter.body.replace(INVISIBLE, "")
    assert escaped(name) in html.replace(INVISIBLE, "")
    assert name in unescape(strip_tags(html)).replace(INVISIBLE, "") or "<" in name
    for trap in ("<b>Bold", "<script>alert", "<img src=x", "://evil", "www.evil", 'href="https://evil'):
        assert trap not in html
    assert name not in letter.subject


def test_the_organisers_file_keeps_it_and_counts_nothing(kept, name, open_event, organiser):
    now = timezone.now()
    ask_for_export(event=open_event, kind="registrations", format="csv", by=organiser, now=now)
    make_exports(now=now)

    content = bytes(Export.objects.get().content).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(content))
    looks_like_a_formula = name[0] in "=+-@＝"
    assert row["name"] == ("'" if looks_like_a_formula else "") + name


def escaped(text: str) -> str:
    """As Django writes it."""
    return escape(text, quote=True)
