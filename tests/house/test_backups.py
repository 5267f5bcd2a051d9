"""Does a backup bring everything back, and nothing when it was touched?"""

import errno
import hashlib
import io
from datetime import timedelta

import pytest
from django.core.management import call_command

from config.backups import BackupUnreadable, restore_backup, take_backup
from events.models import Event, Layout, Venue
from people.domain.keys import person_digest
from people.models import Person
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


@pytest.mark.parametrize("cut", [0, 5, 30, -1, -40])
def test_a_cut_file_changes_nothing(event, noon, tmp_path, cut):
    path = tmp_path / "one"
    take_backup(path=path, key=KEY, now=noon)
    path.write_bytes(path.read_bytes()[:cut])
    Event.objects.update(title="Newer")

    with pytest.raises(BackupUnreadable):
        restore_backup(path=path, key=KEY)

    assert Event.objects.get().title == "Newer"


def test_a_changed_byte_is_noticed(event, noon, tmp_path):
    path = tmp_path / "one"
    take_backup(path=path, key=KEY, now=noon)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    with pytest.raises(BackupUnreadable):
        restore_backup(path=path, key=KEY)


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
    Person.objects.bulk_create(
        [Person(digest=person_digest(f"P{n}", "p@example.org"), created_at=now) for n in range(people)],
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
        "person__digest",
    )
    text = "\n".join(
        repr([bytes(one) if isinstance(one, memoryview) else one for one in row]) for row in rows
    )
    return len(rows), hashlib.sha256(text.encode()).hexdigest()
