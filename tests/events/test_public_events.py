"""Does the statement that is written once give the same edition as the ORM? And never a draft."""

import pytest

from events.domain.public_events import public_event
from events.models import Event
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_it_is_the_row_that_the_orm_reads():
    event = factories.make_event(min_age=11, max_age=25, safe_capacity=300)

    found = public_event(slug=event.slug)

    read = Event.objects.get(pk=event.pk)
    assert found == read
    assert {field.attname: getattr(found, field.attname) for field in Event._meta.concrete_fields} == {
        field.attname: getattr(read, field.attname) for field in Event._meta.concrete_fields
    }
    assert found._state.adding is False
    assert found.series == read.series


@pytest.mark.parametrize("status", ["closed", "cancelled", "published"])
def test_what_was_public_once_is_found(status):
    event = factories.make_event()
    Event.objects.filter(pk=event.pk).update(status=status)

    assert public_event(slug=event.slug).status == status


def test_a_draft_is_not_there():
    event = factories.make_event()
    Event.objects.filter(pk=event.pk).update(status="draft")

    with pytest.raises(Event.DoesNotExist):
        public_event(slug=event.slug)


def test_it_is_one_query(assert_statements):
    event = factories.make_event()

    with assert_statements(1):
        public_event(slug=event.slug)
