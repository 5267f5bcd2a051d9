"""Which edition does the public ask for? Never a draft.

The statement is put together once, because each registration asks it: to put the same query together anew
costs the ORM ten times as long as the database takes to answer.
"""

from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from events.models import Event

_FIELDS = Event._meta.concrete_fields
_ANY = "?"  # stands for the slug in the statement; no slug has it


def public_event(*, slug: str) -> Event:
    """The published, closed or cancelled edition of this slug, without its venue and series. One query.

    :raises Event.DoesNotExist: there is none, or it is a draft
    """
    database = connections[DEFAULT_DB_ALIAS]
    sql, parameters, converters = _statement()
    with database.cursor() as cursor:
        cursor.execute(sql, [slug if one == _ANY else one for one in parameters])
        row = cursor.fetchone()
    if row is None:
        raise Event.DoesNotExist(slug)
    values = list(row)
    for place, column, convert in converters:
        values[place] = convert(values[place], column, database)
    return Event.from_db(DEFAULT_DB_ALIAS, [field.attname for field in _FIELDS], values)


@cache
def _statement() -> tuple[str, tuple, list[tuple[int, Any, Any]]]:
    """The queryset's own SQL and parameters; and for each column whose values need it, how they are read."""
    sql, parameters = Event.objects.public().filter(slug=_ANY).order_by().query.sql_with_params()
    database = connections[DEFAULT_DB_ALIAS]
    columns = [field.get_col(Event._meta.db_table) for field in _FIELDS]
    return (
        sql,
        parameters,
        [
            (place, column, convert)
            for place, column in enumerate(columns)
            for convert in database.ops.get_db_converters(column)
            + column.output_field.get_db_converters(database)
        ],
    )
