"""How is a disk filled without filling ours?

A few megabytes of memory as a file system, or a limit on files.
"""

import contextlib
import os
import resource
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MEGABYTE = 1024 * 1024


class SmallDisk:
    """A file system of a few megabytes (needs root), else a folder whose files a process may not grow."""

    def __init__(self, folder: Path, *, is_mounted: bool) -> None:
        self.folder, self._is_mounted = folder, is_mounted
        self._filler = folder / "filler"

    def fill(self, pids: list[int], *, leave: int = 200_000) -> None:
        if self._is_mounted:
            with contextlib.suppress(OSError), self._filler.open("wb", buffering=0) as filler:
                while (free := os.statvfs(self.folder).f_bavail * os.statvfs(self.folder).f_frsize) > leave:
                    filler.write(b"\0" * min(64 * 1024, free - leave + 1))
            return
        largest = max(path.stat().st_size for path in self.folder.iterdir())
        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (largest + leave, resource.RLIM_INFINITY))

    def free(self, pids: list[int]) -> None:
        if self._is_mounted:
            self._filler.unlink()
            return
        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextmanager
def small_disk(*, megabytes: int) -> Iterator[SmallDisk]:
    folder = Path(tempfile.mkdtemp(prefix="disk-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    is_mounted = os.geteuid() == 0 and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    try:
        yield SmallDisk(folder, is_mounted=is_mounted)
    finally:
        if is_mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)
        with contextlib.suppress(OSError):
            folder.rmdir()
