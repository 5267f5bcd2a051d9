"""Does everything that carries an address of ours carry the one that is served, on another port too?"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone

from outbox.domain.mail_delivery import send_due
from tests import factories
from tickets.domain import codes
from tickets.qr import ticket_address

ROOT = Path(__file__).resolve().parents[2]
HERE = "http://127.0.0.1:8101"


def site_url(**environment: str) -> str:
    asked = "from django.conf import settings; print(settings.SITE_URL, settings.PORT)"
    result = subprocess.run(
        [sys.executable, "-c", asked],
        cwd=ROOT,
        env={"DJANGO_SETTINGS_MODULE": "config.settings", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.strip()


def test_the_address_follows_the_port_until_one_is_said():
    assert site_url() == "http://127.0.0.1:8000 8000"
    assert site_url(PORT="8101") == f"{HERE} 8101"
    assert site_url(PORT="8101", SITE_URL="https://events.lcr.test/") == "https://events.lcr.test 8101"


def test_the_port_is_said_once():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    said = {
        str(path.relative_to(ROOT))
        for app in (
            "accounts",
            "config",
            "desk",
            "door",
            "events",
            "outbox",
            "printing",
            "reporting",
            "tickets",
        )
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"\b8000\b(?!\s*char)", path.read_text(encoding="utf-8"))
    }

    assert said == {"config/settings.py"}
    assert re.findall(r"8000", makefile.replace("(8000)", "")) == ["8000"]


@pytest.mark.django_db
def test_every_face_carries_it(client, event, settings):
    settings.SITE_URL = HERE
    ticket = factories.sign_up(event, "Ada Example", email="ada@example.org")
    secret = codes.owner_secret(ticket.registration)
    send_due(now=timezone.now())

    faces = {
        path: client.get(path).content.decode()
        for path in ("/", "/e/showcase/", "/sitemap.xml", "/robots.txt", f"/my/{secret}/ticket.ics")
    }
    faces |= {f"mail {n}": one.body + one.alternatives[0][0] for n, one in enumerate(mail.outbox)}
    faces["code"] = ticket_address("A" * 26).lower()
    addresses = {
        name: set(re.findall(r"https?://(?:127|localhost|testserver)[^/\s\"<]*", text))
        for name, text in faces.items()
    }

    assert len(mail.outbox) > 0
    assert addresses == {name: {HERE} for name in faces}
