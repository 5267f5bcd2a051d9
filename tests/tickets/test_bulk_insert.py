"""Does the insert that is put together once write what the ORM would write?"""

import pytest
from django.db import IntegrityError, transaction

from people.models import Person
from tests import factories
from tickets.domain.bulk_insert import insert_rows
from tickets.models import Registration, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def a_registration(event, noon, reference):
    return Registration(
        event=event,
        reference=reference,
        lead_name="Ana Ng",
        lead_email="ana@example.org",
        owner_fingerprint=reference.encode().ljust(16),
        created_at=noon,
    )


def values_of(row):
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: bytes(one) if isinstance(one, memoryview) else one for name, one in values.items()}


def test_each_row_is_in_the_table_as_it_was_given(event, noon):
    rows = [a_registration(event, noon, f"ABC{number}") for number in range(3)]

    insert_rows(rows=rows)

    assert [values_of(row) for row in rows] == [
        values_of(Registration.objects.get(reference=row.reference)) for row in rows
    ]
    rows[0].lead_name = "Ana-Maria Ng"
    rows[0].save()
    assert Registration.objects.count() == 3


def test_it_is_one_statement_however_many_rows(event, noon, assert_statements):
    with assert_statements(1):
        insert_rows(rows=[a_registration(event, noon, f"ABC{number}") for number in range(20)])


def test_a_known_person_keeps_the_id(noon):
    known = Person.objects.create(digest=b"k" * 32, created_at=noon)
    rows = [Person(digest=b"n" * 32, created_at=noon), Person(digest=b"k" * 32, created_at=noon)]

    insert_rows(rows=rows, known_by="digest")

    assert rows[1].pk == known.pk
    assert Person.objects.get(digest=b"n" * 32).pk == rows[0].pk
    assert Person.objects.count() == 2


def test_a_row_that_breaks_a_constraint_is_refused_with_all_the_others(event, noon):
    ticket = factories.sign_up(event, now=noon)
    twice = Ticket(
        registration=ticket.registration,
        event=event,
        serial=ticket.serial,
        fingerprint=b"x" * 16,
        short_fingerprint=b"x" * 16,
        age_band="19-25",
        issued_at=noon,
        changed_at=noon,
    )
    other = Ticket(
        registration=ticket.registration,
        event=event,
        serial=ticket.serial + 1,
        fingerprint=b"y" * 16,
        short_fingerprint=b"y" * 16,
        age_band="19-25",
        issued_at=noon,
        changed_at=noon,
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(rows=[other, twice])

    assert Ticket.objects.count() == 1
