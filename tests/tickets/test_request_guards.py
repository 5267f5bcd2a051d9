"""Does each public form that may claim places pass the one guard: trap, shortest time, rate of a network?"""

from datetime import timedelta

import pytest
from django.urls import get_resolver
from django.utils import timezone

from tests import factories
from tests.tickets.public import answers_for, hidden
from tests.typing_time import forms_typed_by_people
from tickets.domain.waiting_list import join, make_offers, offer_to_school
from tickets.models import Registration, WaitingListEntry
from tickets.urls import registration_urls
from tickets.views import request_guards

SCHOOL = {
    "organisation": "Example Academy",
    "name": "Tara Teacher",
    "email": "tara@example.org",
    "phone": "01632 960 020",
    "heads_16_17": "3",
    "adults": "1",
    "borough": "sefton",
    "declared": "on",
}
# Public forms below an edition's address that claim nothing.
CLAIM_NOTHING = {"equality", "event", "event-ics"}


def a_register(event):
    return f"/e/{event.slug}/register/", {"age": "19", "step": "confirm"} | answers_for(19)


def a_group(event):
    return f"/e/{event.slug}/group/", SCHOOL


def a_waiting_party(event):
    event.capacity = 1
    event.save()
    factories.sign_up(event, "Bo Example", now=timezone.now())
    return f"/e/{event.slug}/waiting-list/", {"email": "w@example.org", "party_size": "1"}


def an_offer(event):
    """Of the waiting list, taken by one person."""
    url, sent = a_waiting_party(event)
    event.refresh_from_db()
    _, secret = join(event=event, email="w@example.org", party_size=1, now=timezone.now())
    event.capacity = 2
    event.save()
    make_offers(now=timezone.now())
    url, sent = a_register(event)
    return url, sent | {"offer": secret}


def an_offer_to_a_school(event):
    now = timezone.now()
    _, secret = offer_to_school(
        event=event,
        organisation="Example Academy",
        email="tara@example.org",
        places=4,
        until=now + timedelta(days=1),
        now=now,
    )
    return f"/e/{event.slug}/group/", SCHOOL | {"offer": secret}


WAYS = [a_register, a_group, a_waiting_party, an_offer, an_offer_to_a_school]


def send(client, way, event, **more):
    url, sent = way(event)
    page = client.get(url) if "offer" not in sent else client.post(url, {"offer": sent["offer"]})
    before = claims()
    answer = client.post(url, {"stamp": hidden(page, "stamp")} | sent | more)
    return answer.status_code, claims() - before


def claims():
    return Registration.objects.count() + WaitingListEntry.objects.count()


@pytest.mark.parametrize("way", WAYS)
def test_a_person_passes(client, open_event, way):
    assert send(client, way, open_event) == (302, 1)


@pytest.mark.parametrize("way", WAYS)
def test_who_fills_the_trap_claims_nothing(client, open_event, way):
    assert send(client, way, open_event, website="https://example.com") == (429, 0)


@pytest.mark.parametrize("way", WAYS)
def test_who_is_quicker_than_anybody_types_claims_nothing(client, open_event, way):
    with forms_typed_by_people():
        assert send(client, way, open_event) == (429, 0)


@pytest.mark.parametrize("way", WAYS)
def test_a_network_that_sends_too_many_claims_nothing(client, open_event, monkeypatch, way):
    monkeypatch.setattr(request_guards, "PER_ADDRESS", 0)
    monkeypatch.setattr(request_guards, "WAITING_PER_ADDRESS", 0)

    assert send(client, way, open_event) == (429, 0)


@pytest.mark.parametrize("way", WAYS)
def test_without_our_stamp_nothing_is_claimed(client, open_event, way):
    url, sent = way(open_event)
    before = claims()

    client.post(url, sent)

    assert claims() == before


def test_the_ways_above_are_all_that_there_are(open_event):
    """Every public form below an edition's address is tried above, or known to claim nothing."""
    forms = {one.name for one in registration_urls if str(one.pattern).startswith("e/<slug:slug>/")}
    tried = {
        get_resolver().resolve(way(factories.make_event(way.__name__.replace("_", "-")))[0]).url_name
        for way in WAYS[:3]
    }

    assert forms == tried | CLAIM_NOTHING
