"""Is mail that was due held at a restore until an organiser decides, and nothing else?"""

from datetime import timedelta

import pytest
from auditlog.models import LogEntry
from django.conf import settings as django_settings
from django.core.management import call_command
from django.utils import timezone

from config.backups import take_backup
from desk.domain.announcements import schedule, write
from desk.domain.mail_after_restore import HeldMail, held_mail
from desk.models import Announcement
from outbox.domain.mail_queue import queue_message
from outbox.models import Message
from tests import factories

pytestmark = pytest.mark.database


@pytest.fixture
def backup(db, tmp_path, organiser):
    """A ticket mail and one for tomorrow are queued, and a message to many is scheduled for soon after."""
    now = timezone.now()
    event = factories.make_event(starts_at=now + timedelta(days=20))
    factories.sign_up(event, "Ada Example", now=now - timedelta(days=5))
    Message.objects.all().delete()
    queue_message(purpose="sent-again", key="x:1", context={"registration": 0}, now=now)
    queue_message(purpose="booking", key="x:2", context={}, now=now, send_at=now + timedelta(days=1))
    letter = write(
        event=event, audience="all", session=None, subject="Hi", body="Hello", by=organiser, now=now
    )
    schedule(announcement=letter, send_at=now + timedelta(seconds=1), by=organiser, now=now)
    path = tmp_path / "before"
    take_backup(path=path, key=django_settings.BACKUP_KEY, now=now)
    Announcement.objects.update(send_at=now)  # restored as it was a second ago: due by then
    return path


def restore(backup, *more):
    timezone_now = timezone.now() + timedelta(minutes=5)
    with pytest.MonkeyPatch.context() as later:
        later.setattr("config.management.commands.restore.timezone.now", lambda: timezone_now)
        call_command("restore", str(backup), *more)


def states():
    return dict(Message.objects.values_list("purpose", "state"))


def test_what_was_due_is_held_and_what_comes_later_is_not(backup, capsys):
    restore(backup)

    assert states() == {"sent-again": "held", "announcement": "held", "booking": "queued"}
    assert held_mail() == [HeldMail("a message of yours", 1), HeldMail("the ticket, sent again", 1)]
    assert "2 mails that were due are held" in capsys.readouterr().out


def test_in_a_planned_move_mail_goes_on(backup, capsys):
    restore(backup, "--send-mail")

    assert states() == {"sent-again": "queued", "booking": "queued"}
    assert "held" not in capsys.readouterr().out


@pytest.mark.parametrize(("what", "state"), [("send", "queued"), ("drop", "dropped")])
def test_an_organiser_decides(client, backup, what, state):
    restore(backup)
    client.force_login(factories.make_user("organiser"))
    today = client.get("/desk/").content.decode()
    page = client.get("/desk/mail/").content.decode()

    client.post("/desk/mail/", {"held": what})

    assert "2 mails are held since a backup was restored" in today
    assert "a message of yours" in page
    assert (states()["sent-again"], states()["announcement"]) == (state, state)
    assert "Held since" not in client.get("/desk/mail/").content.decode()
    noted = [entry.additional_data.get("did", "") for entry in LogEntry.objects.exclude(additional_data=None)]
    assert [did for did in noted if "held since a restore" in did] == [
        f"{'sent' if what == 'send' else 'dropped'} 2 mails that were held since a restore"
    ]


def test_nonsense_decides_nothing(client, backup):
    restore(backup)
    client.force_login(factories.make_user("organiser"))

    client.post("/desk/mail/", {"held": "perhaps"})

    assert states()["sent-again"] == "held"
