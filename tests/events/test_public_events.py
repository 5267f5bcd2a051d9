"""Does the statement that is written once give the same edition as the ORM? And never a draft."""

import pytest

from events.domain.public_events import public_edition
from events.models import Event
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_it_is_the_row_that_the_orm_reads():
    edition = factories.make_edition(min_age=11, max_age=25, safe_capacity=300)

    found = public_edition(slug=edition.slug)

    read = Event.objects.get(pk=edition.pk)
    assert found == read
    assert {field.attname: getattr(found, field.attname) for field in Event._meta.concrete_fields} == {
        field.attname: getattr(read, field.attname) for field in Event._meta.concrete_fields
    }
    assert found._state.adding is False
    assert found.series == read.series


@pytest.mark.parametrize("status", ["closed", "cancelled", "published"])
def test_what_was_public_once_is_found(status):
    edition = factories.make_edition()
    Event.objects.filter(pk=edition.pk).update(status=status)

    assert public_edition(slug=edition.slug).status == status


def test_a_draft_is_not_there():
    edition = factories.make_edition()
    Event.objects.filter(pk=edition.pk).update(status="draft")

    with pytest.raises(Event.DoesNotExist):
        public_edition(slug=edition.slug)


def test_it_is_one_query(assert_statements):
    edition = factories.make_edition()

    with assert_statements(1):
        public_edition(slug=edition.slug)
