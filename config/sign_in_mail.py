"""How does the mail of signing in leave, when no page may wait for the mail server or break with it?

django-allauth composes it; it goes into the outbox sealed under SECRET_KEY, leaves before all other mail,
and its row is deleted once it left or is over. So no code lies readable in the database, in a backup or in
a log. An address that we do not know costs the same work: a mail to nobody, which the worker drops.
"""

import base64
import json
import uuid
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import Q
from django.utils import timezone

from accounts.adapter import AccountAdapter
from outbox.domain.composers import Mail
from outbox.domain.mail_queue import queue_message
from outbox.models import Message

CODE, NOTICE, NOBODY = "sign-in-code", "sign-in-notice", "account/email/unknown_account"
LOGIN_CODE = "account/email/login_code"
GOOD_FOR = {CODE: timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT), NOTICE: timedelta(days=1)}


class SignInMailAdapter(AccountAdapter):
    """What allauth sends goes to the outbox."""

    def render_mail(self, template_prefix, email, context, headers=None):
        is_known = template_prefix != NOBODY
        if not is_known:
            template_prefix, context = LOGIN_CODE, {**context, "code": self.generate_login_code()}
        message = super().render_mail(template_prefix, email, context, headers)
        purpose = CODE if template_prefix == LOGIN_CODE else NOTICE
        message.connection = OutboxBackend(purpose=purpose, is_known=is_known)
        return message


class OutboxBackend(BaseEmailBackend):
    def __init__(self, *, purpose: str, is_known: bool, **kwargs) -> None:
        super().__init__(**kwargs)
        self.purpose, self.is_known = purpose, is_known

    def send_messages(self, email_messages) -> int:
        for message in email_messages:
            mail = {
                "to": message.to if self.is_known else [],
                "subject": message.subject,
                "text": message.body,
            }
            queue_message(
                purpose=self.purpose,
                key=uuid.uuid4().hex,
                context={"sealed": _seal(mail)},
                now=timezone.now(),
            )
        return len(email_messages)


def compose_code(context: dict) -> Mail | None:
    return _unseal(context, GOOD_FOR[CODE])


def compose_notice(context: dict) -> Mail | None:
    return _unseal(context, GOOD_FOR[NOTICE])


def forget_sign_in_mail(*, now: datetime) -> int:
    """Delete what left, failed or is over; return how many."""
    over = Q(state__in=[Message.State.DONE, Message.State.DROPPED, Message.State.FAILED])
    mine = Q(purpose=CODE, created_at__lte=now - GOOD_FOR[CODE]) | Q(
        purpose=NOTICE, created_at__lte=now - GOOD_FOR[NOTICE]
    )
    return Message.objects.filter(mine | (over & Q(purpose__in=[CODE, NOTICE]))).delete()[0]


def _seal(mail: dict) -> str:
    return _fernet().encrypt(json.dumps(mail).encode()).decode("ascii")


def _unseal(context: dict, good_for: timedelta) -> Mail | None:
    """None where it is over, was sealed under another key, or is to nobody."""
    try:
        plain = _fernet().decrypt(context["sealed"].encode(), ttl=round(good_for.total_seconds()))
    except InvalidToken:
        return None
    mail = json.loads(plain)
    return Mail(**mail) if mail["to"] else None


def _fernet() -> Fernet:
    key = HKDF(SHA256(), 32, None, b"sign-in mail").derive(settings.SECRET_KEY.encode())
    return Fernet(base64.urlsafe_b64encode(key))
