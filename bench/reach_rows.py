"""Which rows does a large programme have? Written by the database itself from a series of numbers.

Editions lie one after the other, as in life: their tickets stand together, and people arrive in another order
than they registered. Seven persons for ten tickets, so that three in ten come again to another edition.
"""

from datetime import datetime, timedelta

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models.fields import NOT_PROVIDED
from django.utils import timezone

from door.models import DoorList
from events.models import Event
from reporting.models import Target
from tests import factories

EVENTS = 4
APART = timedelta(days=90)
STRIDE = 7_919  # a prime: every STRIDE-th ticket of an edition arrives next

BANDS = ("11-13", "14-15", "16-17", "18", "19-24", "26-plus")
BOROUGHS = ("halton", "knowsley", "liverpool", "sefton", "st-helens", "wirral", "elsewhere")


class Sql:
    """The words in which both databases make a row of the number i, from 1 to size."""

    def __init__(self, *, size: int, first: datetime) -> None:
        self.postgres = connection.vendor == "postgresql"
        self.size, self.first = size, first
        self.block = size // EVENTS
        self.people = size * 7 // 10 | 1  # odd, so that a person comes again to another edition
        self.event = f"((i - 1) / {self.block})"

    @property
    def blob(self) -> str:
        if self.postgres:
            return "decode(lpad(CAST(i AS TEXT), 16, '0'), 'escape')"
        return "CAST(printf('%016d', i) AS BLOB)"

    @property
    def uuid(self) -> str:
        return "CAST(lpad(to_hex(i), 32, '0') AS UUID)" if self.postgres else "printf('%032x', i)"

    @property
    def no(self) -> str:
        return "FALSE" if self.postgres else "0"

    @property
    def yes(self) -> str:
        return "TRUE" if self.postgres else "1"

    @property
    def moment(self) -> str:
        """Within two and a half hours of the edition's first day."""
        first = f"{self.first:%Y-%m-%d %H:%M:%S}"
        if self.postgres:
            return (
                f"TIMESTAMPTZ '{first}+00' + {self.event} * INTERVAL '{APART.days} days' "
                "+ (i % 9000) * INTERVAL '1 second'"
            )
        seconds = int(APART.total_seconds())
        return f"datetime('{first}', '+' || ({self.event} * {seconds} + i % 9000) || ' seconds')"

    @property
    def ticket(self) -> str:
        """Whose ticket is the i-th to arrive."""
        return f"{self.event} * {self.block} + ((i - 1) % {self.block} * {STRIDE}) % {self.block} + 1"

    def of_event(self, ids: list[int]) -> str:
        return f"CASE {self.event} " + " ".join(f"WHEN {n} THEN {pk}" for n, pk in enumerate(ids)) + " END"

    def one_of(self, names: tuple[str, ...]) -> str:
        return (
            f"CASE i % {len(names)} "
            + " ".join(f"WHEN {n} THEN '{one}'" for n, one in enumerate(names))
            + " END"
        )

    def insert(self, app: str, model: str, columns: dict[str, str], count: int) -> None:
        table = apps.get_model(app, model)._meta.db_table
        columns = _defaults(app, model) | columns
        names, values = ", ".join(columns), ", ".join(columns.values())
        numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
        with connection.cursor() as cursor:
            if self.postgres:
                cursor.execute(f"{numbers} INSERT INTO {table} ({names}) SELECT {values} FROM n")
            else:
                cursor.execute(f"INSERT INTO {table} ({names}) {numbers} SELECT {values} FROM n")


def fill(size: int) -> None:
    """Tickets, check-ins and admissions: size of each, over EDITIONS editions."""
    call_command("migrate", verbosity=0)
    first = timezone.now() - timedelta(days=400)
    events, lists = _editions(first, size)
    sql = Sql(size=size, first=first)
    _tickets(sql, events)
    _door(sql, events, lists)
    with connection.cursor() as cursor:
        # What autovacuum does on PostgreSQL within a minute of such a day.
        cursor.execute("VACUUM ANALYZE" if sql.postgres else "ANALYZE")


def _editions(first: datetime, size: int) -> tuple[list[int], list[int]]:
    series = factories.make_series()
    events, lists = [], []
    for number in range(EVENTS):
        event = factories.make_event(
            f"edition-{number}",
            title=f"Edition {number}",
            starts_at=first + APART * number,
            capacity=size,
            status=Event.Status.CLOSED,
        )
        events.append(event.pk)
        lists.append(DoorList.objects.create(event=event).pk)
    for slug, rung in (("showcase-reach", "reached"), ("cornerstone-engaged", "engaged")):
        Target.objects.create(
            slug=slug,
            title=slug,
            rung=rung,
            goal=500,
            series=series,
            due_date=timezone.now().date(),
            min_age=11 if rung == "reached" else None,
            max_age=25 if rung == "reached" else None,
        )
    return events, lists


def _tickets(sql: Sql, events: list[int]) -> None:
    event = sql.of_event(events)
    sql.insert("people", "Person", {"id": "i", "created_at": sql.moment}, sql.people)
    sql.insert(
        "tickets",
        "Registration",
        {
            "id": "i",
            "event_id": event,
            "reference": "'R' || i",
            "kind": "'individual'",
            "state": "'confirmed'",
            "source": "'form'",
            "adults": "0",
            "owner_fingerprint": sql.blob,
            "owner_generation": "1",
            "created_at": sql.moment,
        },
        sql.size,
    )
    sql.insert(
        "tickets",
        "Ticket",
        {
            "id": "i",
            "registration_id": "i",
            "event_id": event,
            "serial": "i",
            "generation": "1",
            "fingerprint": sql.blob,
            "short_fingerprint": sql.blob,
            "person_id": f"(i - 1) % {sql.people} + 1",
            "age_band": sql.one_of(BANDS),
            "borough": sql.one_of(BOROUGHS),
            "is_adult_of_group": sql.no,
            "no_photos": sql.yes,
            "may_leave_alone": sql.no,
            "state": "'valid'",
            "issued_at": sql.moment,
            "changed_at": sql.moment,
        },
        sql.size,
    )


def _door(sql: Sql, events: list[int], lists: list[int]) -> None:
    door_list = sql.of_event(lists)
    sql.insert(
        "door",
        "CheckIn",
        {
            "id": "i",
            "scan_id": sql.uuid,
            "event_id": sql.of_event(events),
            "door_list_id": door_list,
            "ticket_id": sql.ticket,
            "direction": "'entry'",
            "verdict": "'admitted'",
            "scanned_at": sql.moment,
            "happened_at": sql.moment,
            "recorded_at": sql.moment,
            "is_practice": sql.no,
            "is_quarantined": sql.no,
        },
        sql.size,
    )
    sql.insert(
        "door",
        "Admission",
        {
            "id": "i",
            "ticket_id": sql.ticket,
            "door_list_id": door_list,
            "check_in_id": "i",
            "admitted_at": sql.moment,
            "is_inside": sql.yes,
            "last_at": sql.moment,
            "recorded_at": sql.moment,
            "changed_at": sql.moment,
        },
        sql.size,
    )


def _defaults(app: str, name: str) -> dict[str, str]:
    """Columns that are not written: their default, or an empty text, where they must hold something."""
    found = {}
    for field in apps.get_model(app, name)._meta.concrete_fields:
        if field.null or field.primary_key or field.is_relation:
            continue
        if field.default is not NOT_PROVIDED and not callable(field.default):
            value = getattr(field.default, "value", field.default)
            found[field.column] = str(value).upper() if isinstance(value, bool) else repr(value)
        elif field.empty_strings_allowed:
            found[field.column] = "''"
    return found
