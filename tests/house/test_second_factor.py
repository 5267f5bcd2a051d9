"""In production, what does a session open that proved no second factor?

The way to prove one, and nothing of the staff's.
"""

import re
from collections.abc import Iterator
from uuid import UUID

import pytest
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal import auth as totp
from django.test import Client, RequestFactory
from django.urls import URLResolver, get_resolver, reverse

from accounts.second_factor import ALWAYS, PROVE, SET_UP, STAFF
from tests.house.access import METHODS, ask, outcome, table

pytestmark = pytest.mark.thorough

WITH_A_ROLE = ("administrator", "organiser", "supervisor", "welfare", "venue", "board")


@pytest.fixture(autouse=True)
def in_production(settings):
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture(params=[False, True], ids=["no factor yet", "a factor set up"])
def has_factor(request, world, db):
    if request.param:
        for role in WITH_A_ROLE:
            totp.TOTP.activate(world.users[role], totp.generate_totp_secret())
    return request.param


@pytest.fixture
def fresh(world, db):
    """Sessions of their own: those of the world are shared."""
    kept = dict(world.clients)
    for role in WITH_A_ROLE:
        world.clients[role] = Client(raise_request_exception=False)
        world.clients[role].force_login(
            world.users[role], backend="django.contrib.auth.backends.ModelBackend"
        )
    yield world
    world.clients.update(kept)


def prove(client: Client, user) -> None:
    request = RequestFactory().get("/")
    request.session = client.session
    record_authentication(request, user, "mfa", type="totp")
    request.session.save()


def factor_page(has_factor: bool) -> str:
    return reverse("mfa_reauthenticate" if has_factor else "mfa_index")


def every_staff_route() -> Iterator[tuple[str | None, str]]:
    """Name and path of each address of the resolver below a staff prefix,
    the admin's and allauth's among them."""
    for name, route in _routes(get_resolver(), ""):
        if route.startswith(STAFF):
            yield name, route


def _routes(resolver: URLResolver, prefix: str) -> Iterator[tuple[str | None, str]]:
    for one in resolver.url_patterns:
        route = prefix + re.sub(r"<(?:(\w+):)?\w+>", _value, str(one.pattern))
        if isinstance(one, URLResolver):
            yield from _routes(one, route)
        elif "(?" not in route:  # a regular expression: the admin's last one, for what is not there
            yield one.name, f"/{route}"


def _value(match: re.Match) -> str:
    return str(UUID(int=1)) if match[1] == "uuid" else "1"


@pytest.mark.parametrize("role", ["administrator", "organiser"])
def test_every_staff_path_but_a_short_list_asks_for_it(fresh, has_factor, role):
    client, allowed = fresh.clients[role], ALWAYS | (PROVE if has_factor else SET_UP)
    paths = [(name, path) for name, path in every_staff_route() if name not in allowed]

    opened = {
        f"{method} {path}": answer.status_code
        for _, path in paths
        for method in METHODS
        if (answer := client.generic(method, path)).status_code != 302
        or not answer["Location"].startswith(factor_page(has_factor))
    }

    assert len(paths) > 150
    assert {"/control/", "/control/accounts/user/", "/control/accounts/user/1/change/"} <= {
        p for _, p in paths
    }
    assert opened == {}


def test_the_short_list_leads_to_a_proof(fresh, has_factor):
    client = fresh.clients["organiser"]
    names = (PROVE if has_factor else SET_UP) | {"account_logout"}

    answers = {name: client.get(reverse(name)) for name in names - {"mfa_reauthenticate_webauthn"}}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 200)


@pytest.mark.parametrize("role", WITH_A_ROLE)
def test_a_session_that_proved_it_opens_what_the_table_says(fresh, role):
    prove(fresh.clients[role], fresh.users[role])

    rows = {key: row for key, row in table().items() if key[0].startswith(STAFF)}
    wrong = {key: row[role] for key, row in rows.items() if outcome(fresh, role, *key) != row[role]}
    control = fresh.clients[role].get("/control/accounts/user/").status_code

    assert wrong == {}
    assert control == (200 if role == "administrator" else 302)  # to the admin's own refusal


def test_on_all_other_paths_the_session_is_nobodys(fresh):
    """Public pages open as to anybody; the API never looks at a session, as its tokens are asked for."""
    fresh.tokens = {}
    rows = {key: row["public"] for key, row in table().items() if not key[0].startswith(STAFF)}

    wrong = {key: cell for key, cell in rows.items() if outcome(fresh, "organiser", *key) != cell}

    assert wrong == {}


def test_who_has_no_session_hears_nothing_of_it(world, db):
    rows = {key: row["public"] for key, row in table().items() if key[0].startswith(STAFF)}

    assert {key: cell for key, cell in rows.items() if outcome(world, "public", *key) != cell} == {}


def test_every_page_that_asks_to_sign_in_is_a_staff_path():
    asks = {address for (address, _), row in table().items() if row["public"] == "sign-in"}

    assert {address for address in asks if not address.startswith(STAFF)} == set()


def test_development_asks_for_none(fresh, settings):
    settings.SECOND_FACTOR_REQUIRED = False

    assert ask(fresh, "organiser", "/desk/", "GET").status_code == 200
    assert fresh.clients["administrator"].get("/control/").status_code == 200
