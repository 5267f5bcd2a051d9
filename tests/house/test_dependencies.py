"""Is every package at or above the least version that has no known hole, in the lock and as installed?

(SE-33)
"""

import re
from importlib.metadata import version
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements"


def lines(name: str, pattern: str) -> dict[str, str]:
    text = (REQUIREMENTS / name).read_text(encoding="utf-8")
    return dict(re.findall(pattern, text, re.MULTILINE))


FLOORS = lines("floors.txt", r"^([a-z][a-z0-9-]+) +([0-9.]+)")
LOCKED = lines("base.txt", r"^([a-z][a-z0-9-]+)(?:\[[a-z,]+\])?==([0-9.]+)")


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", text)[:3])


@pytest.mark.parametrize("name", FLOORS)
def test_lock_and_installation_are_above_the_floor(name):
    assert numbers(LOCKED[name]) >= numbers(FLOORS[name])
    assert numbers(version(name)) >= numbers(FLOORS[name])


def test_every_package_that_a_stranger_can_reach_has_a_floor():
    """What parses or answers what strangers send."""
    assert {"django", "djangorestframework", "granian", "cryptography", "weasyprint", "pillow"} <= set(FLOORS)
