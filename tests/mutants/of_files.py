"""Which changes of a rule module does no test notice? `make mutants-of FILES="tickets/domain/places.py ..."`.

Works in a copy of the project, file by file: cosmic-ray changes one operator, number or condition at a time,
and the tests of the module's name (where there are none, all of its app) must fail. Prints each change that
lived, for somebody to judge: a hole in the tests, or a change that means the same.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.mutants.__main__ import ROOT, copy_project, run_tests

MINUTES = int(os.environ.get("MINUTES", "30"))  # for all files together
ONE_RUN = 120  # seconds; a mutant that runs longer counts as noticed
CONFIG = """
[cosmic-ray]
module-path = {module}
timeout = {timeout}
excluded-modules = []
test-command = {command}

[cosmic-ray.distributor]
name = "local"
"""


def main(files: list[str]) -> int:
    if not files:
        print('Say which files: make mutants-of FILES="tickets/domain/places.py"')
        return 2
    ends_at = time.monotonic() + 60 * MINUTES
    lived = 0
    with TemporaryDirectory(prefix="mutants-") as folder:
        copy = Path(folder)
        copy_project(to=copy)
        for file in files:
            tests = tests_of(file)
            if run_tests(copy, tests) != 0:
                print(f"{file}: its tests do not pass unbroken ({' '.join(tests)})")
                return 1
            lived += mutate(copy, file, tests, seconds=ends_at - time.monotonic())
    return int(bool(lived))


def tests_of(file: str) -> list[str]:
    """The test of the module's name and its races and properties; where there are none, the app's."""
    app, name = Path(file).parts[0], Path(file).stem
    own = sorted(ROOT.glob(f"tests/{app}/test_{name}*.py"))
    return [str(one.relative_to(ROOT)) for one in own] or [f"tests/{app}"]


def mutate(copy: Path, file: str, tests: list[str], *, seconds: float) -> int:
    """Print what lived; return how many."""
    if seconds <= 0:
        print(f"{file}: no time was left")
        return 0
    command = f"{sys.executable} -B -m pytest -x -q -n 0 -p no:cacheprovider {' '.join(tests)}"
    config, session = copy / "cosmic-ray.toml", copy / "cosmic-ray.sqlite"
    session.unlink(missing_ok=True)
    config.write_text(
        CONFIG.format(module=json.dumps(file), timeout=ONE_RUN, command=json.dumps(command)), encoding="utf-8"
    )
    cosmic_ray(copy, "init", config, session)
    try:
        cosmic_ray(copy, "exec", config, session, timeout=seconds)
        ended = ""
    except subprocess.TimeoutExpired:
        ended = ", when the time was over"
    results = [json.loads(line) for line in cosmic_ray(copy, "dump", session).splitlines()]
    done = [(work, result) for work, result in results if result is not None]
    lived = [(work, result) for work, result in done if result["test_outcome"] == "survived"]
    print(f"{file}: {len(done) - len(lived)} of {len(done)} noticed, {len(results)} in all{ended}")
    for work, result in lived:
        change = work["mutations"][0]
        print(f"LIVED  {file}:{change['start_pos'][0]}  {change['operator_name']}\n{result['diff']}")
    return len(lived)


def cosmic_ray(copy: Path, *arguments: object, timeout: float | None = None) -> str:
    """Run it inside the copy; where the time is over, it ends with all that it started."""
    command = [sys.executable, "-m", "cosmic_ray.cli", *map(str, arguments)]
    run = subprocess.Popen(command, cwd=copy, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        said, _ = run.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGKILL)
        run.communicate()
        raise
    if run.returncode:
        raise subprocess.CalledProcessError(run.returncode, command)
    return said


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
