"""Does each role get at each address what docs/access.csv says, and is every address in it?"""

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.house.access import (
    METHODS,
    ROLES,
    addresses,
    field_table,
    fields_seen,
    outcome,
    table,
)

pytestmark = pytest.mark.thorough

HOW = "Run python -m tests.house.access for the rows to add to docs/access.csv, and read each cell."


def test_every_address_is_in_the_table():
    known = {address for address, _ in table()}

    assert sorted(set(addresses()) - known) == [], HOW
    assert sorted(known - set(addresses())) == []


def test_the_table_speaks_only_its_own_words():
    cells = {cell for row in table().values() for cell in row.values()}
    roles = {tuple(row) for row in table().values()}

    assert cells <= {"allow", "sign-in", "401", "403", "404"}
    assert roles == {ROLES}


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_the_table_says(world, db, role):
    found = {
        (address, method): outcome(world, role, address, method) for (address, method), row in table().items()
    }

    wrong = {
        f"{method} {address}": f"{found[address, method]}, not {row[role]}"
        for (address, method), row in table().items()
        if found[address, method] != row[role]
    }
    assert wrong == {}


@pytest.mark.parametrize("role", ROLES)
def test_contacts_and_needs_reach_no_other_role(world, db, role):
    """Absent from what is sent, not merely hidden on it; docs/access-fields.csv says who sees what where."""
    allowed = {row for row in field_table() if row[2] == role}

    assert fields_seen(world, role) == allowed


def test_no_other_method_is_answered(world, db):
    """An administrator may everything, so what refuses them refuses the method."""
    rows = table()
    answered = [
        f"{method} {address}"
        for address in addresses()
        for method in METHODS
        if (address, method) not in rows and outcome(world, "administrator", address, method) == "allow"
    ]

    assert answered == []


def test_signing_in_and_the_control_room_belong_to_nobody_by_accident(db):
    """django-allauth's and the admin's own addresses:
    public to sign in, else a way to sign in, never broken."""
    client = Client(raise_request_exception=False)
    codes = {}
    for name, resolver in get_resolver().reverse_dict.items():
        if isinstance(name, str) and name.startswith(("account_", "mfa_", "usersessions_")):
            path = "/" + resolver[0][0][0]
            if "%" not in path:
                codes[path] = client.get(path).status_code
    admin = client.get("/control/")

    assert codes
    assert {path: code for path, code in codes.items() if code not in {200, 302, 404, 405}} == {}
    assert (admin.status_code, "/login/" in admin["Location"]) == (302, True)
