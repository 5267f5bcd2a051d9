"""How does a queued message leave, without being lost? Lease, send, mark.

A worker that dies before the lease leaves the row queued; one that dies after it leaves a lease that
runs out. A message may then be sent twice, with the same Message-ID; it is never lost.
"""

import logging
import smtplib
from datetime import datetime, timedelta

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Case, Q, When

from outbox.domain.composers import Mail, compose, urgent_purposes
from outbox.models import Message

LEASE = timedelta(minutes=5)
BACK_OFF_MINUTES = (1, 5, 15, 60, 180, 360, 720)  # between the tries; after the last one it has failed
AT_ONCE = 20

log = logging.getLogger(__name__)


def send_urgent(*, now: datetime) -> int:
    """Send what somebody sits and waits for; return how many left. One query where there is nothing."""
    if not Message.objects.due(now).filter(purpose__in=urgent_purposes()).exists():
        return 0
    return send_due(now=now, urgent_only=True)


def send_due(*, now: datetime, limit: int = 100, urgent_only: bool = False) -> int:
    """Send what is due, the urgent first; return how many left. Safe to run in several workers at a time.

    limit: so that a rush of mail keeps nothing else that is due waiting for long.
    """
    sent = 0
    return_leases(now=now)
    connection = get_connection()
    try:
        while sent < limit and (leased := _lease(now=now, urgent_only=urgent_only)):
            for message in leased:
                sent += _send(message, connection=connection, now=now)
    finally:
        connection.close()
    return sent


def return_leases(*, now: datetime) -> int:
    """Queue again what a dead worker had leased; return how many."""
    return Message.objects.filter(state=Message.State.SENDING, leased_until__lte=now).update(
        state=Message.State.QUEUED, leased_until=None
    )


def _lease(*, now: datetime, urgent_only: bool) -> list[Message]:
    urgent = Q(purpose__in=urgent_purposes())
    with transaction.atomic():
        waiting = Message.objects.due(now).select_for_update(skip_locked=True)
        first = Case(When(urgent, then=0), default=1)
        waiting = waiting.filter(urgent) if urgent_only else waiting.order_by(first, "send_at", "id")
        due = list(waiting[:AT_ONCE])
        Message.objects.filter(pk__in=[message.pk for message in due]).update(
            state=Message.State.SENDING, leased_until=now + LEASE
        )
    return due


def _send(message: Message, *, connection, now: datetime) -> int:
    """1 where the message left. What fails is tried again later, or has failed for good."""
    try:
        mail = compose(message.purpose, message.context)
        if mail is None or not mail.to:
            _mark(message, state=Message.State.DROPPED)
            return 0
        _as_email(mail, message_id=message.message_id, connection=connection).send()
    except Exception as fault:
        log.warning("message %s was not sent: %s", message.pk, type(fault).__name__)
        connection.close()
        _put_off(message, fault, now=now)
        return 0
    _mark(message, state=Message.State.SENT, sent_at=now)
    return 1


def _as_email(mail: Mail, *, message_id: str, connection) -> EmailMultiAlternatives:
    headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated", **mail.headers}
    email = EmailMultiAlternatives(
        mail.subject, mail.text, to=mail.to, headers=headers, connection=connection
    )
    if mail.html:
        email.attach_alternative(mail.html, "text/html")
    for name, content, mimetype in mail.attachments:
        email.attach(name, content, mimetype)
    return email


def _put_off(message: Message, fault: Exception, *, now: datetime) -> None:
    attempts = message.attempts + 1
    refused = isinstance(fault, smtplib.SMTPRecipientsRefused) and all(
        code >= 500 for code, _ in fault.recipients.values()
    )
    if refused or attempts > len(BACK_OFF_MINUTES):
        _mark(message, state=Message.State.FAILED, attempts=attempts, last_error=type(fault).__name__)
    else:
        wait = timedelta(minutes=BACK_OFF_MINUTES[attempts - 1])
        _mark(
            message,
            state=Message.State.QUEUED,
            attempts=attempts,
            send_at=now + wait,
            last_error=type(fault).__name__,
        )


def _mark(message: Message, **changes) -> None:
    Message.objects.filter(pk=message.pk, state=Message.State.SENDING).update(leased_until=None, **changes)
