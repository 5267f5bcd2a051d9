"""Whose is a place in the queue? Who owns it or proved its address sees it and deletes it; nobody else."""

import json

import pytest

from desk.domain import erasure_ledger
from desk.domain.erasure import erase_again, erase_registration
from desk.domain.subject_access import my_data
from desk.models import ErasureReceipt
from outbox.models import Message
from tests import factories
from tickets.domain import codes
from tickets.domain.changes import cancel_registration
from tickets.domain.email_verification import prove
from tickets.domain.owner_links import ask_for_links
from tickets.domain.waiting_list import join, join_session, make_offers
from tickets.messages import _found
from tickets.models import Registration, WaitingListEntry

pytestmark = pytest.mark.django_db
VIC = "vic@example.org"
NAMES = ("Ada A", "Bo B")


@pytest.fixture(autouse=True)
def ledger(settings, tmp_path):
    settings.ERASURE_LEDGER = str(tmp_path / "ledger.jsonl")


@pytest.fixture
def vic(event, noon):
    """Vic only waits: for a place in an edition that is full."""
    event.capacity = 2
    event.save()
    for name in ("Ada Example", "Bo Example"):
        factories.sign_up(event, name, now=noon)
    return join(event=event, email=VIC, party_size=1, now=noon)


def stranger(event, noon):
    """Somebody who registers with Vic's address, in another's place."""
    other = Registration.objects.order_by("pk").first()
    cancel_registration(registration=other, now=noon)
    WaitingListEntry.objects.update(state="left", ended_at=noon)
    registration = factories.sign_up(
        event, "Sly Stranger", email=VIC, vouched_by="network", now=noon
    ).registration
    WaitingListEntry.objects.update(state="waiting", ended_at=None)
    return registration


def test_a_stranger_who_types_your_address_reads_and_deletes_nothing_of_yours(event, noon, vic):
    registration = stranger(event, noon)

    assert my_data(registration=registration)["waiting_list"] == []
    erase_registration(registration=registration, reason="owner", now=noon)

    assert WaitingListEntry.objects.get().email == VIC


def test_whoever_proved_the_address_sees_it_and_deletes_all_that_was_shown(event, noon, vic):
    entry, _ = vic
    registration = stranger(event, noon)
    prove(registration=registration, now=noon)

    (shown,) = my_data(registration=registration)["waiting_list"]
    assert (shown["email"], shown["places"], shown["state"]) == (VIC, 1, "Waiting")
    erase_registration(registration=registration, reason="owner", now=noon)

    entry.refresh_from_db()
    assert (entry.email, entry.state) == ("", "left")
    assert set(Message.objects.filter(key=f"waiting:{entry.pk}").values_list("state", flat=True)) == {
        "dropped"
    }


def test_waiting_for_a_session_is_the_tickets_and_goes_with_it(event, noon):
    session = factories.make_session(event, "games", capacity=0)
    ticket = factories.sign_up(event, "Ada Example", vouched_by="network", now=noon)
    entry = join_session(ticket=ticket, session=session, now=noon)

    (shown,) = my_data(registration=ticket.registration)["waiting_list"]
    assert shown["session"] == session.title
    erase_registration(registration=ticket.registration, reason="owner", now=noon)

    entry.refresh_from_db()
    assert (entry.email, entry.state) == ("", "left")


def test_who_only_waits_sees_takes_away_and_deletes(client, event, vic):
    entry, secret = vic
    page = f"/waiting/{secret}/data/"

    assert f'href="{page}"' in client.get(f"/waiting/{secret}/").content.decode()
    assert VIC in client.get(page).content.decode()
    assert json.loads(client.get(f"{page}?format=json").content)["email"] == VIC
    assert WaitingListEntry.objects.get().email == VIC
    assert client.post(page)["Location"] == "/privacy/deleted/"

    entry.refresh_from_db()
    assert (entry.email, entry.state) == ("", "left")
    assert client.get(page).status_code == 404
    receipt = ErasureReceipt.objects.get()
    assert (receipt.data_class, receipt.reason, receipt.rows) == ("waiting-list", "owner", 1)


def test_an_offer_that_was_erased_frees_its_place(client, event, noon, vic):
    _, secret = vic
    cancel_registration(registration=Registration.objects.order_by("pk").first(), now=noon)
    make_offers(now=noon)
    event.refresh_from_db()
    assert event.places_taken == 2

    client.post(f"/waiting/{secret}/data/")

    event.refresh_from_db()
    assert event.places_taken == 1


def test_a_restore_does_not_bring_back_who_waited(client, event, noon, vic):
    entry, secret = vic
    client.post(f"/waiting/{secret}/data/")
    assert len(erasure_ledger.erased_ids()) == 1
    WaitingListEntry.objects.filter(pk=entry.pk).update(email=VIC, state="waiting", ended_at=None)

    assert erase_again(now=noon) == 1

    assert WaitingListEntry.objects.get().email == ""


def test_find_my_ticket_sends_one_mail_with_all(event, noon):
    full = factories.make_event("full", starts_at=event.starts_at, capacity=0)
    tickets = [
        factories.sign_up(event, name, email="ada@example.org", now=noon) for name in ("Ada A", "Bo B")
    ]
    _, secret = join(event=full, email="ada@example.org", party_size=1, now=noon)
    Message.objects.all().delete()

    for address in ("ADA@example.org", "ada@example.org "):
        ask_for_links(email=address, now=noon)

    mail = _found(Message.objects.get().context)
    assert mail.to == ["ada@example.org"]
    for link in [codes.owner_secret(one.registration) for one in tickets] + [secret]:
        assert mail.text.count(link) == 1
        assert mail.html.count(f'/{link}/"') == 1
    for name in NAMES:
        assert name not in mail.text
