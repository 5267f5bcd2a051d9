"""Do other programs hear what happened: once, signed, again where they failed, and never about a person?"""

import base64
import hmac
import json
import socket
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from door.domain.admission import admit
from outbox.domain import webhook_addresses
from outbox.domain.webhook_addresses import AddressRefused, address_fault, post
from outbox.domain.webhook_delivery import tell
from outbox.domain.webhooks import WebhookRefused, add_webhook, secret_of, stop_webhook
from outbox.models import Delivery, Webhook
from tests import factories
from tests.door.factories import TEN, make_phone, make_scan
from tickets.domain.changes import cancel_registration

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class Receiver:
    """Another program on this machine. status: what it answers."""

    def __init__(self) -> None:
        self.status, self.heard = 200, []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.heard.append((dict(self.headers), body))
                self.send_response(receiver.status)
                if receiver.status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *_) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def receiver():
    one = Receiver()
    yield one
    one.server.shutdown()
    one.server.server_close()


@pytest.fixture
def webhook(receiver):
    return add_webhook(
        label="Newsletter",
        address=receiver.address,
        kinds=["registered", "cancelled", "admitted"],
        now=NOW - MINUTE,
    )


def told(receiver) -> list[dict]:
    return [json.loads(body) for _, body in receiver.heard]


def test_hears_who_registered_cancelled_and_came_by_reference_alone(event, webhook, receiver):
    ada = factories.sign_up(event, "Ada Canary", email="ada.canary@example.org", now=NOW)
    bob = factories.sign_up(event, "Bob Canary", email="bob.canary@example.org", now=NOW)
    cancel_registration(registration=bob.registration, now=NOW + MINUTE)
    admit(device=make_phone(event), scan=make_scan(ada, TEN), now=TEN)

    assert tell(now=TEN + MINUTE) == 4

    assert sorted((one["type"], one["data"]["reference"]) for one in told(receiver)) == sorted(
        [
            ("registered", ada.registration.reference),
            ("registered", bob.registration.reference),
            ("cancelled", bob.registration.reference),
            ("admitted", ada.registration.reference),
        ]
    )
    assert b"anary" not in b"".join(body for _, body in receiver.heard)


def test_nothing_is_told_twice_and_nothing_from_before(event, webhook, receiver):
    factories.sign_up(event, "Cy Early", now=NOW - timedelta(hours=1))
    factories.sign_up(event, "Di Late", now=NOW)

    tell(now=NOW + MINUTE)
    tell(now=NOW + 2 * MINUTE)
    factories.sign_up(event, "Ed Later", now=NOW + 3 * MINUTE)
    tell(now=NOW + 4 * MINUTE)

    assert len(receiver.heard) == 2


def test_what_was_committed_late_with_an_earlier_time_is_still_told(event, webhook, receiver):
    factories.sign_up(event, "Flo First", now=NOW + MINUTE)
    tell(now=NOW + 2 * MINUTE)

    factories.sign_up(event, "Gus Slow", now=NOW)
    tell(now=NOW + 3 * MINUTE)

    assert len(receiver.heard) == 2


def test_the_signature_is_that_of_standard_webhooks(event, webhook, receiver):
    factories.sign_up(event, now=NOW)
    tell(now=NOW + MINUTE)

    headers, body = receiver.heard[0]
    given = {name.lower(): value for name, value in headers.items()}
    key = base64.b64decode(secret_of(webhook).removeprefix("whsec_"))
    signed = f"{given['webhook-id']}.{int((NOW + MINUTE).timestamp())}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    assert given["webhook-signature"] == wanted
    assert given["webhook-timestamp"] == str(int((NOW + MINUTE).timestamp()))


@pytest.mark.parametrize("status", [302, 400, 500])
def test_a_refusal_is_tried_again_later_with_the_same_body(event, webhook, receiver, status):
    factories.sign_up(event, now=NOW)
    receiver.status = status
    assert tell(now=NOW + MINUTE) == 0
    assert tell(now=NOW + MINUTE) == 0
    receiver.status = 204

    assert tell(now=NOW + 3 * MINUTE) == 1

    assert len({body for _, body in receiver.heard}) == 1
    assert len(receiver.heard) == 2
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.answered) == ("done", 2, 204)


def test_it_fails_for_good_after_its_tries(event, webhook, receiver):
    factories.sign_up(event, now=NOW)
    receiver.status, now = 500, NOW + MINUTE
    for _ in range(12):
        tell(now=now)
        now += timedelta(hours=13)

    assert len(receiver.heard) == 8
    assert Delivery.objects.get().state == "failed"


def test_one_that_is_silent_holds_up_no_other(event, webhook, receiver):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    add_webhook(label="Dead", address=dead, kinds=["registered"], now=NOW - MINUTE)
    for number in range(3):
        factories.sign_up(event, f"P{number} Example", now=NOW)

    assert tell(now=NOW + MINUTE) == 3
    assert Delivery.objects.filter(webhook__label="Dead", tries=1).count() == 1


def test_a_lease_of_a_dead_worker_runs_out(event, webhook, receiver):
    factories.sign_up(event, now=NOW)
    receiver.status = 500
    tell(now=NOW + MINUTE)
    Delivery.objects.update(state="running", due_at=NOW + 5 * MINUTE)
    receiver.status = 200

    assert tell(now=NOW + 4 * MINUTE) == 0
    assert tell(now=NOW + 6 * MINUTE) == 1


@pytest.mark.parametrize("how", ["stopped by hand", "answers 410"])
def test_a_stopped_one_hears_nothing(event, webhook, receiver, how):
    if how == "stopped by hand":
        stop_webhook(webhook=webhook, now=NOW)
    else:
        receiver.status = 410
        factories.sign_up(event, "Hal Gone", now=NOW)
        tell(now=NOW + MINUTE)
    heard = len(receiver.heard)
    factories.sign_up(event, "Ivy Late", now=NOW + MINUTE)

    tell(now=NOW + timedelta(hours=3))

    assert len(receiver.heard) == heard
    assert Webhook.objects.get().stopped_at is not None


class TestAddresses:
    """SE-12: no way into our own network."""

    @pytest.fixture(autouse=True)
    def production(self, settings):
        settings.PRODUCTION = True

    @pytest.mark.parametrize(
        "address",
        [
            "http://example.org/",
            "https://127.0.0.1/",
            "https://[::1]/",
            "https://10.0.0.1/",
            "https://169.254.169.254/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[2002:7f00:1::]/",
            "https://0.0.0.0/",
            "https://user:pass@example.org/",
            "ftp://example.org/",
            "https://",
            "javascript:alert(1)",
            "file:///etc/passwd",
            "https://example.org:99999/",
            "https://exa mple.org/",
            "https://example.org/\r\nX: y",
            "https://[fe80::1]/",
            "https://100.64.0.1/",
            "https://224.0.0.1/",
            "https://[64:ff9b::a9fe:a9fe]/",
            "https://[64:ff9b:1::a00:1]/",
            "https://[64:ff9b::5db8:d70e]/",
            "https://[::127.0.0.1]/",
            "https://[::93.184.215.14]/",
            "https://[::ffff:0:169.254.169.254]/",
            "https://[::ffff:0:10.0.0.1]/",
            "https://[2001:0:a00:1::]/",
            "https://[2002:5db8:d70e::]/",
            "https://168.63.129.16/",
            "https://192.0.0.192/",
            "https://100.100.100.200/",
            "https://[fd00:ec2::254]/",
            "https://[fd20:ce::254]/",
            "https://161.26.0.10/",
            "https://[ff02::1]/",
            "https://[2001:db8::1]/",
            "https://[3fff::1]/",
            "https://[fec0::1]/",
            "https://255.255.255.255/",
        ],
    )
    def test_is_refused_when_it_is_entered(self, address):
        with pytest.raises(WebhookRefused):
            add_webhook(label="x", address=address, kinds=["registered"], now=NOW)

    @pytest.mark.parametrize("host", ["hooks.example.org", "93.184.215.14", "[2606:2800:21f:cb07::1]"])
    def test_a_public_one_is_taken(self, host):
        assert address_fault(f"https://{host}/a?b=c") is None

    def test_the_address_that_was_judged_is_the_one_that_is_called(self, monkeypatch):
        """The name is asked once: what it says a moment later is of no interest."""
        answers = iter(["93.184.215.14", "127.0.0.1", "127.0.0.1"])
        called = []

        def connect(to, **_):
            called.append(to)
            raise ConnectionRefusedError

        monkeypatch.setattr(
            webhook_addresses.socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (next(answers), 443))]
        )
        monkeypatch.setattr(webhook_addresses.socket, "create_connection", connect)

        with pytest.raises(ConnectionRefusedError):
            post("https://hooks.example.org/", body=b"{}", headers={})

        assert called == [("93.184.215.14", 443)]
        assert next(answers) == "127.0.0.1"

    @pytest.mark.parametrize(
        "inside",
        ["127.0.0.1", "10.1.2.3", "::1", "::ffff:192.168.0.1", "64:ff9b::a9fe:a9fe", "168.63.129.16"],
    )
    def test_a_name_that_leads_inside_is_refused_at_the_call(self, monkeypatch, inside):
        """Also where one of its addresses is public: a name that turns about gains nothing."""
        found = [(0, 0, 0, "", ("93.184.215.14", 443)), (0, 0, 0, "", (inside, 443))]
        monkeypatch.setattr(webhook_addresses.socket, "getaddrinfo", lambda *_, **__: found)
        monkeypatch.setattr(
            webhook_addresses.socket, "create_connection", lambda *_, **__: pytest.fail("it was called")
        )

        with pytest.raises(AddressRefused):
            post("https://hooks.example.org/", body=b"{}", headers={})


class TestPages:
    @pytest.fixture
    def desk(self, client, organiser):
        client.force_login(organiser)
        return client

    def test_strangers_sign_in_and_others_are_refused(self, client, webhook, board_member):
        page = f"/desk/webhooks/{webhook.code}/"
        assert client.get("/desk/webhooks/").status_code == client.get(page).status_code == 302
        client.force_login(board_member)
        assert client.get("/desk/webhooks/").status_code == client.get(page).status_code == 403
        assert client.post(page, {"action": "stop"}).status_code == 403
        assert Webhook.objects.get().stopped_at is None

    def test_adding_one_leads_to_its_page_with_its_secret(self, desk, receiver):
        answer = desk.post(
            "/desk/webhooks/",
            {"label": "Chat", "address": receiver.address, "kinds": ["registered"]},
            follow=True,
        )

        text = answer.content.decode()
        assert "Chat" in text
        assert (
            secret_of(Webhook.objects.get()).replace("+", "&#x2B;") in text
            or secret_of(Webhook.objects.get()) in text
        )

    @pytest.mark.parametrize(
        "wrong",
        [{"label": ""}, {"address": "ftp://x"}, {"kinds": []}, {"kinds": ["nothing"]}, {"address": "a\0b"}],
    )
    def test_what_is_wrong_is_said_and_nothing_written(self, desk, receiver, wrong):
        asked = {"label": "Chat", "address": receiver.address, "kinds": ["registered"]} | wrong

        assert desk.post("/desk/webhooks/", asked).status_code == 422
        assert not Webhook.objects.exists()

    def test_a_test_is_sent_and_the_log_shows_it(self, desk, webhook, receiver):
        page = f"/desk/webhooks/{webhook.code}/"
        desk.post(page, {"action": "test"})
        tell(now=datetime.now(UTC) + MINUTE)

        assert told(receiver)[0]["type"] == "test"
        assert "Taken" in desk.get(page).content.decode()

    def test_stopping_it_keeps_its_log(self, desk, webhook):
        desk.post(f"/desk/webhooks/{webhook.code}/", {"action": "stop"})

        assert Webhook.objects.get().stopped_at is not None

    @pytest.mark.parametrize("number", [1, 3])
    def test_the_list_costs_the_same_for_any_length(self, desk, receiver, number, django_assert_num_queries):
        for index in range(number):
            add_webhook(label=f"W{index}", address=receiver.address, kinds=["registered"], now=NOW)
        with django_assert_num_queries(4):
            desk.get("/desk/webhooks/")

    def test_an_unknown_one_is_not_found(self, desk):
        assert desk.get("/desk/webhooks/nothing/").status_code == 404
