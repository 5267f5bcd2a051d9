"""Who sees whom to call, and is it kept?"""

import pytest

from door.domain import pins, welfare_contacts
from door.models import ContactOpened
from foundation.refusals import InvalidInput
from tests import factories
from tests.door.factories import TEN, code_of

pytestmark = pytest.mark.django_db


def test_welfare_opens_a_contact_for_a_reason_that_is_kept(event, welfare):
    child = factories.sign_up(event, "Cleo Child", age=14)

    contact = welfare_contacts.open_contact(device=welfare, code=code_of(child), reason="Feels ill", now=TEN)

    assert (contact.name, contact.phone, contact.relation) == ("Gail Guardian", "01632 960 010", "guardian")
    opened = ContactOpened.objects.get()
    assert (opened.ticket, opened.device, opened.reason) == (child, welfare, "Feels ill")


def test_contact_needs_the_role_a_reason_and_a_ticket_of_this_event(event, supervisor, welfare):
    child = factories.sign_up(event, "Cleo Child", age=14)
    foreign = factories.sign_up(factories.make_event("other"), "Fay Foreign", age=14)

    with pytest.raises(pins.NotGranted):
        welfare_contacts.open_contact(device=supervisor, code=code_of(child), reason="Feels ill", now=TEN)
    with pytest.raises(InvalidInput):
        welfare_contacts.open_contact(device=welfare, code=code_of(child), reason=" ", now=TEN)
    with pytest.raises(welfare_contacts.NoContact):
        welfare_contacts.open_contact(device=welfare, code=code_of(foreign), reason="Feels ill", now=TEN)
    assert not ContactOpened.objects.exists()
