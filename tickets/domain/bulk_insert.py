"""How are the rows of a registration written? By one statement a table, put together once for each model.

The ORM puts every insert together anew, which takes it several times as long as the database takes to write
the row; in a rush that is where the time of a registration went (docs/performance.md).
"""

from collections.abc import Sequence
from functools import cache

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model


def insert_rows(*, rows: Sequence[Model], known_by: str = "") -> None:
    """Write new rows of one model in one statement; each is given its id. No signals, as with bulk_create.

    known_by: a unique column; a row that is there already keeps its id, which the given row then has.

    :raises IntegrityError: a constraint of the table refuses a row; none is written
    """
    fields, insert, one_row = _statement(type(rows[0]))
    kept = f" ON CONFLICT ({known_by}) DO UPDATE SET {known_by} = EXCLUDED.{known_by}" if known_by else ""
    database = connections[DEFAULT_DB_ALIAS]  # itself: each look through the proxy costs more than a value
    values = [field.get_db_prep_save(field.pre_save(row, True), database) for row in rows for field in fields]
    with database.cursor() as cursor:
        cursor.execute(f"{insert}{', '.join([one_row] * len(rows))}{kept} RETURNING id", values)
        ids = cursor.fetchall()
    for row, (pk,) in zip(rows, ids, strict=True):
        row.pk = pk
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS


@cache
def _statement(model: type[Model]) -> tuple[list, str, str]:
    """The fields in their order, the statement up to its values, and the place of one row's values."""
    fields = [field for field in model._meta.local_concrete_fields if not field.primary_key]
    name = connection.ops.quote_name
    columns = ", ".join(name(str(field.column)) for field in fields)
    return (
        fields,
        f"INSERT INTO {name(model._meta.db_table)} ({columns}) VALUES ",  # noqa: S608  our own columns
        f"({', '.join(['%s'] * len(fields))})",
    )
