"""Does production start with a good environment, and refuse each mistake? Tried as processes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as ours

from config.checks import deployment

ROOT = Path(__file__).resolve().parents[2]
GOOD = {
    "DEBUG": "false",
    "SITE_URL": "https://events.lcr.test",
    "ALLOWED_HOSTS": "events.lcr.test",
    "TRUSTED_PROXIES": "1",
    "EMAIL_URL": "smtp://user:password@mail.lcr.test:587?tls=True",
    "DEFAULT_FROM_EMAIL": "Events <events@lcr.test>",
    "SECRET_KEY": "1f9c2b7ad0e84c6f1f9c2b7ad0e84c6f1f9c2b7ad0e84c6f50",
    "TICKET_KEY": "2f9c2b7ad0e84c6f1f9c2b7ad0e84c6f1f9c2b7ad0e84c6f51",
    "PERSON_KEY": "3f9c2b7ad0e84c6f1f9c2b7ad0e84c6f1f9c2b7ad0e84c6f52",
    "BACKUP_KEY": "4f9c2b7ad0e84c6f1f9c2b7ad0e84c6f1f9c2b7ad0e84c6f53",
}


def run(tmp_path, *arguments: str, **changes: str) -> subprocess.CompletedProcess:
    names = {"PATH", "HOME", "LANG"}
    environment = {name: value for name, value in os.environ.items() if name in names}
    environment |= GOOD | {"ERASURE_LEDGER": str(tmp_path / "ledger.log")} | changes
    environment = {name: value for name, value in environment.items() if value}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_check_deploy_is_clean(tmp_path):
    result = run(tmp_path, "manage.py", "check", "--deploy", "--fail-level", "WARNING")

    assert result.returncode == 0, result.stderr
    assert "no issues" in result.stdout


def test_serve_is_not_reached_without_a_proxy(tmp_path):
    result = run(tmp_path, "manage.py", "serve", "--host", "0.0.0.0", TRUSTED_PROXIES="0")

    assert result.returncode != 0
    assert "Put the proxy of Caddyfile in front" in result.stderr


def test_production_refuses_development_secrets(tmp_path):
    result = run(tmp_path, "-c", "import config.wsgi", SECRET_KEY="", PERSON_KEY="")

    assert result.returncode != 0
    assert sorted(re.findall(r"config\.[EW]\d+", result.stderr)) == ["config.E002", "config.E002"]
    assert "SECRET_KEY" in result.stderr
    assert "PERSON_KEY" in result.stderr


def test_a_secret_may_come_from_a_file(tmp_path):
    (tmp_path / "key").write_text(GOOD["SECRET_KEY"] + "\n")
    code = "from config import settings; print(settings.SECRET_KEY)"

    result = run(tmp_path, "-c", code, SECRET_KEY="", SECRET_KEY_FILE=str(tmp_path / "key"))

    assert result.stdout.strip() == GOOD["SECRET_KEY"]


def test_a_secret_file_that_cannot_be_read_is_named(tmp_path):
    result = run(tmp_path, "manage.py", "check", TICKET_KEY_FILE=str(tmp_path / "nowhere"))

    assert result.returncode != 0
    assert "TICKET_KEY_FILE names" in result.stderr


MISTAKES = {
    "config.E001": {"ON_SQLITE": True, "WEB_CONCURRENCY": 2},
    "config.E003": {"PERSON_KEY": GOOD["TICKET_KEY"]},
    "config.E004": {"DEBUG": True},
    "config.E005": {"ALLOWED_HOSTS": ["*"]},
    "config.E006": {"RETENTION_DAYS": {"names": 400}},
    "config.E007": {"WEB_CONCURRENCY": 0},
    "config.E008": {"SITE_URL": "https://events.lcr.test/path"},
    "config.E009": {"BACKUP_KEY": "short"},
    "config.E010": {"ALLOWED_HOSTS": ["other.lcr.test"]},
    "config.E012": {"CHILDREN_TO_ONE_ADULT": {"younger": 0, "older": 10}},
    "config.E011": {"ERASURE_LEDGER": Path("/proc/nowhere/ledger.log")},
    "config.W001": {"SITE_URL": "http://events.lcr.test", "HTTPS": False},
    "config.W002": {"TRUSTED_PROXIES": 0},
    "config.W003": {"EMAIL_URL": ""},
    "config.W004": {"DEFAULT_FROM_EMAIL": "events@example.org"},
    "config.W005": {"ON_SQLITE": True, "WEB_CONCURRENCY": 1, "ERASURE_LEDGER": ours.VAR_DIR / "ledger.log"},
}


@pytest.fixture
def production(settings, tmp_path):
    for name in (
        "SITE_URL",
        "EMAIL_URL",
        "DEFAULT_FROM_EMAIL",
        "SECRET_KEY",
        "TICKET_KEY",
        "PERSON_KEY",
        "BACKUP_KEY",
    ):
        setattr(settings, name, GOOD[name])
    settings.PRODUCTION, settings.HTTPS, settings.DEBUG, settings.TRUSTED_PROXIES = True, True, False, 1
    settings.ALLOWED_HOSTS, settings.WEB_CONCURRENCY = ["events.lcr.test"], 1
    settings.ERASURE_LEDGER = tmp_path / "ledger.log"
    return settings


def test_a_good_environment_has_no_fault(production):
    assert deployment() == []


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_has_its_id(production, mistake):
    for name, value in MISTAKES[mistake].items():
        setattr(production, name, value)

    assert mistake in {fault.id for fault in deployment()}


def test_every_id_is_explained_and_every_explained_id_is_there():
    told = set(re.findall(r"config\.[EW]\d{3}", (ROOT / "docs/checks.md").read_text()))
    raised = set(re.findall(r"config\.[EW]\d{3}", (ROOT / "config/checks.py").read_text()))

    assert told == raised
    assert raised == set(MISTAKES) | {"config.E002"}
