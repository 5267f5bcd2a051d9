"""Is a mail never lost: not by a worker that dies, not by a server that refuses or restarts?"""

import smtplib
from datetime import timedelta

import pytest

from outbox.domain import composers, mail_delivery
from outbox.domain.composers import Mail
from outbox.domain.mail_queue import drop_messages, queue_message
from outbox.models import Message

pytestmark = pytest.mark.database


class Server:
    """A mail server of the tests: what it does next, and what it took."""

    def __init__(self):
        self.faults: list = []
        self.taken: list = []

    def send_messages(self, messages):
        if self.faults and (fault := self.faults.pop(0)):
            raise fault
        self.taken += messages
        return len(messages)

    def close(self):
        pass


@pytest.fixture
def server(monkeypatch, db):
    server = Server()
    monkeypatch.setattr(mail_delivery, "get_connection", lambda: server)
    composers.register(
        "test", lambda context: Mail(to=["ada@example.org"], subject="Hello", text="Hello Ada\n")
    )
    composers.register("test-over", lambda context: None)
    return server


def queue(number=1, *, now, purpose="test"):
    queue_message(purpose=purpose, key=f"thing:{number}", context={}, now=now)
    return Message.objects.get(purpose=purpose, key=f"thing:{number}")


def test_a_mail_leaves_once_however_often_it_is_asked_for(server, noon):
    queue(now=noon)
    queue(now=noon)

    assert (mail_delivery.send_due(now=noon), mail_delivery.send_due(now=noon)) == (1, 0)
    assert [mail.to for mail in server.taken] == [["ada@example.org"]]


def test_a_worker_that_died_before_marking_makes_one_repeat_with_the_same_message_id(
    server, noon, monkeypatch
):
    message = queue(now=noon)
    with monkeypatch.context() as dying:
        dying.setattr(Message, "finish", lambda *args, **kwargs: False)
        mail_delivery.send_due(now=noon)
    assert mail_delivery.send_due(now=noon + timedelta(minutes=1)) == 0

    assert mail_delivery.send_due(now=noon + timedelta(minutes=2)) == 1

    assert [mail.extra_headers["Message-ID"] for mail in server.taken] == [message.message_id] * 2
    message.refresh_from_db()
    assert (message.state, message.tries) == ("done", 2)


@pytest.mark.parametrize(
    "fault",
    [
        smtplib.SMTPServerDisconnected("gone"),
        smtplib.SMTPDataError(451, b"try again"),
        smtplib.SMTPRecipientsRefused({"ada@example.org": (450, b"busy")}),
        ConnectionRefusedError(),
        TimeoutError(),
    ],
)
def test_what_passes_is_tried_again_later_and_holds_nothing_up(server, noon, fault):
    first, _ = queue(1, now=noon), queue(2, now=noon)
    server.faults = [fault]

    assert mail_delivery.send_due(now=noon) == 1
    first.refresh_from_db()
    assert (first.state, first.last_error) == ("queued", type(fault).__name__)
    assert mail_delivery.send_due(now=noon + timedelta(minutes=1)) == 1

    first.refresh_from_db()
    assert (first.state, first.tries, first.last_error) == ("done", 2, "")


def test_a_refused_address_has_failed_for_good_and_can_be_tried_again(server, noon):
    message = queue(now=noon)
    server.faults = [smtplib.SMTPRecipientsRefused({"ada@example.org": (550, b"no such user")})]

    mail_delivery.send_due(now=noon)
    message.refresh_from_db()
    assert (message.state, message.last_error) == ("failed", "SMTPRecipientsRefused")
    assert mail_delivery.send_due(now=noon + timedelta(days=1)) == 0
    message.ask_again(now=noon)

    assert mail_delivery.send_due(now=noon) == 1
    assert server.taken[0].extra_headers["Message-ID"] == message.message_id


def test_a_server_that_is_away_for_a_day_is_tried_with_longer_pauses_and_then_given_up(server, noon):
    message = queue(now=noon)
    server.faults = [ConnectionRefusedError() for _ in range(99)]
    waits, at = [], noon
    while message.state != "failed":
        mail_delivery.send_due(now=at)
        message.refresh_from_db()
        waits.append(message.due_at - at)
        at = max(at, message.due_at)

    assert (waits[:-1], message.tries) == ([*Message.BACK_OFF], len(Message.BACK_OFF) + 1)


def test_what_is_no_longer_needed_is_not_sent(server, noon):
    over, dropped = queue(now=noon, purpose="test-over"), queue(2, now=noon)
    drop_messages(purposes=["test"], keys=["thing:2"])

    assert mail_delivery.send_due(now=noon) == 0

    assert set(Message.objects.values_list("state", flat=True)) == {"dropped"}
    assert (over.purpose, dropped.purpose) == ("test-over", "test")
