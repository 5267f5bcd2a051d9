"""Have mails, webhooks, reports, files and sheets one answer to a fault, a crash and two workers at once?"""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from desk.models import Export
from outbox.domain.work import work_off
from outbox.models import Delivery, LeasedWork, Message, Webhook
from outbox.models.leased_work import ROUND
from reporting.models import ReportJob, Target
from tests import factories
from tickets.models import TicketSheet

pytestmark = [pytest.mark.django_db, pytest.mark.database]
KINDS = {Message: 8, Delivery: 8, ReportJob: 3, Export: 3, TicketSheet: 3}
SECOND = timedelta(seconds=1)


@pytest.fixture
def lay(event, organiser, noon):
    """A row of each kind, due at noon."""
    ticket = factories.sign_up(event, "Ada Example", now=noon)
    Message.objects.all().delete()
    webhook = Webhook.objects.create(code="c", label="Chat", address="http://127.0.0.1:9/", since=noon)
    target = Target.objects.create(
        slug="reach", rung="reached", event=event, goal=5, starts_on=noon.date(), due_date=noon.date()
    )
    own = {
        Message: lambda number: {"purpose": "x", "key": number, "message_id": number, "created_at": noon},
        Delivery: lambda number: {
            "webhook": webhook,
            "kind": "x",
            "key": number,
            "payload": {},
            "happened_at": noon,
        },
        ReportJob: lambda number: {
            "target": target,
            "as_at": noon,
            "asked_by": organiser,
            "asked_at": noon,
        },
        Export: lambda number: {
            "event": event,
            "kind": "registrations",
            "format": "csv",
            "asked_by": organiser,
            "asked_at": noon,
            "expires_at": noon + timedelta(days=1),
        },
        TicketSheet: lambda number: {
            "registration": ticket.registration,
            "of_state": number,
            "tickets_in_all": 1,
            "asked_at": noon,
        },
    }

    def make(kind: type[LeasedWork], number: int = 1) -> LeasedWork:
        return kind.objects.create(due_at=noon, **own[kind](str(number)))

    return make


def test_the_five_kinds_are_all():
    assert set(LeasedWork.__subclasses__()) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_worker_left_is_due_again_when_its_time_is_up_and_failed_in_the_end(lay, kind, noon):
    row = lay(kind)
    taken = kind.objects.take(now=noon)
    own_time = ROUND + kind.DEADLINE + kind.BACK_OFF[0]

    assert (taken.pk, taken.state, taken.tries) == (row.pk, "running", 1)
    assert kind.objects.take(now=noon + own_time - SECOND) is None
    assert kind.objects.take(now=noon + own_time).tries == 2
    for day in range(1, 20):
        kind.objects.take(now=noon + timedelta(days=day))

    row.refresh_from_db()
    assert (row.state, row.tries, row.last_error) == ("failed", KINDS[kind], "Unfinished")


@pytest.mark.parametrize("kind", KINDS)
def test_what_fails_is_tried_again_with_pauses_and_given_up(lay, kind, noon):
    row, at = lay(kind), noon

    def fail(row):
        raise OSError

    for pause in kind.BACK_OFF:
        work_off(kind.objects.all(), fail, now=at)
        row.refresh_from_db()
        assert (row.state, row.due_at) == ("queued", at + pause)
        at = row.due_at
    work_off(kind.objects.all(), fail, now=at)

    row.refresh_from_db()
    assert (row.state, row.tries, row.last_error) == ("failed", KINDS[kind], "OSError")
    assert row.ended_at == at
    assert row.ask_again(now=at)
    assert kind.objects.take(now=at).tries == 1


def test_one_that_fails_stops_no_other(lay, noon):
    bad, good = lay(Message, 1), lay(Message, 2)

    def do(row):
        return 1 / 0 if row.pk == bad.pk else row.finish(now=noon)

    assert work_off(Message.objects.all(), do, now=noon) == 1
    assert dict(Message.objects.values_list("pk", "state")) == {bad.pk: "queued", good.pk: "done"}


@pytest.mark.parametrize("end", ["finish", "drop", "give_back", "fail"])
def test_a_worker_whose_time_was_up_changes_nothing_for_the_one_after_it(lay, noon, end):
    lay(Message)
    slow = Message.objects.take(now=noon)
    quick = Message.objects.take(now=noon + timedelta(hours=1))

    words = {"fault": "late"} if end in ("give_back", "fail") else {}
    assert not getattr(slow, end)(now=noon + timedelta(hours=1), **words)

    assert Message.objects.get().state == "running"
    assert quick.finish(now=noon + timedelta(hours=1))


def taken_at_the_same_moment(take, workers: int) -> Counter:
    """Which row each of so many workers took, and how many workers took it, until nothing was left."""
    start = Barrier(workers)

    def run(_):
        taken = []
        try:
            start.wait(timeout=60)
            while (row := take()) is not None:
                taken.append(row.pk)
        finally:
            connection.close()
        return taken

    with ThreadPoolExecutor(workers) as pool:
        return Counter(pk for taken in pool.map(run, range(workers)) for pk in taken)


def careless(noon):
    """The control: look, think, and only then say that it is taken."""
    row = Message.objects.due(noon).first()
    if row is not None:
        time.sleep(0.05)
        row.begin(now=noon)
    return row


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", KINDS)
def test_of_two_workers_one_takes_a_row(lay, kind, noon):
    rows = {lay(kind, number).pk for number in range(8)}

    taken = taken_at_the_same_moment(lambda: kind.objects.take(now=noon), workers=4)

    # One that finds everything locked goes home early; what is left is taken in the next round.
    while (row := kind.objects.take(now=noon)) is not None:
        taken[row.pk] += 1
    assert taken == Counter(rows)


@pytest.mark.django_db(transaction=True)
def test_the_race_can_be_lost(lay, noon):
    for number in range(8):
        lay(Message, number)

    taken = taken_at_the_same_moment(lambda: careless(noon), workers=4)

    assert max(taken.values()) > 1
