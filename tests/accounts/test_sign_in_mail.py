"""Does the mail of signing in leave at once, break no page, and leave no code behind?"""

import re
from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from config import sign_in_mail
from outbox.domain import mail_delivery
from outbox.domain.mail_queue import queue_message
from outbox.models import Message

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def no_memory_of_tries(settings, db):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()


def ask(client, email):
    return client.post(reverse("account_login"), {"login": email}, follow=True)


def code_in(letter) -> str:
    return re.search(r"^\s*([A-Z0-9-]{6,})\s*$", letter.body, re.M)[1]


def test_a_mail_server_that_refuses_breaks_no_page(client, organiser, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    page = ask(client, organiser.email)

    assert page.status_code == 200
    assert "Type the code" in page.content.decode()
    assert mail_delivery.send_due(now=timezone.now()) == 0
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert mail_delivery.send_due(now=timezone.now() + timedelta(minutes=1)) == 1
    done = client.post(reverse("account_confirm_login_code"), {"code": code_in(mail.outbox[-1])})
    assert done["Location"] == "/desk/"


def test_no_code_can_be_read_where_it_waits_and_none_stays(client, organiser):
    ask(client, organiser.email)
    waiting = Message.objects.get()
    mail_delivery.send_due(now=timezone.now())
    code = code_in(mail.outbox[-1])

    assert code not in str(waiting.context)
    assert organiser.email not in str(waiting.context)
    assert not LogEntry.objects.filter(changes__icontains=code).exists()
    assert sign_in_mail.forget_sign_in_mail(now=timezone.now()) == 1
    assert not Message.objects.exists()


def test_a_code_that_is_over_is_not_sent_and_goes(client, organiser):
    ask(client, organiser.email)
    late = timezone.now() + sign_in_mail.GOOD_FOR[sign_in_mail.CODE]

    assert sign_in_mail.forget_sign_in_mail(now=late - timedelta(minutes=1)) == 0
    assert sign_in_mail.forget_sign_in_mail(now=late + timedelta(seconds=1)) == 1
    assert mail.outbox == []


def test_a_stranger_is_as_much_work_and_gets_nothing(client, organiser):
    ask(client, "nobody@example.org")

    assert mail_delivery.send_due(now=timezone.now()) == 0
    assert Message.objects.get().state == "dropped"
    assert mail.outbox == []


def test_what_was_sealed_under_another_key_is_dropped(client, organiser, settings):
    ask(client, organiser.email)
    settings.SECRET_KEY = "another key, as after a restore on another machine"

    assert mail_delivery.send_due(now=timezone.now()) == 0
    assert Message.objects.get().state == "dropped"


def test_it_leaves_before_a_thousand_others(client, organiser, monkeypatch):
    now = timezone.now()
    for number in range(30):
        queue_message(purpose="reminder-1", key=f"x:{number}", context={"registration": 0}, now=now)
    ask(client, organiser.email)
    asked_for = []
    monkeypatch.setattr(mail_delivery, "compose", lambda purpose, context: asked_for.append(purpose))

    mail_delivery.send_due(now=timezone.now())

    assert asked_for == [sign_in_mail.CODE] + ["reminder-1"] * 30
