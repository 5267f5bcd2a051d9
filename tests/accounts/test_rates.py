"""Are tries counted over all workers, and does a forged header move nothing? (SE-09, SE-16)"""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.client_address import client_address, client_network
from accounts.domain.rates import count_use, forget_counts, reset
from accounts.models import CountedUse
from outbox.models import Message
from tests import factories

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TEN_MINUTES = timedelta(minutes=10)


def uses(who="a", now=NOON):
    return count_use(what="test", who=who, window=TEN_MINUTES, now=now)


@pytest.mark.database
@pytest.mark.django_db
def test_counts_each_caller_and_each_window_apart():
    assert [uses(), uses(), uses("b"), uses(), uses(now=NOON + TEN_MINUTES)] == [1, 2, 1, 3, 1]


@pytest.mark.database
@pytest.mark.django_db
def test_another_worker_gives_no_fresh_start_on_postgresql():
    uses()
    reset()  # what another process would know

    assert uses() == (2 if connection.vendor == "postgresql" else 1)


@pytest.mark.database
@pytest.mark.django_db
def test_no_address_is_kept_and_what_is_over_goes():
    CountedUse.objects.create(digest="x", uses=1, ends_at=NOON)
    uses("203.0.113.9")

    kept = " ".join(CountedUse.objects.values_list("digest", flat=True))
    assert "203.0.113" not in kept
    forget_counts(now=NOON + 2 * TEN_MINUTES)
    assert not CountedUse.objects.exists()


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
    ],
)
def test_only_what_our_proxies_wrote_counts(rf, settings, proxies, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded} if forwarded else {})

    assert client_address(request) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unix", "unix"),
    ],
)
def test_an_ipv6_network_is_one_caller(rf, address, network):
    assert client_network(rf.get("/", REMOTE_ADDR=address)) == network


@pytest.mark.django_db
def test_a_forged_header_gives_no_fresh_start(client):
    start = timezone.now() + timedelta(days=9)
    event = factories.make_event(starts_at=start)
    factories.sign_up(event, "Ada Example", email="ada@example.org", now=timezone.now())
    for number in range(35):
        client.post(
            "/find/", {"email": f"nobody{number}@example.org"}, headers={"X-Forwarded-For": f"6.6.6.{number}"}
        )
    Message.objects.all().delete()

    client.post("/find/", {"email": "ada@example.org"}, headers={"X-Forwarded-For": "7.7.7.7"})

    assert not Message.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("page", "field"), [("/account/login/", "login"), ("/account/login/code/", "email")])
def test_signing_in_is_limited_whatever_the_header_says(page, field):
    cache.clear()
    answers = [
        Client().post(
            page,
            {field: f"nobody{number}@example.org"},
            headers={"X-Forwarded-For": f"6.6.6.{number}"},
        )
        for number in range(21)
    ]
    cache.clear()

    assert [answer.status_code for answer in answers[:20]] == [302] * 20
    assert (answers[20].status_code, answers[20]["Retry-After"]) == (429, "60")
    assert "Too many" in answers[20].content.decode()


@pytest.mark.django_db
def test_pairing_is_limited_and_says_when_to_come_again(client):
    for _ in range(120):
        assert (
            client.post(
                "/api/v1/devices/pair/", {"pairing_code": "x", "name": "y"}, "application/json"
            ).status_code
            != 429
        )

    answer = client.post(
        "/api/v1/devices/pair/",
        {"pairing_code": "x", "name": "y"},
        "application/json",
        headers={"X-Forwarded-For": "7.7.7.7"},
    )

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
