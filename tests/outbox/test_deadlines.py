"""Does a process end at its deadline, whatever it is in, and live where it is in time?"""

import signal
import subprocess
import sys
import time

import pytest

# Neither comes back to Python until it is done: no exception and no other thread could end them.
ENDLESS = {
    "one long call": "import re; re.match(r'(a+)+b', 'a' * 60)",
    "a silent socket": "import socket; a, b = socket.socketpair(); a.recv(1)",
    "a loop that catches everything": "\n        ".join(
        ["while True:", "    try: sum(range(10**6))", "    except BaseException: pass"]
    ),
}
PROCESS = """
from datetime import timedelta
from outbox.domain.deadlines import deadline, end_this_process_at_deadlines

if {kept}:
    end_this_process_at_deadlines()
with deadline(timedelta(seconds={outer})):
    with deadline(timedelta(seconds=0.3)):
        {what}
    {after}
print("it went on")
"""


def run(
    what: str, *, kept: bool = True, after: str = "pass", outer: float = 60
) -> subprocess.CompletedProcess:
    code = PROCESS.format(what=what, kept=kept, after=after, outer=outer)
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=False
    )


@pytest.mark.parametrize("what", ENDLESS)
def test_what_never_ends_is_ended_by_the_kernel(what):
    began = time.monotonic()

    ended = run(ENDLESS[what])

    assert (ended.returncode, ended.stdout) == (-signal.SIGALRM, "")
    assert time.monotonic() - began < 10


def test_what_is_in_time_goes_on_and_the_deadline_around_it_holds_again():
    later = "import time; time.sleep(0.6)"

    assert run("pass", after=later).stdout == "it went on\n"
    assert run("pass", after=later, outer=0.5).returncode == -signal.SIGALRM


def test_a_process_that_was_not_told_so_keeps_no_deadline():
    """A web worker, or a test: nothing in them may be ended with all the rest."""
    assert run("import time; time.sleep(0.5)", kept=False).stdout == "it went on\n"
