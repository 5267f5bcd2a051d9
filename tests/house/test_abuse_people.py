"""Does what people type stay text, in pages, mail, files and the API? (SE-04, 06, 07, 10, 11, 13)"""

import csv
import io

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.domain.tokens import issue_token
from door.domain.devices import make_pairing_code, pair
from outbox.domain.mail_delivery import send_due
from tests import factories
from tests.door.factories import code_of, make_gate
from tickets.domain import codes
from tickets.models import Registration, Ticket

pytestmark = pytest.mark.database

NAMES = [
    "<img src=x onerror=alert(1)>",
    '"><svg/onload=alert(1)>',
    "{{7*7}} {% debug %}",
    "</script><script>alert(1)</script>",
    "[win](https://evil.example)",
    "Click https://evil.example now",
    "{event.secret} %(x)s ${7*7}",
    "evil\u202etxt.exe",
    '=HYPERLINK("https://evil.example")',
]


@pytest.fixture
def event(db):
    return factories.make_event("open-day", starts_at=timezone.now())


@pytest.fixture
def organiser(db):
    return factories.make_user("organiser")


@pytest.fixture
def api(organiser):
    return Client(headers={"Authorization": f"Bearer {issue_token(user=organiser, now=timezone.now())}"})


def register(api, **changes):
    body = {
        "lead": {"name": "Ada Example", "email": "ada@example.org"},
        "attendees": [{"name": "Ada Example", "age": 19, "borough": "wirral"}],
    } | changes
    return api.post(
        "/api/v1/events/open-day/registrations/",
        body,
        content_type="application/json",
        headers={"Idempotency-Key": "one"},
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_shown_as_text_everywhere(event, organiser, client, name):
    ticket = factories.sign_up(event, name, email="ada@example.org", now=timezone.now())
    client.force_login(organiser, backend="django.contrib.auth.backends.ModelBackend")
    reference = ticket.registration.reference
    pages = [
        f"/my/{codes.owner_secret(ticket.registration)}/",
        f"/my/{codes.owner_secret(ticket.registration)}/data/",
        "/desk/events/open-day/registrations/",
        f"/desk/events/open-day/registrations/{reference}/",
    ]

    for page in pages:
        answer = client.get(page)
        shown = answer.content.decode()
        assert answer.status_code == 200
        for raw in ("<img src=x", "<svg/onload", "<script>alert", 'href="https://evil', "49 "):
            assert raw not in shown, page
    assert client.get(f"{pages[0]}ticket.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_in_a_mail_is_text_and_no_link(event, name):
    factories.sign_up(event, name, email="ada@example.org", now=timezone.now())

    send_due(now=timezone.now())

    letter = mail.outbox[0]
    html = "".join(str(part.content) for part in letter.alternatives)
    assert letter.recipients() == ["ada@example.org"]
    assert "evil" not in letter.subject
    assert 'href="https://evil' not in html
    assert "<img src=x" not in html
    assert "<script>alert" not in html


@pytest.mark.parametrize(
    "name", ["A\r\nBcc: eve@example.org", "A\0da", "A\x1b[31m", "\ud800", "\u200b \u200b"]
)
def test_control_characters_are_refused_in_words_and_nothing_is_written(event, api, name):
    answer = register(api, attendees=[{"name": name, "age": 19, "borough": "wirral"}])

    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"
    assert not Registration.objects.exists()


@pytest.mark.parametrize("extra", ["state", "event", "serial", "is_staff", "capacity", "checked_in", "code"])
def test_fields_that_nobody_asked_for_are_refused_and_never_stored(event, api, extra):
    on_top = register(api, **{extra: "valid"})
    inside = register(api, attendees=[{"name": "Ada Example", "age": 19, "borough": "wirral", extra: 1}])

    assert (on_top.status_code, inside.status_code) == (422, 422)
    assert extra in str(on_top.json()["errors"])
    assert not Ticket.objects.exists()


def test_finding_a_ticket_tells_nobody_whether_an_address_is_known(event, client):
    factories.sign_up(event, email="ada@example.org", now=timezone.now())
    send_due(now=timezone.now())
    mail.outbox.clear()

    known = client.post("/find/", {"email": "ada@example.org"})
    unknown = client.post("/find/", {"email": "nobody@example.org"})

    assert (known.status_code, known.headers.get("Location")) == (
        unknown.status_code,
        unknown.headers.get("Location"),
    )
    assert known.content.replace(b"ada@", b"x@") == unknown.content.replace(b"nobody@", b"x@")
    send_due(now=timezone.now())
    assert {address for letter in mail.outbox for address in letter.to} <= {"ada@example.org"}


def test_a_door_phone_reads_no_contacts_lists_or_exports(event, client):
    ticket = factories.sign_up(event, "Cy Canary", age=14, now=timezone.now())
    code = make_pairing_code(gate=make_gate(event), now=timezone.now(), by=None)
    token = pair(pairing_code=code, name="Sam", now=timezone.now()).token
    phone = Client(headers={"Authorization": f"Bearer {token}"})
    sent = {"content_type": "application/json"}

    asked = {"code": code_of(ticket), "reason": "Curious"}
    assert phone.post("/api/v1/contacts/", asked, **sent).status_code == 403
    for name in ("%", "Can", "Canary"):
        assert phone.post("/api/v1/search/", {"name": name}, **sent).status_code == 403
    for address in ("reach/showcase-reach/", "spaces/"):
        assert phone.get(f"/api/v1/{address}").status_code == 401
    assert phone.get("/desk/events/open-day/registrations/").status_code == 302


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("https://evil.example")', "+44 1632", "-2+3", "@SUM(A1)", "\uff1d1+1"]
)
def test_no_cell_of_a_file_starts_a_formula(event, client, name):
    ticket = factories.sign_up(event, name, email="ada@example.org", now=timezone.now())

    answer = client.get(f"/my/{codes.owner_secret(ticket.registration)}/data/table/")

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row]
    assert any(name in cell for cell in cells)
    assert [cell for cell in cells if cell[:1] in "=+-@\uff1d\t\r" and cell] == []
