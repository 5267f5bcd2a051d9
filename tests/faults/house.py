"""How is the real server started, killed and asked? `manage.py serve` in a process group of its own."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


class House:
    """One web node: a port, a database and a folder for mail, its ledger and its log."""

    def __init__(
        self, *, url: str, folder: Path, workers: int = 1, web_only: bool = True, **environment: str
    ) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.at = f"http://127.0.0.1:{self.port}"
        self.log = folder / f"serve-{self.port}.log"
        self.web_only = web_only
        self.environment = os.environ | {
            "DATABASE_URL": url,
            "ERASURE_LEDGER": str(folder / "erasures.log"),
            "EMAIL_URL": f"file:///{folder / 'mail'}",
            "WEB_CONCURRENCY": str(workers),
            "SITE_URL": self.at,
            **environment,
        }
        self.process: subprocess.Popen | None = None
        self.starts: list[float] = []

    def __enter__(self) -> "House":
        return self

    def __exit__(self, *_) -> None:
        self.kill()

    def run(
        self, *arguments: str, preexec_fn: Callable[[], None] | None = None
    ) -> subprocess.CompletedProcess:
        """Another command against the same database."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            preexec_fn=preexec_fn,
        )

    def prepare(self, tickets: int = 0, mails: int = 0) -> dict:
        result = self.run("-m", "tests.faults.prepare", str(tickets), str(mails))
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout.splitlines()[-1])

    def start(self, *, wait: bool = True) -> float:
        """Start it; return the seconds until it answered."""
        began = time.monotonic()
        command = [sys.executable, "manage.py", "serve", "--port", str(self.port)]
        command += ["--web-only"] if self.web_only else []
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        while wait and not self.answers():
            assert self.process.poll() is None, self.log.read_text()[-2000:]
            assert time.monotonic() - began < START_SECONDS, "the server did not start"
            time.sleep(0.05)
        self.starts.append(time.monotonic() - began)
        return self.starts[-1]

    def kill(self) -> None:
        """kill -9 of the whole process group that this house began, and of nothing else."""
        if self.process is None:
            return
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.process = None

    def pids(self) -> list[int]:
        """Of the process group that this house began."""
        group = self.process.pid if self.process else 0
        found = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError):
                if os.getpgid(int(entry.name)) == group:
                    found.append(int(entry.name))
        return found

    def answers(self) -> bool:
        return self.ask("/healthz")[0] == 200

    def ask(
        self, path: str, *, body: dict | None = None, token: str = "", timeout: float = 20, **headers: str
    ):
        """(status, headers, text); status 0 where no answer came."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.at}{path}", data=data)
        if data is not None:
            request.add_header("Content-Type", "application/json")
        if token:
            request.add_header("Authorization", f"Bearer {token}")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.headers, refused.read().decode(errors="replace")
        except (OSError, TimeoutError, http.client.HTTPException):  # also an answer that was cut short
            return 0, {}, ""
