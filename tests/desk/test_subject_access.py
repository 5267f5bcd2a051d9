"""Does an owner see, take away and delete all that we hold, and nothing of anybody else?"""

import json

import page
import pytest

from desk.domain.subject_access import as_rows, my_data
from desk.models import DataHandedOver
from door.domain.admission import admit
from door.models import ContactOpened
from printing.pdf import render_pdf
from tests import factories
from tests.door.factories import TEN, make_phone, make_scan
from tickets import pdf
from tickets.domain import codes
from tickets.domain.registration import Contact
from tickets.models import Registration, Ticket

pytestmark = pytest.mark.django_db
GUARDIAN = Contact(name="Gail Guardian", email="gail@example.org", phone="01632 960 010")


@pytest.fixture
def ada(event):
    ticket = factories.sign_up(
        event,
        "Ada Example",
        age=14,
        email="ada@example.org",
        guardian=GUARDIAN,
        access_needs="a ramp",
        photo=True,
    )
    Ticket.objects.update(state="valid")
    Registration.objects.update(state="confirmed", hold_until=None)
    ticket.refresh_from_db()
    phone = make_phone(event)
    admit(device=phone, scan=make_scan(ticket, TEN), now=TEN)
    ContactOpened.objects.create(ticket=ticket, device=phone, reason="lost their coat", opened_at=TEN)
    factories.sign_up(event, "Bob Other", email="bob@example.org", access_needs="quiet room")
    return ticket


def address(ticket, tail: str = "") -> str:
    return f"/my/{codes.owner_secret(ticket.registration)}/data/{tail}"


def test_holds_every_value_and_nobody_elses(ada):
    text = json.dumps(my_data(registration=ada.registration))

    for value in (
        "Ada Example",
        "ada@example.org",
        "Gail Guardian",
        "gail@example.org",
        "01632 960 010",
        "a ramp",
        "lost their coat",
        "admitted",
        "Photos and film",
        "registered",
        "14-15",
    ):
        assert value in text
    for value in ("Bob", "bob@", "quiet room"):
        assert value not in text


def test_no_secret_is_handed_out(ada):
    text = json.dumps(my_data(registration=ada.registration)).lower()

    assert codes.owner_secret(ada.registration) not in text
    assert codes.ticket_code(ada.event_id, ada.serial, 1).lower() not in text


def test_table_and_json_hold_the_same(client, ada):
    held = json.loads(client.get(address(ada), {"format": "json"}).content)
    response = client.get(address(ada, "table/"))

    assert response["Content-Disposition"] == 'attachment; filename="my-data.csv"'
    text = response.content.decode("utf-8-sig")
    assert len(text.splitlines()) == 1 + len(list(as_rows(held)))
    assert "tickets 1 guardian email,gail@example.org" in text


def test_a_name_that_is_a_formula_opens_as_text(client, event):
    ticket = factories.sign_up(event, "=HYPERLINK(1)", email="hy@example.org")

    assert ",'=HYPERLINK(1)" in client.get(address(ticket, "table/")).content.decode()


def test_delete_asks_first_and_then_deletes(client, ada):
    page = client.get(address(ada, "delete/"))
    assert "Delete my data?" in page.content.decode()
    assert Ticket.objects.get(pk=ada.pk).name == "Ada Example"

    response = client.post(address(ada, "delete/"), follow=True)

    assert response.redirect_chain == [("/privacy/deleted/", 302)]
    assert Ticket.objects.get(pk=ada.pk).name == ""
    assert client.get(address(ada)).status_code == 404


@pytest.mark.parametrize("tail", ["", "table/", "delete/"])
def test_another_secret_opens_nothing(client, ada, tail):
    assert client.get(f"/my/{'a' * 26}/data/{tail}").status_code == 404
    assert client.post(f"/my/{'a' * 26}/data/delete/").status_code == 404


def test_table_is_read_only(client, ada):
    assert client.post(address(ada, "table/")).status_code == 405


class TestDesk:
    @pytest.fixture
    def desk(self, client, organiser):
        client.force_login(organiser)
        return client

    def page(self, ticket) -> str:
        return f"/desk/privacy/{ticket.registration.reference}/"

    def test_strangers_are_sent_to_sign_in_and_others_refused(self, client, ada, board_member):
        assert client.get("/desk/privacy/").status_code == 302
        assert client.get(self.page(ada)).status_code == 302
        client.force_login(board_member)
        assert client.get("/desk/privacy/").status_code == 403
        assert client.get(self.page(ada)).status_code == 403
        assert client.post(self.page(ada), {"action": "erase"}).status_code == 403
        assert Ticket.objects.get(pk=ada.pk).name

    def test_a_reference_leads_to_its_page(self, desk, ada):
        response = desk.post("/desk/privacy/", {"reference": f" {ada.registration.reference.lower()} "})

        assert response.url == self.page(ada)

    @pytest.mark.parametrize("reference", ["", "NOTHING99", "a\0b", "x" * 400])
    def test_an_unknown_reference_is_told_kindly(self, desk, ada, reference):
        assert desk.post("/desk/privacy/", {"reference": reference}).status_code == 422

    def test_handing_over_wants_a_decision(self, desk, ada):
        response = desk.post(self.page(ada), {"action": "hand-over", "file": "json"})

        assert response.status_code == 422
        assert not DataHandedOver.objects.exists()

    def test_handing_over_keeps_the_decision(self, desk, ada, organiser):
        response = desk.post(
            self.page(ada), {"action": "hand-over", "file": "json", "given_to": "parent-agreed"}
        )

        assert json.loads(response.content)["tickets"][0]["name"] == "Ada Example"
        decision = DataHandedOver.objects.get()
        assert (decision.given_to, decision.decided_by, decision.registration) == (
            "parent-agreed",
            organiser,
            ada.registration,
        )

    def test_erasing_shows_its_receipt(self, desk, ada, organiser):
        response = desk.post(self.page(ada), {"action": "erase"}, follow=True)

        assert response.redirect_chain[0][0] == "/desk/privacy/"
        assert "Olive Organiser" in response.content.decode()
        assert Ticket.objects.get(pk=ada.pk).name == ""

    def test_number_of_queries_does_not_grow_with_receipts(self, desk, event, django_assert_num_queries):
        from desk.domain.erasure import erase_registration

        for name in ("Cy One", "Di Two", "Ed Three"):
            erase_registration(
                registration=factories.sign_up(event, name).registration, reason="owner", now=TEN
            )
            with django_assert_num_queries(4):
                desk.get("/desk/privacy/")


def test_the_statement_says_the_days_that_hold(client, settings):
    settings.RETENTION_DAYS = {"names": 45, "contacts": 3}

    text = client.get("/privacy/").content.decode()

    assert "45 days after the event" in text
    assert "3 days after the event" in text


def test_it_is_taken_away_as_a_pdf_that_everybody_can_read(client, event, monkeypatch):
    laid_out = []
    monkeypatch.setattr(pdf, "render_pdf", lambda html: laid_out.append(html) or render_pdf(html=html))
    ticket = factories.sign_up(event, "Siân Example", email="sian@example.org", access_needs="A ramp, please")
    secret = codes.owner_secret(ticket.registration)

    answer = client.get(f"/my/{secret}/data/my-data.pdf")

    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    assert page.validate_pdf_bytes(answer.content, profile="ua1").is_compliant
    for words in ("Siân Example", "A ramp, please", ticket.registration.reference):
        assert words in laid_out[0]
    assert client.post(f"/my/{secret}/data/my-data.pdf").status_code == 405
    assert client.get(f"/my/{'a' * 26}/data/my-data.pdf").status_code == 404
