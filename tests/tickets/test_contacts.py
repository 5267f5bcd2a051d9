"""Who sees whom to call, and is it kept?"""

import pytest

from events.domain.refusals import InvalidInput
from tests import cast
from tests.tickets.door_cast import TEN, code_of
from tickets.domain import contacts, pins
from tickets.models import (
    ContactOpened,
)

pytestmark = pytest.mark.django_db


def test_welfare_opens_a_contact_for_a_reason_that_is_kept(edition, welfare):
    child = cast.sign_up(edition, "Cleo Child", age=14)

    contact = contacts.open_contact(device=welfare, code=code_of(child), reason="Feels ill", now=TEN)

    assert (contact.name, contact.phone, contact.relation) == ("Gail Guardian", "01632 960 010", "guardian")
    opened = ContactOpened.objects.get()
    assert (opened.ticket, opened.device, opened.reason) == (child, welfare, "Feels ill")


def test_contact_needs_the_role_a_reason_and_a_ticket_of_this_event(edition, supervisor, welfare):
    child = cast.sign_up(edition, "Cleo Child", age=14)
    foreign = cast.sign_up(cast.make_edition("other"), "Fay Foreign", age=14)

    with pytest.raises(pins.NotGranted):
        contacts.open_contact(device=supervisor, code=code_of(child), reason="Feels ill", now=TEN)
    with pytest.raises(InvalidInput):
        contacts.open_contact(device=welfare, code=code_of(child), reason=" ", now=TEN)
    with pytest.raises(contacts.NoContact):
        contacts.open_contact(device=welfare, code=code_of(foreign), reason="Feels ill", now=TEN)
    assert not ContactOpened.objects.exists()
