"""What stands in the database before a fault? One open edition, a token, phones. Prints one JSON object.

`python -m tests.faults.prepare [TICKETS] [MAILS]` migrates the database of DATABASE_URL first; TICKETS are
issued to be scanned, and MAILS are queued.
"""

import json
import os
import sys
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.core.management import call_command
from django.utils import timezone

from accounts.domain.tokens import issue_token
from door.domain.devices import make_gate, make_pairing_code, pair
from outbox.domain.mail_queue import Draft, queue_messages
from outbox.models import Message
from tests import factories
from tickets.domain import codes
from tickets.domain.registration import Attendee, Contact, register
from tickets.models import Registration

AT_ONCE = 50


def prepare(tickets: int, mails: int) -> dict:
    call_command("migrate", verbosity=0)
    now = timezone.now()
    event = factories.make_event(
        "fault",
        starts_at=now,
        doors_open_at=now - timedelta(hours=2),
        capacity=100_000,
        safe_capacity=100_000,
        min_age=None,
        max_age=None,
    )
    organiser = factories.make_user("organiser")
    gates = [make_gate(event=event, slug=slug, name=slug) for slug in ("main", "side")]
    phones = [
        pair(pairing_code=make_pairing_code(gate=gate, now=now, by=None), name=gate.slug, now=now).token
        for gate in gates
    ]
    made = []
    while len(made) < tickets:
        count = min(AT_ONCE, tickets - len(made))
        people = [Attendee(name=f"Guest {len(made) + n}", age=30, borough="liverpool") for n in range(count)]
        lead = Contact(name="Lead", email=f"lead{len(made)}@example.org")
        made += register(event=event, lead=lead, vouched_by="registrar", attendees=people, now=now).tickets
    _queue(event, mails, now)
    return {
        "token": issue_token(user=organiser, now=now),
        "phones": phones,
        "codes": [codes.ticket_code(event.pk, ticket.serial, 1) for ticket in made],
    }


def _queue(event, mails: int, now) -> None:
    """Reminders, which carry no PDF, and nothing else."""
    Message.objects.all().delete()
    registration = Registration.objects.filter(event=event).first()
    drafts = [
        Draft(purpose="reminder-1", key=f"fault:{number}", context={"registration": registration.pk})
        for number in range(mails)
    ]
    queue_messages(drafts=drafts, now=now)


if __name__ == "__main__":
    tickets, mails = (int(one) for one in (*sys.argv[1:], "0", "0")[:2])
    print(json.dumps(prepare(tickets, mails)))
