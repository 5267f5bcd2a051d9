"""Do docker-compose.yml and Dockerfile speak of commands, settings and files that exist?"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
OURS = {
    name: one
    for name, one in COMPOSE["services"].items()
    if one.get("image", "").startswith("creative-events")
}
SETTINGS = (ROOT / "config/settings.py").read_text(encoding="utf-8")


def manage_arguments(service: dict) -> list[str]:
    words = " ".join(service["command"]).replace("$$", "$").split()
    after = words[words.index("manage.py") + 1 :]
    return after


@pytest.mark.parametrize("name", OURS)
def test_commands_exist_with_their_options(name):
    command, *arguments = manage_arguments(OURS[name])

    assert command in get_commands()
    known = load_command_class(get_commands()[command], command).create_parser("manage.py", command)
    spelt = {option for action in known._actions for option in action.option_strings}
    assert {one for one in arguments if one.startswith("--")} <= spelt


@pytest.mark.parametrize("name", OURS)
def test_environment_names_are_read_by_the_settings(name):
    for setting in OURS[name]["environment"]:
        plain = setting.removesuffix("_FILE")
        assert re.search(rf'"{plain}"', SETTINGS) or plain in ("LOG_FORMAT", "DEBUG"), setting


def test_every_secret_is_a_file_that_make_secrets_makes():
    script = (ROOT / "tools/secrets").read_text(encoding="utf-8")

    for name, secret in COMPOSE["secrets"].items():
        assert secret["file"] == f"./secrets/{name}"
        assert name in script


@pytest.mark.parametrize("name", OURS)
def test_nothing_runs_as_root_or_writes_to_its_image(name):
    service = OURS[name]

    assert service["read_only"] is True
    assert service["user"] == "10001:10001"
    assert service["cap_drop"] == ["ALL"]


def test_what_waits_waits_for_something_that_can_come_true():
    for service in COMPOSE["services"].values():
        for awaited, how in service.get("depends_on", {}).items():
            other = COMPOSE["services"][awaited]
            assert how["condition"] != "service_healthy" or "healthcheck" in other
            assert how["condition"] != "service_completed_successfully" or other["restart"] == "no"


def test_the_health_check_is_python_that_compiles():
    *_, code = COMPOSE["services"]["web"]["healthcheck"]["test"]

    subprocess.run([sys.executable, "-c", f"compile({code!r}, 'check', 'exec')"], check=True)


def test_image_copies_files_that_are_there_and_leaves_root():
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()

    for line in lines:
        if line.startswith("COPY") and "--from" not in line and line != "COPY . .":
            *sources, _ = line.split()[1:]
            assert all((ROOT / source).exists() for source in sources), line
    assert "USER house" in lines[-4:]


def test_the_proxy_runs_the_file_that_is_tried():
    """tests/faults/test_slow_clients.py starts it with 200 slow clients."""
    proxy = COMPOSE["services"]["proxy"]
    written = (ROOT / "Caddyfile").read_text(encoding="utf-8")

    assert "command" not in proxy
    assert "./Caddyfile:/etc/caddy/Caddyfile:ro" in proxy["volumes"]
    assert set(proxy["environment"]) <= set(re.findall(r"\{\$([A-Z_]+)", written))
