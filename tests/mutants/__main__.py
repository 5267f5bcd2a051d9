"""Is each rule that was broken by hand still held by a test? `make mutants`.

Works in a copy of the project: first the tests must pass there, then each rule is broken alone, and its tests
must fail. Ends with 1 where a break was not noticed, or could not be tried.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutants.breaks import BREAKS, Break

ROOT = Path(__file__).resolve().parents[2]
LINKED = (".venv", "node_modules")  # made by make, and not changed by a test
ONE_RUN = 600  # seconds
PASSED, FAILED = 0, 1  # of pytest; any other answer says that the tests did not run


def main() -> int:
    with TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder)
        copy_project(to=copy)
        tests = sorted({test for one in BREAKS for test in one.tests})
        if (answer := run_tests(copy, tests)) != PASSED:
            print(f"The tests do not pass unbroken (pytest answered {answer}).")
            return 1
        lived = [one for one in BREAKS if not is_noticed(one, copy)]
    print(f"{len(BREAKS) - len(lived)} of {len(BREAKS)} breaks were noticed.")
    return int(bool(lived))


def copy_project(*, to: Path) -> None:
    """What git tracks, and what is new, as it stands in the work tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file() and name not in LINKED:
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    (to / "var").mkdir(exist_ok=True)
    for name in LINKED:
        if (ROOT / name).exists() and not (to / name).exists():
            (to / name).symlink_to((ROOT / name).resolve())


def is_noticed(one: Break, copy: Path) -> bool:
    file = copy / one.file
    whole = file.read_text(encoding="utf-8")
    if whole.count(one.text) != 1:
        print(f"NOT FOUND  {one.rule}: its text stands {whole.count(one.text)} times in {one.file}")
        return False
    file.write_text(whole.replace(one.text, one.instead), encoding="utf-8")
    try:
        answer = run_tests(copy, one.tests)
    finally:
        file.write_text(whole, encoding="utf-8")
    said = {FAILED: "noticed", PASSED: "LIVED"}.get(answer, f"DID NOT RUN ({answer})")
    print(f"{said:<10} {one.rule}", flush=True)
    return answer == FAILED


def run_tests(copy: Path, tests) -> int:
    """What pytest answers; -1 where it took too long."""
    command = [sys.executable, "-B", "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(command, cwd=copy, capture_output=True, timeout=ONE_RUN, check=False)
    except subprocess.TimeoutExpired:
        return -1
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
