"""Does a name, an address, a number or a need ever stand where others look? (PR-16, SE-24)

Everybody here carries canaries. They walk every public way, and then we look for them in addresses, logs,
subjects, Message-IDs, titles, file names, calendars and QR symbols; and, after erasure, in every column.
"""

import io
import logging
import re
import subprocess
from datetime import timedelta
from html import unescape
from urllib.parse import unquote

import pytest
import zxingcpp
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from outbox.domain.due import run_all
from outbox.domain.mail_delivery import send_due
from outbox.models import Message
from tests import factories
from tests.door.factories import code_of
from tests.flows.visitor import Visitor
from tickets.domain import codes
from tickets.domain.acceptance import accept_party
from tickets.domain.waiting_list import make_offers
from tickets.models import Guardian, Registration, Ticket, WaitingListEntry
from tickets.qr import ticket_address

pytestmark = pytest.mark.database

CANARIES = ("kanari", "piepmatz", "960777", "960 777")
PHONE = "01632 960 777"


def canaries_in(text: str) -> list[str]:
    """Which canaries stand in a text, also as an address would write them."""
    text = unquote(unquote(text.replace("+", " "))).casefold()
    return [canary for canary in CANARIES if canary in text]


class WatchedClient(Client):
    """Keeps each address that was asked for, with the answer to it."""

    def __init__(self, seen: list) -> None:
        super().__init__(enforce_csrf_checks=True)
        self.seen = seen

    def request(self, **request):
        answer = super().request(**request)
        self.seen.append((f"{request['PATH_INFO']}?{request.get('QUERY_STRING', '')}", answer))
        return answer


@pytest.fixture
def seen():
    return []


@pytest.fixture
def visitor(seen):
    def new() -> Visitor:
        visitor = Visitor()
        visitor.client = WatchedClient(seen)
        return visitor

    return new


@pytest.fixture
def day(db, quick_forms):
    """An edition in nine days of the real clock, with one session."""
    event = factories.make_event("day", starts_at=timezone.now() + timedelta(days=9))
    factories.make_session(event, capacity=20)
    return event


@pytest.fixture
def full(day):
    """Another one, whose only place is taken."""
    event = factories.make_event("full", starts_at=day.starts_at, capacity=1)
    return event, factories.sign_up(event, "Ada Example", now=timezone.now())


def sign_up(visitor: Visitor, age: str, *, button: str = "Get my ticket", **answers) -> Visitor:
    visitor.press("Continue", age=age).press("Continue", borough="wirral", **answers)
    assert canaries_in(visitor.text), "the answers are shown to whoever gave them"
    return visitor.press(button)


def the_adult(visitor: Visitor) -> str:
    """Mistakes first, as people do; then a ticket with all that goes with it. The owner's page."""
    visitor.open("/e/day/register/").press("Continue", age="19")
    visitor.press("Continue", status=422, name="Kanaria Gelb", email="kanaria.gelb@", access_needs="piepmatz")
    visitor.press(
        "Continue",
        borough="wirral",
        email="Kanaria.Gelb+news@example.org",
        access_needs="room for a piepmatz",
        sessions="games-workshop",
        choices="news",
    )
    mine = visitor.press("Get my ticket").path
    for file in ("ticket.pdf", "ticket.ics", "data/?format=json", "data/table/"):
        assert visitor.client.get(mine + file).status_code == 200
    visitor.open(f"{mine}name/1/").press("Save", name="Kanaria Grün")
    visitor.open(f"{mine}data/")
    assert canaries_in(visitor.text) == ["kanari", "piepmatz"]
    return mine


def the_family(visitor: Visitor) -> None:
    """A 14-year-old asks, the guardian says yes; a 12-year-old is booked by an adult who says no."""
    sign_up(
        visitor.open("/e/day/register/"),
        "14",
        name="Pip Kanari",
        email="pip.kanari@example.org",
        guardian_name="Gail Piepmatz",
        guardian_email="gail.piepmatz@example.org",
    )
    send_due(now=timezone.now())
    visitor.open(address_of(Guardian.objects.get())).press("Yes, they may come", phone=PHONE)
    sign_up(
        visitor.open("/e/day/register/"),
        "12",
        button="Get the ticket",
        name="Kid Kanari",
        guardian_name="Gail Piepmatz",
        guardian_email="gail.piepmatz@example.org",
        guardian_phone=PHONE,
    )
    visitor.open(address_of(Guardian.objects.latest("pk"))).press("No")


def the_17_year_old(visitor: Visitor) -> None:
    sign_up(
        visitor.open("/e/day/register/"),
        "17",
        name="Kanarius Example",
        email="kanarius@example.org",
        emergency_contact_name="Emil Piepmatz",
        emergency_contact_phone=PHONE,
    )


def the_school(visitor: Visitor) -> None:
    visitor.open("/e/day/group/").press(
        "Get our tickets",
        organisation="Kanarienschule",
        name="Tara Piepmatz",
        email="tara@piepmatz.example.org",
        phone=PHONE,
        heads_14_15="2",
        adults="1",
        borough="sefton",
        declared="on",
    )
    mine = visitor.path
    visitor.open(f"{mine}names/").press("Save the names", status=422, names="Sam Kanari, 99")
    visitor.press("Save the names", names="Sam Kanari, 14\nSue Kanari, 15")
    school = Registration.objects.get(kind="group")
    visitor.open(f"{mine}confirm/{codes.proof_secret(school)}/").press("Yes, it is mine")
    accept_party(registration=school, by=factories.make_user("organiser"), now=timezone.now())
    for file in ("names.csv", "ticket.pdf"):
        assert visitor.client.get(mine + file).status_code == 200


def the_one_who_waits(visitor: Visitor, full) -> None:
    _, taken = full
    visitor.open("/e/full/register/", status=409).open("/e/full/waiting-list/")
    waiting = visitor.press("Join", email="wartender.kanari@example.org").path
    visitor.open(f"/my/{codes.owner_secret(taken.registration)}/cancel/").press("Cancel my place")
    make_offers(now=timezone.now())
    send_due(now=timezone.now())
    visitor.open(waiting).press("Take it")
    sign_up(visitor, "19", name="Warter Kanari", email="wartender.kanari@example.org")
    visitor.open("/e/full/waiting-list/").press("Join", email="noch.kanari@example.org")


def address_of(guardian: Guardian) -> str:
    secret = codes.guardian_secret(
        event_id=guardian.ticket.event_id, serial=guardian.ticket.serial, generation=guardian.generation
    )
    return f"/guardian/{secret}/"


@pytest.fixture
def walked(visitor, day, full, caplog):
    """The whole journey of everybody, with all their mail sent; the adult's own page."""
    with caplog.at_level(logging.INFO):
        mine = the_adult(visitor())
        the_family(visitor())
        the_17_year_old(visitor())
        the_school(visitor())
        the_one_who_waits(visitor(), full)
        again = visitor().open("/e/day/register/").press("Continue", age="19")
        again.press("Continue", name="Kanaria Grün", email="kanaria.gelb+news@example.org", borough="wirral")
        again.press("Get my ticket", status=409)
        visitor().open("/find/").press("Send it", email="kanaria.gelb+news@example.org")
        visitor().open("/find/").press("Send it", email="unbekannt.kanari@example.org")
        send_due(now=timezone.now())
        run_all(now=day.starts_at - timedelta(hours=20))
        visitor().open(f"{mine}cancel/").press("Cancel my place")
        visitor().open(f"{mine}nowhere/", status=404)
        send_due(now=timezone.now())
    return mine


def titles(page: str) -> str:
    return unescape(" ".join(re.findall(r"<title>(.*?)</title>", page, re.DOTALL)))


def payloads_of(pdf: bytes) -> list[str]:
    """What an independent reader finds in the symbols of the first page."""
    drawn = subprocess.run(
        ["pdftoppm", "-r", "150", "-png", "-singlefile", "-"], input=pdf, capture_output=True, check=True
    )
    picture = Image.open(io.BytesIO(drawn.stdout)).convert("L")
    return [found.text for found in zxingcpp.read_barcodes(picture)]


def test_nothing_personal_stands_where_others_look(walked, seen, caplog):
    pages = [answer.content.decode() for _, answer in seen if "html" in answer.get("Content-Type", "")]
    files = [
        (a["Content-Type"], a["Content-Disposition"]) for _, a in seen if a.has_header("Content-Disposition")
    ]
    calendars = [a.content.decode() for _, a in seen if a.get("Content-Type", "").startswith("text/calendar")]
    logged = [f"{one.getMessage()} {one.__dict__}" for one in caplog.get_records("setup")]

    # The control: we look at the right things, and what we look with finds a canary that is there.
    assert {canary for page in pages for canary in canaries_in(page)} == {"kanari", "piepmatz", "960 777"}
    assert {canary for one in mail.outbox for canary in canaries_in(one.body)} >= {"kanari", "piepmatz"}
    assert {canary for one in mail.outbox for canary in canaries_in(" ".join(one.to))} == {
        "kanari",
        "piepmatz",
    }
    assert canaries_in("/find/?email=Kan%2561ria&phone=01632+960+777") == ["kanari", "960 777"]
    assert len(seen) > 60
    assert len(files) >= 6
    assert len(logged) > 60

    for address, answer in seen:
        assert canaries_in(address + " " + answer.get("Location", "")) == []
    assert [canaries_in(titles(page)) for page in pages if canaries_in(titles(page))] == []
    assert [one for one in files if canaries_in(str(one))] == []
    assert [one for one in calendars if canaries_in(one)] == []
    assert [line for line in logged if canaries_in(line)] == []


def test_nothing_personal_stands_on_the_outside_of_a_mail_or_in_a_symbol(walked, seen):
    assert {one.purpose for one in Message.objects.filter(state="done")} >= {
        "registered",
        "guardian",
        "confirmed",
        "waiting",
        "offer",
        "find-ticket",
        "reminder-1",
        "ended",
    }
    outside = [
        (one.subject, one.extra_headers, [name for name, _, _ in one.attachments]) for one in mail.outbox
    ]
    assert len(outside) > 10
    assert [one for one in outside if canaries_in(str(one))] == []
    for kept in ("purpose", "key", "context", "message_id", "last_error"):
        assert [one for one in Message.objects.values_list(kept, flat=True) if canaries_in(str(one))] == []

    tickets = {ticket_address(code_of(ticket)) for ticket in Ticket.objects.all()}
    read = [
        text for _, answer in seen if answer.content[:4] == b"%PDF" for text in payloads_of(answer.content)
    ]
    assert len(read) >= 2
    assert set(read) <= tickets
    assert [text for text in read if canaries_in(text)] == []


def whole_database() -> str:
    """Every column of every row of every table, bytes as their letters."""
    words = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                for value in row:
                    kept = isinstance(value, bytes | memoryview)
                    words.append(bytes(value).decode("latin-1") if kept else str(value))
    return "\n".join(words)


def test_after_erasure_nothing_personal_is_left_anywhere(walked, visitor, day, ledger):
    assert set(canaries_in(whole_database())) >= {"kanari", "piepmatz", "960 777"}
    school = Registration.objects.get(kind="group")
    visitor().open(f"/my/{codes.owner_secret(school)}/data/delete/").press("Delete my data")
    assert "kanarienschule" not in whole_database().casefold()

    _, failed = run_all(now=day.ends_at + timedelta(days=31))

    assert failed == []
    assert canaries_in(whole_database()) == []
    assert canaries_in(ledger.read_text()) == []
    assert (Ticket.objects.count(), WaitingListEntry.objects.count()) == (9, 2)
