"""Do the arrows of the house only go down?"""

import subprocess
import sys
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
FLOORS = [
    "people",
    "accounts",
    "outbox",
    "printing",
    "events",
    "tickets",
    "door",
    "desk",
    "reporting",
    "plan",
]
CELLAR = {"people", "accounts", "outbox", "printing"}


def test_imports_keep_the_contracts():
    linter = Path(sys.executable).with_name("lint-imports")

    result = subprocess.run([linter], cwd=ROOT, capture_output=True, text=True, check=False)

    assert result.returncode == 0, result.stdout


def test_a_lower_floor_cannot_spell_an_upper_one():
    """A foreign key that crosses a floor has no way back."""
    ways_up = [
        f"{model.__name__}.{relation.name}"
        for floor in FLOORS
        for model in apps.get_app_config(floor).get_models()
        for relation in model._meta.get_fields()
        if relation.is_relation
        and relation.auto_created
        and not relation.concrete
        and relation.related_model._meta.app_label in FLOORS
        and relation.related_model._meta.app_label != floor
    ]

    assert ways_up == []
