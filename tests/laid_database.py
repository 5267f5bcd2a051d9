"""Where does the SQLite database of a test run come from? It is a copy of one that was migrated once.

The one is made anew when a migration or a requirement changes. PostgreSQL's is migrated at each run.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VAR = ROOT / "var"


def copy_laid_database(to: Path) -> None:
    """Put a freshly migrated database there; the first of several workers makes it, the others wait."""
    VAR.mkdir(exist_ok=True)
    with (VAR / "laid.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        laid = VAR / f"laid-{_digest()}.sqlite3"
        if not laid.exists():
            _lay(laid)
    for ending in ("-wal", "-shm"):
        to.with_name(to.name + ending).unlink(missing_ok=True)
    shutil.copyfile(laid, to)


def _digest() -> str:
    """Of everything that decides what the migrations leave."""
    digest = hashlib.sha256()
    for file in [*sorted(ROOT.glob("*/migrations/*.py")), ROOT / "requirements/base.txt"]:
        digest.update(str(file).encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _lay(laid: Path) -> None:
    for old in VAR.glob("laid-*"):
        old.unlink()
    unready = VAR / "laid-unready.sqlite3"
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": f"sqlite:///{unready}"},
        check=True,
    )
    unready.rename(laid)
