"""Does an erasure survive: in the database's own files, and over a restore of an older backup?"""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from config.backups import take_backup
from desk.domain import erasure
from desk.models import ErasureReceipt
from foundation.key_checks import key_check
from tests import factories
from tickets.models import Registration, Ticket

Reason = ErasureReceipt.Reason


@pytest.fixture
def backup(event, tmp_path):
    """Two people are there when the backup is taken."""
    start = timezone.now() + timedelta(days=20)
    event.starts_at, event.ends_at = start, start + timedelta(hours=5)
    event.save()
    factories.sign_up(event, "Ada Stays", now=timezone.now())
    factories.sign_up(event, "Bob Leaves", now=timezone.now())
    path = tmp_path / "before"
    take_backup(path=path, key=django_settings.BACKUP_KEY, now=timezone.now())
    return path


def leaver() -> Registration:
    return Registration.objects.get(lead_name="Bob Leaves")


@pytest.mark.database
def test_whoever_was_erased_since_is_erased_again(db, backup, capsys):
    erasure.erase_registration(registration=leaver(), reason=Reason.OWNER, now=timezone.now())

    call_command("restore", str(backup))

    assert sorted(Ticket.objects.values_list("name", "state")) == [("", "cancelled"), ("Ada Stays", "valid")]
    assert "erased again: 1 registrations" in capsys.readouterr().out
    assert ErasureReceipt.objects.get().reason == "restore"


@pytest.mark.database
def test_without_the_ledger_the_restore_says_so(db, backup, ledger, capsys):
    """The control: it is the ledger that takes them away again."""
    erasure.erase_registration(registration=leaver(), reason=Reason.OWNER, now=timezone.now())
    ledger.unlink()

    call_command("restore", str(backup))

    assert Ticket.objects.filter(name="Bob Leaves").exists()
    assert "No erasure ledger" in capsys.readouterr().err


@pytest.mark.database
def test_a_ledger_under_another_key_is_refused_and_nobody_comes_back(db, backup, ledger):
    """With its lines unread, "erased again: 0 registrations" would be said, and Bob be back."""
    erasure.erase_registration(registration=leaver(), reason=Reason.OWNER, now=timezone.now())
    ledger.write_text(ledger.read_text().replace(key_check(django_settings.TICKET_KEY), "0" * 16))

    with pytest.raises(CommandError, match=r"ledger .* was written under another TICKET_KEY"):
        call_command("restore", str(backup))

    assert sorted(Ticket.objects.values_list("name", flat=True)) == ["", "Ada Stays"]


@pytest.mark.database
def test_what_was_due_since_the_backup_leaves_in_the_restore(db, event, tmp_path):
    factories.sign_up(event, "Cleo Long Ago", now=factories.DAY - timedelta(days=7))
    path = tmp_path / "old"
    take_backup(path=path, key=django_settings.BACKUP_KEY, now=factories.DAY)
    event.starts_at, event.doors_open_at = (
        factories.DAY - timedelta(days=900),
        factories.DAY - timedelta(days=901),
    )
    event.ends_at = event.starts_at + timedelta(hours=5)
    event.save()
    path = tmp_path / "older"
    take_backup(path=path, key=django_settings.BACKUP_KEY, now=factories.DAY)

    call_command("restore", str(path))

    assert list(Ticket.objects.values_list("name", flat=True)) == [""]


@pytest.mark.django_db(transaction=True)
def test_no_byte_of_the_erased_is_left_in_the_files_of_sqlite():
    if connection.vendor != "sqlite":
        pytest.fail("this test is of SQLite's files; it is not marked to run on PostgreSQL")
    event = factories.make_event(capacity=400)
    for number in range(200):
        name = f"Zebedee{number} Wiedehopf"
        factories.sign_up(
            event, name, email=f"wiedehopf{number}@example.org", access_needs=f"wiedehopf {number}"
        )
    database = Path(connection.settings_dict["NAME"])
    assert hits(database, b"iedehopf") > 0

    erasure.erase_due(now=event.ends_at + timedelta(days=31))
    erasure.scrub(now=event.ends_at + timedelta(days=31))

    assert hits(database, b"iedehopf") == 0
    assert not ErasureReceipt.objects.filter(scrubbed_at__isnull=True).exists()


def hits(database: Path, word: bytes) -> int:
    """How often the word stands in the database's file, its log and its shared memory."""
    files = [database, *(database.with_name(database.name + ending) for ending in ("-wal", "-shm"))]
    return sum(path.read_bytes().count(word) for path in files if path.exists())
