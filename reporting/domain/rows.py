"""Which rows does a figure rest on? The tickets that attended, as known at a moment, tallied by the database.

A person who stands in a near match, or one of whose tickets was recorded by hand, is *singled out*: their
few rows are read and counted here in Python. Everybody else is counted by the database in one pass each, so
that a million rows cost a handful of grouped answers. Both ways follow the same rules.
"""

import hashlib
import sys
from array import array
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import connection, transaction

from events.boroughs import Borough
from events.models import Event
from reporting.models import AttendanceCorrection
from tickets.domain.people import AGE_BANDS
from tickets.models import DoorList

BANDS = (*(band for _, _, band in AGE_BANDS), "")  # the empty one: not known
BOROUGHS = tuple(Borough.values)
CAME = "reach_came"  # the temporary table of one report
WORD = 40  # editions to a number of bits

# What a ticket is tallied by, in one number: a database groups a million numbers in a fraction of the time that
# it takes for seven columns. From the right: quarter hour since 1970 (22 bits, to 2089), borough (4), band (3),
# registered, adult of a group, has a person (1 each), the edition's place in the scope.
QUARTER_BITS, TRAITS_BITS, RANK_FROM = 22, 7, 32
_TRAITS = f"((t.kind >> {QUARTER_BITS}) & 127)"
_BAND = "((t.kind >> 26) & 7)"
_BOROUGH = "((t.kind >> 22) & 15)"
_ADULT = "((t.kind >> 30) & 1)"
_RANK = f"(t.kind >> {RANK_FROM})"
# One attended ticket in the digest: 16 bits of its id, its person, traits and adult. The rest of the id is
# the chunk that the database hands over at once.
_CHUNK_BITS, _PERSON_BITS = 16, 35

_BAND_CODE = "CASE t.age_band " + " ".join(f"WHEN '{band}' THEN {place}" for place, band in enumerate(BANDS))
_BAND_CODE += f" ELSE {len(BANDS) - 1} END"
_BOROUGH_CODE = "CASE t.borough " + " ".join(
    f"WHEN '{name}' THEN {place}" for place, name in enumerate(BOROUGHS)
)
_BOROUGH_CODE += f" ELSE {BOROUGHS.index(Borough.NOT_KNOWN.value)} END"
_REGION = frozenset(BOROUGHS) - {Borough.ELSEWHERE.value, Borough.NOT_KNOWN.value}


@dataclass(frozen=True, slots=True)
class Attended:
    """One ticket that attended, as the counting rules see it: nothing that erasure takes away."""

    ticket_id: int
    person_id: int | None
    event_id: int
    age_band: str
    borough: str
    is_adult_of_group: bool
    is_registered: bool
    quarter: int | None  # quarter hours since 1970 of the admission; None: by hand alone


@dataclass(frozen=True)
class Scope:
    """The editions and the moment that a report speaks of, with what was recorded by hand."""

    events: list[Event]
    as_at: datetime
    entrances: list[int]
    by_hand: dict[int, str] = field(default_factory=dict)

    @property
    def event_ids(self) -> list[int]:
        return [event.pk for event in self.events]


@dataclass(frozen=True)
class Who:
    """Who counts: in SQL over the gathered t, and the same in Python. params belong to the SQL."""

    bands: frozenset[str]
    region_only: bool = False
    young_only: bool = False
    tickets_sql: str = ""  # a sub-select of ticket ids, or empty
    tickets_params: tuple = ()
    tickets: frozenset[int] | None = None  # the same for the singled out

    def sql(self) -> tuple[str, list]:
        words = [f"{_BAND} IN ({_codes(BANDS, self.bands)})"]
        if self.region_only:
            words.append(f"{_BOROUGH} IN ({_codes(BOROUGHS, _REGION)})")
        if self.young_only:
            words.append(f"{_ADULT} = 0")
        if self.tickets_sql:
            words.append(f"t.id IN ({self.tickets_sql})")
        return " AND ".join(words), [*self.tickets_params]

    def counts(self, one: Attended) -> bool:
        if one.person_id is None or one.age_band not in self.bands:
            return False
        if self.region_only and one.borough in {Borough.ELSEWHERE, Borough.NOT_KNOWN}:
            return False
        if self.young_only and one.is_adult_of_group:
            return False
        return self.tickets is None or one.ticket_id in self.tickets


@contextmanager
def gathered(scope: Scope) -> Iterator[None]:
    """Gather the admitted tickets that are not singled out once, in a narrow table of this connection alone.

    Every tally then reads it instead of joining admissions to tickets again. PostgreSQL gets the memory to
    count a million persons, for this one report.
    """
    words, params = _admitted(scope)
    ranks, rank_params = _ranks(scope)
    kind = (
        f"({ranks} << {RANK_FROM}) + (CAST(CASE WHEN t.person_id IS NULL THEN 0 ELSE 1 END AS BIGINT) << 31) "
        f"+ (CASE WHEN t.is_adult_of_group THEN 1 ELSE 0 END << 30) + (({_REGISTERED}) << 29) "
        f"+ (({_BAND_CODE}) << 26) + (({_BOROUGH_CODE}) << {QUARTER_BITS}) + {_quarter('a.admitted_at')}"
    )
    columns = f"SELECT t.id, t.person_id, t.registration_id, {kind} AS kind"
    all_params = [*rank_params, sql_moment(scope.as_at), *params]
    postgres = connection.vendor == "postgresql"
    if postgres:  # a join instead of look-ups: only then do its workers share the work
        columns = columns.replace(
            _REGISTERED, "CASE WHEN t.state <> 'cancelled' OR r.id IS NOT NULL THEN 1 ELSE 0 END"
        )
        words = words.replace(
            " WHERE a.",
            " LEFT JOIN tickets_registration r ON r.id = t.registration_id AND r.ended_at > %s WHERE a.",
            1,
        )
    with transaction.atomic() if postgres else nullcontext():
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {CAME}")
            if postgres:
                cursor.execute("SET LOCAL work_mem = '256MB'")
                cursor.execute("SET LOCAL jit = off")
                cursor.execute(
                    "SET LOCAL enable_sort = off"
                )  # it knows no statistics here and would not hash
                cursor.execute(f"CREATE TEMPORARY TABLE {CAME} AS {columns} {words}", all_params)
            else:
                # The id is the row's own number here: who met an employer is looked up by it.
                cursor.execute(
                    f"CREATE TEMPORARY TABLE {CAME} (id INTEGER PRIMARY KEY, person_id, registration_id, kind)"
                )
                cursor.execute(f"INSERT INTO {CAME} {columns} {words}", all_params)
        yield
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {CAME}")


def scope_of(*, events: list[Event], as_at: datetime) -> Scope:
    """Two queries."""
    entrances = DoorList.objects.filter(event__in=events, session__isnull=True).values_list("pk", flat=True)
    corrections = (
        AttendanceCorrection.objects.filter(ticket__event__in=events, recorded_at__lte=as_at)
        .order_by("recorded_at", "pk")
        .values_list("ticket_id", "attendance")
    )
    return Scope(events, as_at, list(entrances), dict(corrections))


def attended_sql() -> str:
    """FROM and WHERE of the gathered tickets t."""
    return f"FROM {CAME} t WHERE t.id IS NOT NULL"


def _admitted(scope: Scope, *, singled_out: bool = False) -> tuple[str, list]:
    """FROM and WHERE of the admitted tickets t with admission a; the singled out, or all others."""
    moment = sql_moment(scope.as_at)
    special, special_params = _singled_out(scope)
    entrances = scope.entrances or [0]
    words = (
        "FROM tickets_admission a JOIN tickets_ticket t ON t.id = a.ticket_id "
        f"WHERE a.door_list_id IN ({_marks(entrances)}) AND a.recorded_at <= %s "
        "AND (a.ended_at IS NULL OR a.ended_at > %s)"
    )
    params = [*entrances, moment, moment]
    if singled_out:
        words += f" AND t.id IN (SELECT s.id FROM tickets_ticket s WHERE s.person_id IN ({special}) UNION {_corrected()})"
    else:
        words += (
            f" AND (t.person_id IS NULL OR t.person_id NOT IN ({special})) AND t.id NOT IN ({_corrected()})"
        )
    return words, [*params, *special_params, moment]


def singled_out_rows(scope: Scope) -> list[Attended]:
    """The attended tickets of everybody who is counted one by one. Two queries."""
    words, params = _admitted(scope, singled_out=True)
    came = AttendanceCorrection.Attendance.CAME
    moment = sql_moment(scope.as_at)
    rows = {
        row[0]: _attended(row)
        for row in _rows(f"{_COLUMNS}, {_quarter('a.admitted_at')} {words}", [moment, *params])
        if scope.by_hand.get(row[0], came) == came
    }
    by_hand = [ticket for ticket, attendance in scope.by_hand.items() if attendance == came]
    missing = [ticket for ticket in by_hand if ticket not in rows]
    for start in range(0, len(missing), 5_000):
        ids = ", ".join(str(int(ticket)) for ticket in missing[start : start + 5_000])
        found = _rows(f"{_COLUMNS}, NULL FROM tickets_ticket t WHERE t.id IN ({ids})", [moment])
        rows |= {row[0]: _attended(row) for row in found}
    return [rows[key] for key in sorted(rows)]


def _attended(row: tuple) -> Attended:
    ticket, person, event, band, borough, adult, registered, quarter = row
    return Attended(ticket, person, event, band, borough, bool(adult), bool(registered), quarter)


@dataclass(frozen=True, slots=True)
class Cell:
    """So many attended tickets of one kind; quarter: quarter hours since 1970, None: by hand."""

    event_id: int
    has_person: bool
    age_band: str
    borough: str
    is_adult_of_group: bool
    is_registered: bool
    quarter: int | None
    number: int


def attended_cells(scope: Scope, special: list[Attended]) -> Iterator[Cell]:
    """All attended tickets, tallied by kind and quarter hour of admission. One query."""
    for packed, number in _rows(f"SELECT t.kind, COUNT(*) FROM {CAME} t GROUP BY t.kind", []):
        kind, quarter = divmod(packed, 1 << QUARTER_BITS)
        yield Cell(
            scope.events[kind >> 10].pk, bool(kind >> 9 & 1), BANDS[kind >> 4 & 7], BOROUGHS[kind & 15],
            bool(kind >> 8 & 1), bool(kind >> 7 & 1), quarter, number,
        )  # fmt: skip
    for one in special:
        yield Cell(
            one.event_id, one.person_id is not None, one.age_band, one.borough, one.is_adult_of_group,
            one.is_registered, one.quarter, 1,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class People:
    """So many persons with the same first attendance (edition, band, borough) and the same editions."""

    first_event: int
    age_band: str
    borough: str
    events: tuple[int, ...]
    number: int


def people_cells(scope: Scope, who: Who) -> list[People]:
    """Persons who are not singled out, tallied by their first attendance. One query.

    The first attendance of a person is the smallest of edition (8 bits), ticket (47), band and borough (8)
    packed in one number.
    """
    if not scope.events:
        return []
    counts, count_params = who.sql()
    words = [scope.events[start : start + WORD] for start in range(0, len(scope.events), WORD)]
    names = [f"w{place}" for place in range(len(words))]
    bits = ", ".join(_bits(place * WORD, len(word)) for place, word in enumerate(words))
    rows = _rows(
        f"WITH p (packed, {', '.join(names)}) AS (SELECT MIN(({_RANK} << 55) + (t.id << 8) + {_TRAITS}), {bits} "
        f"{attended_sql()} AND t.person_id IS NOT NULL AND {counts} GROUP BY t.person_id) "
        f"SELECT ((packed >> 55) << 8) + (packed & 255) AS first, COUNT(*), {', '.join(names)} "
        f"FROM p GROUP BY 1, {', '.join(names)}",
        count_params,
    )
    return [
        People(
            first_event=scope.events[first >> 8].pk,
            age_band=BANDS[first >> 4 & 7],
            borough=BOROUGHS[first & 15],
            events=tuple(
                event.pk for place, event in enumerate(scope.events) if met[place // WORD] >> place % WORD & 1
            ),
            number=number,
        )
        for first, number, *met in rows
    ]


def _bits(start: int, number: int) -> str:
    """At which of so many editions from start a person was, one bit each."""
    if connection.vendor == "postgresql":
        inside = f"{_RANK} BETWEEN {start} AND {start + number - 1}"
        return f"BIT_OR(CASE WHEN {inside} THEN 1::bigint << ({_RANK} - {start})::int ELSE 0 END)"
    return " + ".join(f"(MAX({_RANK} = {start + place}) << {place})" for place in range(number))


def rows_digest(scope: Scope, special: list[Attended], used: list) -> str:
    """SHA-256 over the attended tickets as far as erasure keeps them, in order, and over what else was used.

    One query. Each ticket is one number of eight bytes; edition and chunk of ids stand before theirs.
    """
    digest = hashlib.sha256(repr(used).encode())
    line = (
        f"((t.id & {(1 << _CHUNK_BITS) - 1}) << {_PERSON_BITS + TRAITS_BITS + 1}) "
        f"+ (COALESCE(t.person_id, 0) << {TRAITS_BITS + 1}) + ({_TRAITS} << 1) + {_ADULT}"
    )
    postgres = connection.vendor == "postgresql"
    joined = f"STRING_AGG(INT8SEND({line}), ''::bytea)" if postgres else f"GROUP_CONCAT({line})"
    rows = _rows(
        f"SELECT {_RANK} AS rank, t.id >> {_CHUNK_BITS} AS chunk, {joined} {attended_sql()} GROUP BY 1, 2", []
    )
    chunks = sorted(
        ((scope.events[rank].pk, chunk, lines) for rank, chunk, lines in rows), key=lambda c: c[:2]
    )
    for event, chunk, lines in chunks:
        digest.update(f"|{event},{chunk}:".encode())
        digest.update(_in_order(lines))
    for one in special:
        digest.update(
            f"|{one.ticket_id},{one.person_id or ''},{one.event_id},{one.age_band},{one.borough}"
            f"{',adult' if one.is_adult_of_group else ''}".encode()
        )
    return digest.hexdigest()


def _in_order(lines: bytes | str) -> bytes:
    """Numbers as the database joined them, smallest first, eight bytes each, the same on every machine."""
    if isinstance(lines, str):
        numbers = array("q", map(int, lines.split(",")))
    else:
        numbers = array("q", bytes(lines))
        if sys.byteorder == "little":
            numbers.byteswap()
    numbers = array("q", sorted(numbers))
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers.tobytes()


def registered_cells(scope: Scope) -> dict[tuple[int, str], int]:
    """Tickets registered at the moment, by edition and band. One query."""
    if not scope.events:
        return {}
    moment = sql_moment(scope.as_at)
    words = f"t.event_id IN ({_marks(scope.events)}) AND t.issued_at <= %s"
    rows = _rows(
        f"SELECT t.event_id, t.age_band, COUNT(*) FROM tickets_ticket t WHERE {words} AND t.state <> 'cancelled' "
        "GROUP BY 1, 2 UNION ALL SELECT t.event_id, t.age_band, COUNT(*) FROM tickets_ticket t "
        f"JOIN tickets_registration r ON r.id = t.registration_id WHERE {words} AND t.state = 'cancelled' "
        "AND r.ended_at > %s GROUP BY 1, 2",
        [*scope.event_ids, moment, *scope.event_ids, moment, moment],
    )
    found: Counter = Counter()
    for event, band, number in rows:
        found[event, band if band in BANDS else ""] += number
    return dict(found)


def sql_moment(moment: datetime):
    """A moment as the database compares it in raw SQL."""
    return connection.ops.adapt_datetimefield_value(moment.astimezone(UTC))


def fetch(sql: str, params: list) -> list[tuple]:
    return list(_rows(sql, params))


# 1 where the ticket was registered at the moment: not cancelled, or its registration ended later.
_REGISTERED = (
    "CASE WHEN t.state <> 'cancelled' THEN 1 ELSE COALESCE((SELECT 1 FROM tickets_registration r "
    "WHERE r.id = t.registration_id AND r.ended_at > %s), 0) END"
)
_COLUMNS = "SELECT t.id, t.person_id, t.event_id, t.age_band, t.borough, t.is_adult_of_group, " + _REGISTERED


def _singled_out(scope: Scope) -> tuple[str, list]:
    moment = sql_moment(scope.as_at)
    return (
        "SELECT first_id FROM reporting_nearmatch WHERE found_at <= %s UNION "
        "SELECT second_id FROM reporting_nearmatch WHERE found_at <= %s UNION "
        "SELECT h.person_id FROM reporting_attendancecorrection c JOIN tickets_ticket h ON h.id = c.ticket_id "
        "WHERE c.recorded_at <= %s AND h.person_id IS NOT NULL",
        [moment, moment, moment],
    )


def _corrected() -> str:
    return "SELECT ticket_id FROM reporting_attendancecorrection WHERE recorded_at <= %s"


def _ranks(scope: Scope) -> tuple[str, list]:
    """The place of a ticket's edition among those of the scope, from 0; wide enough to be multiplied with."""
    if not scope.events:
        return "CAST(0 AS BIGINT)", []
    whens = " ".join("WHEN %s THEN %s" for _ in scope.events)
    return f"CAST(CASE t.event_id {whens} END AS BIGINT)", [
        v for place, event in enumerate(scope.events) for v in (event.pk, place)
    ]


def _quarter(column: str) -> str:
    """Quarter hours since 1970 of a moment."""
    if connection.vendor == "postgresql":
        return f"CAST(FLOOR(EXTRACT(EPOCH FROM {column}) / 900) AS BIGINT)"
    return f"CAST(STRFTIME('%%s', {column}) AS INTEGER) / 900"


def _codes(names: tuple[str, ...], some: frozenset[str]) -> str:
    """The places of some of the names, as SQL lists them; no number where there is none."""
    return ", ".join(str(place) for place, name in enumerate(names) if name in some) or "-1"


def _marks(values) -> str:
    return ", ".join(["%s"] * len(values))


def _rows(sql: str, params: list) -> Iterator[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while some := cursor.fetchmany(5_000):
            yield from some
