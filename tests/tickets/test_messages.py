"""Do our mails say the right thing to the right person, and nothing that anybody typed as a link?"""

import email
from datetime import timedelta
from html.parser import HTMLParser

import icalendar
import pytest
from django.core import mail
from django.utils import timezone

from outbox.domain.composers import compose
from outbox.domain.mail_delivery import send_due
from outbox.models import Message
from tests import factories
from tickets.domain import codes
from tickets.domain.changes import (
    cancel_registration,
    confirm_by_guardian,
    lapse_unconfirmed,
    refuse_by_guardian,
)
from tickets.domain.reminders import queue_reminders
from tickets.domain.waiting_list import join, make_offers
from tickets.messages import unlinked
from tickets.models import Guardian

HOSTILE = [
    "Click https://evil.example/x now",
    "[x](http://evil.example)",
    "<a href='https://evil.example'>x</a>",
    "www.evil.example",
    "{{ 7|add:7 }}{% now 'Y' %}{event.secret}%(x)s",
    "mail@evil.example",
]


class Links(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found += [value for name, value in attrs if name == "href"]


@pytest.fixture
def in_a_week(db):
    return factories.make_event(starts_at=timezone.now() + timedelta(days=8))


def sent(now=None):
    """What left, by the purpose's subject."""
    mail.outbox.clear()
    send_due(now=now or timezone.now())
    return list(mail.outbox)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_text_and_never_a_link_or_a_placeholder(in_a_week, name):
    ticket = factories.sign_up(in_a_week, name, age=14, email="ada@example.org", now=timezone.now())

    for message in sent():
        html = message.alternatives[0][0]
        assert all(link.startswith("http://127.0.0.1:8000/") for link in Links(html).found)
        assert "https://evil" not in message.body
        assert "evil" not in message.subject
        assert len(message.to) == 1
    assert unlinked(name).replace("\u2060", "") == name
    assert ticket.name == name


@pytest.mark.parametrize(
    "name", ["O'Brien", "Siân Ó Fearghail", "李小龍", "محمد", "J. R. Example", "👩🏽‍🎨", "A&B <i>"]
)
def test_a_name_that_is_no_address_stays_as_it_was_typed(in_a_week, name):
    factories.sign_up(in_a_week, name, email="ada@example.org", now=timezone.now())

    assert f"Hello {name}," in sent()[0].body


def test_the_confirmation_carries_the_ticket_and_the_calendar(in_a_week):
    ticket = factories.sign_up(in_a_week, now=timezone.now())

    message = sent()[0]

    assert message.subject == "Your ticket: Skills Showcase One"
    assert [(name, kind) for name, _, kind in message.attachments] == [
        ("ticket.pdf", "application/pdf"),
        ("event.ics", "text/calendar"),
    ]
    assert f"/my/{codes.owner_secret(ticket.registration)}/" in message.body
    raw = email.message_from_bytes(message.message().as_bytes())
    assert raw["Message-ID"] == Message.objects.get(purpose="registered").message_id
    assert raw["Auto-Submitted"] == "auto-generated"


def test_a_child_waits_without_a_ticket_until_the_guardian_says_yes(in_a_week):
    factories.sign_up(in_a_week, "Cleo Child", age=14, now=timezone.now())
    by_subject = {one.subject: one for one in sent()}
    held = by_subject["Your place is held: Skills Showcase One"]
    asked = by_subject["Please say yes or no: Skills Showcase One"]
    assert [name for name, _, _ in held.attachments] == ["event.ics"]
    assert asked.to == ["gail@example.org"]
    assert "Cleo Child, aged 14" in asked.body

    confirm_by_guardian(guardian=Guardian.objects.get(), now=timezone.now())

    assert [one.subject for one in sent()] == ["Your ticket: Skills Showcase One"]
    assert not sent(now=timezone.now() + timedelta(days=1, minutes=1))


def test_a_guardian_who_does_not_answer_is_reminded_once_and_then_both_are_free(in_a_week):
    now = timezone.now()
    factories.sign_up(in_a_week, "Cleo Child", age=14, now=now)
    sent()

    reminded = sent(now=now + timedelta(hours=25))
    lapse_unconfirmed(now=now + timedelta(hours=48))
    over = sent(now=now + timedelta(hours=48))

    assert [one.to for one in reminded] == [["gail@example.org"]]
    assert [one.subject for one in over] == ["Your place is free again: Skills Showcase One"]
    assert "nobody said yes in time" in over[0].body


def test_a_guardian_who_says_no_is_not_blamed(in_a_week):
    factories.sign_up(in_a_week, "Cleo Child", age=14, now=timezone.now())
    sent()
    refuse_by_guardian(guardian=Guardian.objects.get(), now=timezone.now())

    assert "your parent or guardian said no" in sent()[0].body


def test_cancelling_takes_the_day_out_of_the_calendar(in_a_week):
    ticket = factories.sign_up(in_a_week, now=timezone.now())
    cancel_registration(registration=ticket.registration, now=timezone.now())

    (message,) = sent()

    part = next(one for one in message.message().walk() if one.get_content_type() == "text/calendar")
    calendar = icalendar.Calendar.from_ical(part.get_payload(decode=True))
    assert (part.get_param("method"), str(calendar["METHOD"])) == ("CANCEL", "CANCEL")
    assert str(calendar.walk("VEVENT")[0]["STATUS"]) == "CANCELLED"


def test_reminders_come_at_seven_days_and_at_one_with_one_tap_to_say_no(db):
    now = timezone.now()
    event = factories.make_event(starts_at=now + timedelta(days=30))
    ticket = factories.sign_up(event, now=now)
    sent()
    when = []
    for day in range(31):
        at = now + timedelta(days=day)
        queue_reminders(now=at)
        queue_reminders(now=at)
        for message in sent(now=at):
            when.append(day)
            assert f"/my/{codes.owner_secret(ticket.registration)}/cancel/" in message.body

    assert when == [23, 29]


def test_an_event_that_moved_is_remembered_again(db):
    now = timezone.now()
    event = factories.make_event(starts_at=now + timedelta(days=6))
    factories.sign_up(event, now=now - timedelta(days=3))
    assert (queue_reminders(now=now), queue_reminders(now=now)) == (1, 0)

    event.starts_at += timedelta(days=30)
    event.ends_at += timedelta(days=30)
    event.save()

    assert queue_reminders(now=now + timedelta(days=30)) == 1


def test_offers_and_places_in_the_queue_are_told(db):
    now = timezone.now()
    event = factories.make_event(starts_at=now + timedelta(days=8), capacity=1)
    ada = factories.sign_up(event, now=now)
    entry, secret = join(event=event, email="wil@example.org", party_size=1, now=now)
    first = sent()
    cancel_registration(registration=ada.registration, now=now)
    make_offers(now=now)

    offered = [one for one in sent() if one.to == ["wil@example.org"]]

    assert "you are number 1" in next(one for one in first if one.to == ["wil@example.org"]).body
    assert [one.subject for one in offered] == ["A place for you: Skills Showcase One"]
    assert f"/waiting/{secret}/" in offered[0].body
    assert compose("waiting", {"entry": entry.pk}) is None


def test_no_subject_and_no_message_id_holds_anything_personal(in_a_week):
    factories.sign_up(in_a_week, "Canary Example", age=14, email="canary@example.org", now=timezone.now())

    for message in sent():
        assert "anary" not in message.subject
        assert "anary" not in message.extra_headers["Message-ID"]
