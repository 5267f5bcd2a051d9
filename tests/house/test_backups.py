"""Does a backup bring everything back, and nothing when it was touched?"""

import errno
import gzip
import hashlib
import io
import os
from datetime import timedelta
from pathlib import Path

import pyrage
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command

from config import backups
from config.backups import BackupOfOtherKeys, BackupUnreadable, restore_backup, take_backup
from events.models import Event, Layout, Venue
from people.domain.keys import person_digest
from people.models import Person, PersonKey
from tests import factories
from tickets.domain.issuance import new_ticket
from tickets.models import Registration, Ticket

pytestmark = pytest.mark.database
KEY = "a key for the tests"


def everything():
    out = io.StringIO()
    call_command("dumpdata", exclude=["contenttypes", "sessions", "auth.permission"], stdout=out)
    return out.getvalue()


def test_restore_brings_every_row_back(event, organiser, noon, tmp_path):
    factories.make_space()
    before = everything()
    changed_at = Event.objects.get(pk=event.pk).changed_at
    rows = take_backup(path=tmp_path / "one", key=KEY, now=noon)
    Layout.objects.all().delete()
    Event.objects.update(title="Overwritten")
    Venue.objects.create(slug="later", name="Later", run_by="Nobody", address="Nowhere", borough="wirral")

    restored = restore_backup(path=tmp_path / "one", key=KEY)

    assert restored == rows
    assert everything() == before
    assert Event.objects.get(pk=event.pk).changed_at == changed_at
    assert Venue.objects.create(slug="next", name="Next", run_by="N", address="N", borough="wirral").pk


def test_another_key_changes_nothing(event, noon, tmp_path):
    take_backup(path=tmp_path / "one", key=KEY, now=noon)
    Event.objects.update(title="Newer")

    with pytest.raises(BackupUnreadable):
        restore_backup(path=tmp_path / "one", key="another key")

    assert Event.objects.get().title == "Newer"


DAMAGE = {
    "empty": lambda whole: b"",
    "20 bytes": lambda whole: whole[:20],
    "27 bytes": lambda whole: whole[:27],
    "the header alone": lambda whole: whole[:200],
    "cut by one byte": lambda whole: whole[:-1],
    "cut by forty": lambda whole: whole[:-40],
    "flipped at the start": lambda whole: bytes([whole[0] ^ 1]) + whole[1:],
    "flipped in the middle": lambda whole: (
        whole[: len(whole) // 2] + bytes([whole[len(whole) // 2] ^ 1]) + whole[len(whole) // 2 + 1 :]
    ),
    "flipped at the end": lambda whole: whole[:-1] + bytes([whole[-1] ^ 1]),
    "appended": lambda whole: whole + b"\n",
    "doubled": lambda whole: whole + whole,
    "junk": lambda whole: b"\0" * 3_000,
    "a text": lambda whole: "Grüße".encode(),
    "an older format": lambda whole: b"LCRBACKUP2\n" + whole,
    "encrypted, and no rows": lambda whole: age(b"not gzip"),
    "encrypted, and no header": lambda whole: age(gzip.compress(b"")),
    "encrypted, and another header": lambda whole: age(gzip.compress(b"[]\n")),
}


def age(clear: bytes) -> bytes:
    return pyrage.encrypt(clear, [backups._identity(settings.BACKUP_KEY).to_public()])


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_refused_in_words_and_changes_nothing(event, noon, tmp_path, damage):
    path = tmp_path / "one"
    take_backup(path=path, key=settings.BACKUP_KEY, now=noon)
    path.write_bytes(DAMAGE[damage](path.read_bytes()))
    Event.objects.update(title="Newer")

    with pytest.raises(CommandError, match=r"^Nothing was restored\. [A-Z][a-z ]+.*\.$"):
        call_command("restore", str(path))

    assert Event.objects.get().title == "Newer"


@pytest.mark.parametrize("what", ["nowhere", "folder"])
def test_what_cannot_be_read_is_said(db, tmp_path, what):
    path = tmp_path if what == "folder" else tmp_path / "nowhere"

    with pytest.raises(CommandError, match=r"Nothing was restored\. .*(No such file|Is a directory)"):
        call_command("restore", str(path))


@pytest.mark.parametrize("key", ["TICKET_KEY", "PERSON_KEY"])
def test_another_key_of_the_rows_is_refused(event, noon, tmp_path, settings, key):
    take_backup(path=tmp_path / "one", key=KEY, now=noon)
    Event.objects.update(title="Newer")
    setattr(settings, key, "another key of 32 characters at the least")

    with pytest.raises(BackupOfOtherKeys, match=f"under another {key}"):
        restore_backup(path=tmp_path / "one", key=KEY)

    assert Event.objects.get().title == "Newer"


@pytest.mark.parametrize("there", ["device", "pipe", "folder", "link to a device"])
def test_it_is_written_over_nothing_but_a_file(event, tmp_path, there):
    path = tmp_path / "one"
    if there == "device":
        path = Path("/dev/null")
    elif there == "pipe":
        os.mkfifo(path)
    elif there == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/null")
    before = path.lstat()

    with pytest.raises(CommandError, match=r"No backup was written: .*something else than a file"):
        call_command("backup", str(path))

    assert path.lstat() == before


def test_it_is_readable_by_its_owner_alone(event, noon, tmp_path):
    take_backup(path=tmp_path / "one", key=KEY, now=noon)

    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o600


def test_nobody_stays_signed_in_over_a_restore(client, event, organiser, noon, tmp_path):
    client.force_login(organiser)
    assert client.get("/desk/events/").status_code == 200
    take_backup(path=tmp_path / "one", key=KEY, now=noon)

    restore_backup(path=tmp_path / "one", key=KEY)

    assert client.get("/desk/events/").status_code == 302
    assert not Session.objects.exists()


def test_the_file_holds_nothing_readable(event, noon, tmp_path):
    take_backup(path=tmp_path / "one", key=KEY, now=noon + timedelta(days=1))

    assert event.title.encode() not in (tmp_path / "one").read_bytes()


def test_a_full_disk_leaves_no_half_file(event, noon, tmp_path, monkeypatch):
    before = tmp_path / "one"
    take_backup(path=before, key=KEY, now=noon)
    whole = before.read_bytes()

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("config.backups.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        take_backup(path=before, key=KEY, now=noon)

    assert [path.name for path in tmp_path.iterdir()] == ["one"]
    assert before.read_bytes() == whole


@pytest.mark.thorough
def test_ten_thousand_registrations_come_back(event, noon, tmp_path):
    people = 10_000
    event.capacity = event.safe_capacity = people
    event.save()
    make_many(event, people)
    before = counted()
    take_backup(path=tmp_path / "one", key=KEY, now=noon)
    Ticket.objects.all()._raw_delete("default")
    Registration.objects.all()._raw_delete("default")

    restore_backup(path=tmp_path / "one", key=KEY)

    assert counted() == before
    assert before[0] == people


def make_many(event, people: int) -> None:
    """Rows as the rule makes them, in bulk; each has its own code."""
    now = factories.DAY - timedelta(days=7)
    Person.objects.bulk_create([Person(created_at=now) for _ in range(people)], batch_size=500)
    PersonKey.objects.bulk_create(
        [
            PersonKey(person=person, kind="email", digest=person_digest(f"P{person.pk}", "p@example.org"))
            for person in Person.objects.all()
        ],
        batch_size=500,
    )
    registrations = [
        Registration(
            event=event,
            reference=f"R{n}",
            lead_name=f"P{n}",
            lead_email="p@example.org",
            created_at=now,
            owner_fingerprint=n.to_bytes(16, "big"),
        )
        for n in range(people)
    ]
    Registration.objects.bulk_create(registrations, batch_size=500)
    persons = Person.objects.order_by("pk")
    tickets = [
        new_ticket(registration=one, serial=n + 1, now=now, age=15, name=f"P{n}", person=person)
        for n, (one, person) in enumerate(zip(registrations, persons, strict=True))
    ]
    Ticket.objects.bulk_create(tickets, batch_size=500)


def counted() -> tuple:
    """How many, and a digest over every ticket with its registration and person."""
    rows = Ticket.objects.order_by("serial").values_list(
        "serial",
        "name",
        "age",
        "fingerprint",
        "registration__reference",
        "registration__lead_email",
        "person__keys__digest",
    )
    text = "\n".join(
        repr([bytes(one) if isinstance(one, memoryview) else one for one in row]) for row in rows
    )
    return len(rows), hashlib.sha256(text.encode()).hexdigest()
