"""Serve pages and do the background work, in one process tree."""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from config.environment import LOOPBACK_HOSTS
from outbox.lanes import Lanes

# A client that dribbles its body holds a thread: a dozen leave as many as the house ever needs. Each has a
# connection to the database. Threads that have nothing to do end by themselves.
THREADS = 24
TICK_SECONDS = 2
STOP_SECONDS = 20
START_SECONDS = 30
MAX_RSS_MIB = 400
PR_SET_PDEATHSIG = 1
NO_PROXY = (
    "serve --host {host} would be reached without a proxy: whoever sends slowly holds its threads. "
    "Put the proxy of Caddyfile in front and set TRUSTED_PROXIES=1, or listen on 127.0.0.1."
)


class Command(BaseCommand):
    help = "The production server and its background work in one process tree. Ends cleanly on SIGTERM."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.PORT, help="links carry SITE_URL, or PORT")
        parser.add_argument("--web-only", action="store_true", help="no background work: tick runs elsewhere")
        parser.add_argument(
            "--with-demo-links", action="store_true", help="print a one-time sign-in link for each demo role"
        )

    def handle(self, *args, host: str, port: int, web_only: bool, with_demo_links: bool, **options):
        if settings.PRODUCTION and host not in LOOPBACK_HOSTS and not settings.TRUSTED_PROXIES:
            raise CommandError(NO_PROXY.format(host=host))
        self.stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self.stop.set())
        with tempfile.TemporaryDirectory(prefix="metrics-") as self.counts:
            self._serve(host, port, web_only, with_demo_links)

    def _serve(self, host: str, port: int, web_only: bool, with_demo_links: bool) -> None:
        web = self._start_web(host, port)
        lanes = Lanes(every=TICK_SECONDS, say=self.stderr.write)
        try:
            self._say_where(host, port, with_demo_links)
            while not self.stop.is_set():
                if web.poll() is not None:
                    self.stderr.write("The web server ended; it is started again.")
                    web = self._start_web(host, port)
                if not web_only:
                    lanes.look_after()
                self.stop.wait(TICK_SECONDS)
        finally:
            web.terminate()
            lanes.stop()
            try:
                web.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                web.kill()

    def _say_where(self, host: str, port: int, with_demo_links: bool) -> None:
        """Once pages are answered, say at which addresses."""
        here = f"http://{host}:{port}"
        last = time.monotonic() + START_SECONDS
        while not _answers(f"{here}/healthz") and time.monotonic() < last and not self.stop.wait(0.1):
            pass
        for path, what in (
            ("/", "the public pages"),
            ("/desk/", "the desk"),
            ("/door/", "the door"),
            ("/api/docs/", "the API"),
        ):
            self.stdout.write(f"{here}{path:12}{what}")
        if with_demo_links:
            call_command("demo_links", site=here, stdout=self.stdout)
        self.stdout.flush()

    def _start_web(self, host: str, port: int) -> subprocess.Popen:
        command = [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "wsgi",
            "--host",
            host,
            "--port",
            str(port),
            "--workers",
            str(settings.WEB_CONCURRENCY),
            "--blocking-threads",
            str(THREADS),
            "--backlog",
            "4096",
            "--respawn-failed-workers",
            "--workers-max-rss",
            str(MAX_RSS_MIB),
            "--no-ws",
            "--log-level",
            "error",
            "config.wsgi:application",
        ]
        # Several workers keep their counts where each can add them up.
        own = {"PROMETHEUS_MULTIPROC_DIR": self.counts} if settings.WEB_CONCURRENCY > 1 else {}
        return subprocess.Popen(
            command, cwd=settings.BASE_DIR, env=os.environ | own, preexec_fn=_end_with_parent
        )


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:  # noqa: S310  our own http address
            return response.status == 200
    except urllib.error.HTTPError:
        return True  # a page says no, so somebody answers
    except OSError:
        return False


def _end_with_parent() -> None:
    """Where the parent is killed, the web server ends too."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
