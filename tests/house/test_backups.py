"""Does a backup bring everything back, and nothing when it was touched?"""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command

from config.backups import BackupUnreadable, restore_backup, take_backup
from events.models import Event, Layout, Venue
from tests import cast

pytestmark = pytest.mark.database
KEY = "a key for the tests"


def everything():
    out = io.StringIO()
    call_command("dumpdata", exclude=["contenttypes", "sessions", "auth.permission"], stdout=out)
    return out.getvalue()


def test_restore_brings_every_row_back(edition, organiser, noon, tmp_path):
    cast.make_space()
    before = everything()
    changed_at = Event.objects.get(pk=edition.pk).changed_at
    rows = take_backup(path=tmp_path / "one", key=KEY, now=noon)
    Layout.objects.all().delete()
    Event.objects.update(title="Overwritten")
    Venue.objects.create(slug="later", name="Later", run_by="Nobody", address="Nowhere", borough="wirral")

    restored = restore_backup(path=tmp_path / "one", key=KEY)

    assert restored == rows
    assert everything() == before
    assert Event.objects.get(pk=edition.pk).changed_at == changed_at
    assert Venue.objects.create(slug="next", name="Next", run_by="N", address="N", borough="wirral").pk


def test_another_key_changes_nothing(edition, noon, tmp_path):
    take_backup(path=tmp_path / "one", key=KEY, now=noon)
    Event.objects.update(title="Newer")

    with pytest.raises(BackupUnreadable):
        restore_backup(path=tmp_path / "one", key="another key")

    assert Event.objects.get().title == "Newer"


@pytest.mark.parametrize("cut", [0, 5, 30, -1, -40])
def test_a_cut_file_changes_nothing(edition, noon, tmp_path, cut):
    path = tmp_path / "one"
    take_backup(path=path, key=KEY, now=noon)
    path.write_bytes(path.read_bytes()[:cut])
    Event.objects.update(title="Newer")

    with pytest.raises(BackupUnreadable):
        restore_backup(path=path, key=KEY)

    assert Event.objects.get().title == "Newer"


def test_a_changed_byte_is_noticed(edition, noon, tmp_path):
    path = tmp_path / "one"
    take_backup(path=path, key=KEY, now=noon)
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)

    with pytest.raises(BackupUnreadable):
        restore_backup(path=path, key=KEY)


def test_the_file_holds_nothing_readable(edition, noon, tmp_path):
    take_backup(path=tmp_path / "one", key=KEY, now=noon + timedelta(days=1))

    assert edition.title.encode() not in (tmp_path / "one").read_bytes()
