"""Does the API keep its own document, whatever is sent, as whoever? No 5xx, no shape that was not promised.

FUZZ_EXAMPLES=200 tries longer.
"""

import os
from itertools import cycle, islice

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.wsgi import application
from tests.house.access import ROLES

pytestmark = [pytest.mark.database, pytest.mark.thorough]
CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "6"))
THOROUGH = "FUZZ_EXAMPLES" in os.environ  # each example as every role
AT_A_TIME = 5  # roles that share an example, taking turns: each of the 13 tries every call twice
TURN = cycle(ROLES)

schema = schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)


@pytest.fixture(scope="module")
def world(world):
    """Each call is a request of its own, but the world's rows are in a transaction that stays open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield world
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_promised(case, world, db):
    _name_real_things(case, world)
    for role in ROLES if THOROUGH else islice(TURN, AT_A_TIME):
        headers = {"Accept-Encoding": "identity"}
        # A ticket's owner, a guardian and a group's lead hold no token: they try the secret of their link.
        if token := world.tokens.get(role) or world.secrets.get(role):
            headers["Authorization"] = f"Bearer {token}"
        with transaction.atomic():
            case.call_and_validate(headers=headers, checks=CHECKS)
            transaction.set_rollback(True)


def _name_real_things(case, world) -> None:
    """Made-up ids are only ever not found; what lies behind the real ones is tried."""
    real = {
        "slug": "showcase-reach" if "/reach/" in case.path else "open-day",
        "reference": world.arguments["reference"],
        "scan_id": str(world.arguments["scan_id"]),
        "id": world.arguments["/api/v1/bookings/|pk"],
    }
    for name in case.path_parameters:
        case.path_parameters[name] = real[name]
