"""Which edition does the public ask for? Never a draft.

In SQL that is written once, because each registration asks it: building the same query anew costs the
ORM ten times as long as the database takes to answer.
"""

from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection

from events.models import Event

_FIELDS = Event._meta.concrete_fields
_COLUMNS = ", ".join(connection.ops.quote_name(str(field.column)) for field in _FIELDS)
_PUBLIC = f"SELECT {_COLUMNS} FROM events_event WHERE slug = %s AND status <> 'draft'"  # noqa: S608  our own columns


def public_edition(*, slug: str) -> Event:
    """The published, closed or cancelled edition of this slug, without its venue and series. One query.

    :raises Event.DoesNotExist: there is none, or it is a draft
    """
    with connection.cursor() as cursor:
        cursor.execute(_PUBLIC, [slug])
        row = cursor.fetchone()
    if row is None:
        raise Event.DoesNotExist(slug)
    values = list(row)
    for place, column, converters in _converters():
        for convert in converters:
            values[place] = convert(values[place], column, connection)
    return Event.from_db(DEFAULT_DB_ALIAS, [field.attname for field in _FIELDS], values)


@cache
def _converters() -> list[tuple[int, Any, list]]:
    """What the database's values have to pass: the place of the column, the column, and how."""
    columns = [field.get_col(Event._meta.db_table) for field in _FIELDS]
    found = [
        (
            place,
            column,
            connection.ops.get_db_converters(column) + column.output_field.get_db_converters(connection),
        )
        for place, column in enumerate(columns)
    ]
    return [one for one in found if one[2]]
