"""Is a backup that is taken while people register and are scanned one moment, and the writing not held up?"""

from pathlib import Path

import pytest

from tests.faults.databases import database
from tests.faults.house import House
from tests.faults.load import Clients, losses

pytestmark = pytest.mark.thorough

LARGEST_LOG = 32 * 1024 * 1024  # bytes; journal_size_limit in config/settings.py is 27 MB
PLACES = (
    "SELECT places_taken, (SELECT count(*) FROM tickets_ticket WHERE state <> 'cancelled') FROM events_event"
)


@pytest.mark.parametrize("on", ["SQLite", "PostgreSQL"])
def test_a_backup_taken_while_people_register_is_one_moment(on, tmp_path: Path):
    backups = [tmp_path / f"{number}.backup" for number in range(2)]
    with database(on) as db, House(url=db.url, folder=tmp_path) as house:
        prepared = house.prepare(tickets=60)
        house.start()
        with Clients([house], prepared, registering=3, scanning=1) as clients:
            for backup in backups:
                clients.wait_for(5)
                taken = house.run("manage.py", "backup", str(backup))
                assert taken.returncode == 0, taken.stderr
            clients.wait_for(5)
            journal = clients.finish()
        lost = losses(journal, db)
        log = Path(f"{db.path}-wal").stat().st_size if on == "SQLite" else 0
        house.kill()
        seen = []
        for backup in backups:
            restored = house.run("manage.py", "restore", str(backup))
            assert restored.returncode == 0, restored.stderr
            seen += db.rows(PLACES)

    assert not any(lost.values()), lost
    assert log < LARGEST_LOG
    assert [taken - valid for taken, valid in seen] == [0, 0]
    assert 60 < seen[0][0] < seen[1][0]
