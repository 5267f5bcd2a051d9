"""How does a queued message leave, without being lost? Take, send, mark.

Where a worker died between sending and marking, a message is sent twice, with the
same Message-ID; it is never lost.
"""

import logging
import smtplib
from datetime import datetime
from functools import partial
from typing import Any

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Case, Q, When

from outbox.domain.composers import Mail, compose, urgent_purposes
from outbox.domain.deadlines import deadline
from outbox.domain.work import work_off
from outbox.models import Message

log = logging.getLogger(__name__)


def send_due(*, now: datetime) -> int:
    """Send what is due, what somebody sits and waits for first; return how many left."""
    connection = get_connection()
    urgent_first = Case(When(Q(purpose__in=urgent_purposes()), then=0), default=1)
    try:
        return work_off(
            Message.objects.all(),
            partial(_send, connection=connection, now=now),
            now=now,
            order_by=(urgent_first, "due_at", "pk"),
        )
    finally:
        with deadline(Message.DEADLINE):
            connection.close()


def _send(message: Message, *, connection: Any, now: datetime) -> bool:
    """Whether it left. The log names the kind of fault alone: its words may hold an address."""
    try:
        mail = compose(message.purpose, message.context)
        if mail is None or not mail.to:
            message.drop(now=now)
            return False
        _as_email(mail, message_id=message.message_id, connection=connection).send()
    except Exception as fault:
        log.warning("message %s was not sent: %s", message.pk, type(fault).__name__)
        connection.close()
        end = message.fail if _is_refused_for_good(fault) else message.give_back
        end(now=now, fault=type(fault).__name__)
        return False
    return message.finish(now=now)


def _is_refused_for_good(fault: Exception) -> bool:
    return isinstance(fault, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _ in fault.recipients.values()
    )


def _as_email(mail: Mail, *, message_id: str, connection: Any) -> EmailMultiAlternatives:
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated", **mail.headers}
    email = EmailMultiAlternatives(
        mail.subject, mail.text, to=mail.to, headers=headers, connection=connection
    )
    if mail.html:
        email.attach_alternative(mail.html, "text/html")
    for name, content, mimetype in mail.attachments:
        email.attach(name, content, mimetype)
    return email
