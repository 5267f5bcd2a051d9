"""Can an administrator invite somebody, give them a role, and shut them out again? Nobody else can."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.roles import ROLES
from tests import factories

pytestmark = pytest.mark.django_db
NEW = {"email": "New.Person@Example.org", "name": "New Person", "is_active": "on"}


@pytest.fixture(autouse=True)
def migrated():
    """What the migration does, again: a test that commits, before this one, leaves every table empty."""
    import_module("accounts.migrations.0002_roles").make_roles(apps, None)


@pytest.fixture
def administrator(client):
    user = User.objects.create_superuser("admin@example.org")
    client.force_login(user)
    return client


def test_every_role_is_there_from_the_start():
    assert set(ROLES) <= set(Group.objects.values_list("name", flat=True))


def test_an_administrator_invites_and_the_role_holds(administrator, client):
    group = Group.objects.get(name="organiser")

    answer = administrator.post("/control/accounts/user/add/", NEW | {"groups": [group.pk]})

    assert answer.status_code == 302
    person = User.objects.get(email="new.person@example.org")
    assert list(person.groups.all()) == [group]
    assert not person.has_usable_password()
    client.force_login(person)
    assert client.get("/desk/privacy/").status_code == 200


def test_whoever_is_shut_out_is_out_at_once(administrator, client):
    organiser = factories.make_user("organiser")
    other = client.__class__()
    other.force_login(organiser)
    assert other.get("/desk/privacy/").status_code == 200

    administrator.post(
        f"/control/accounts/user/{organiser.pk}/change/", {"email": organiser.email, "name": ""}
    )

    assert other.get("/desk/privacy/").status_code == 302


@pytest.mark.parametrize("role", ["organiser", "board", "venue"])
def test_no_other_role_invites(client, role):
    client.force_login(factories.make_user(role))

    assert client.get("/control/accounts/user/add/").status_code == 302
    assert client.post("/control/accounts/user/add/", NEW).status_code == 302
    assert not User.objects.filter(email="new.person@example.org").exists()
