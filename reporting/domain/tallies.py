"""How is a large programme tallied? In one statement over the tickets that attended, each question a part of
it.

The database gathers the attended tickets once, narrow, and answers every question from them: no table is
made, nothing is written, and a small report costs one round trip. Each answer is a row of two whole numbers,
what is counted and how many there are, and lines, which only the digest has.
"""

import hashlib
import sys
from array import array
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

from django.db import connection, transaction

from people.boroughs import Borough
from reporting.domain.attended_rows import (
    BANDS,
    BOROUGHS,
    REGISTERED,
    Attended,
    Scope,
    Who,
    admitted_sql,
    listed,
    met_sql,
    quarter_sql,
    sql_moment,
    stream,
)

WORD = 44  # editions to a number of bits

# What a ticket is tallied by, in one number: a database groups a million numbers in a fraction of the time
# that it takes for seven columns. From the right: quarter hour since 1970 (22 bits, to 2089), borough (4),
# band (3), registered, adult of a group, has a person (1 each), whom it met (2), the edition's place in the
# scope.
QUARTER_BITS, TRAITS_BITS, RANK_FROM = 22, 7, 34
TRAITS = f"((t.kind >> {QUARTER_BITS}) & 127)"
BAND = "((t.kind >> 26) & 7)"
BOROUGH = "((t.kind >> 22) & 15)"
ADULT = "((t.kind >> 30) & 1)"
MET = "((t.kind >> 32) & 3)"
RANK = f"(t.kind >> {RANK_FROM})"
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

Row = tuple[int, int, bytes | str | None]


@dataclass(frozen=True)
class Question:
    """A SELECT of a row_sql from the gathered came t, or from the tables."""

    sql: str
    params: tuple = ()


def ask(scope: Scope, questions: dict[str, Question]) -> dict[str, list[Row]]:
    """The rows of each question by its name.

    One query; on PostgreSQL a second, for the memory to count in.
    """
    came, params = _came(scope)
    parts = []
    for place, question in enumerate(questions.values()):
        parts.append(f"SELECT {place}, q.* FROM ({question.sql}) AS q")
        params += question.params
    answers: dict[str, list[Row]] = {name: [] for name in questions}
    names = list(questions)
    postgres = connection.vendor == "postgresql"
    with transaction.atomic() if postgres else nullcontext():
        if postgres:
            # For this one question: a million persons in memory, no compiling, and tickets and admissions
            # read in one order from their indexes, which takes half of what hashing a million of them does.
            list(
                stream(
                    "SELECT set_config('work_mem', '256MB', true), set_config('jit', 'off', true), "
                    "set_config('enable_hashjoin', 'off', true), set_config('random_page_cost', '1.1', true)",
                    [],
                )
            )
        for place, *row in stream(f"WITH came AS MATERIALIZED ({came}) {' UNION ALL '.join(parts)}", params):
            answers[names[place]].append(tuple(row))
    return answers


def _came(scope: Scope) -> tuple[str, list]:
    """The admitted tickets that are not singled out: id, person_id, kind."""
    met, met_params = met_sql(scope)
    words, params = admitted_sql(scope)
    kind = (
        f"({_rank(scope)} << {RANK_FROM}) + (CAST({met} AS BIGINT) << 32) "
        "+ (CAST(CASE WHEN t.person_id IS NULL THEN 0 ELSE 1 END AS BIGINT) << 31) "
        f"+ (CASE WHEN t.is_adult_of_group THEN 1 ELSE 0 END << 30) + (({REGISTERED}) << 29) "
        f"+ (({_BAND_CODE}) << 26) + (({_BOROUGH_CODE}) << {QUARTER_BITS}) + {quarter_sql('a.admitted_at')}"
    )
    return f"SELECT t.id, t.person_id, {kind} AS kind {words}", [
        *met_params,
        sql_moment(scope.as_at),
        *params,
    ]


def _rank(scope: Scope) -> str:
    """The place of a ticket's edition among those of the scope, from 0; wide enough to be multiplied with."""
    whens = " ".join(f"WHEN {event} THEN {place}" for place, event in enumerate(scope.event_ids))
    return f"CAST(CASE t.event_id {whens} END AS BIGINT)" if whens else "CAST(0 AS BIGINT)"


def counts_sql(who: Who) -> str:
    """Who counts, as WHERE over the gathered t; Who.counts says the same in Python."""
    words = ["t.person_id IS NOT NULL", f"{BAND} IN ({_codes(BANDS, who.bands)})"]
    if who.region_only:
        words.append(f"{BOROUGH} IN ({_codes(BOROUGHS, _REGION)})")
    if who.young_only:
        words.append(f"{ADULT} = 0")
    if who.met:
        words.append(f"{MET} >= {who.met}")
    return " AND ".join(words)


def _codes(names: tuple[str, ...], some: frozenset[str]) -> str:
    """The places of some of the names, as SQL lists them; no number where there is none."""
    return ", ".join(str(place) for place, name in enumerate(names) if name in some) or "-1"


def row_sql(key: str, number: str, lines: str = "") -> str:
    """SELECT of one row of an answer, as both databases tell its types."""
    nothing = "CAST(NULL AS BYTEA)" if connection.vendor == "postgresql" else "NULL"
    return f"SELECT {key} AS key, {number} AS number, {lines or nothing} AS lines"


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


def kinds() -> Question:
    """All attended tickets by kind and quarter hour of admission."""
    return Question(f"{row_sql('t.kind', 'COUNT(*)')} FROM came t GROUP BY t.kind")


def cells_of(scope: Scope, rows: list[Row], special: list[Attended]) -> Iterator[Cell]:
    """What kinds() found, and the singled out."""
    for packed, number, _lines in rows:
        kind, quarter = divmod(packed, 1 << QUARTER_BITS)
        yield Cell(
            scope.events[kind >> 12].pk,
            bool(kind >> 9 & 1),
            BANDS[kind >> 4 & 7],
            BOROUGHS[kind & 15],
            bool(kind >> 8 & 1),
            bool(kind >> 7 & 1),
            quarter,
            number,
        )
    for one in special:
        yield Cell(
            one.event_id,
            one.person_id is not None,
            one.age_band,
            one.borough,
            one.is_adult_of_group,
            one.is_registered,
            one.quarter,
            1,
        )


def registered(scope: Scope) -> Question:
    """Tickets registered at the moment, by edition and band."""
    moment = sql_moment(scope.as_at)
    there = f"t.event_id IN ({listed(scope.event_ids)}) AND t.issued_at <= %s"
    return Question(
        f"{row_sql(f'({_rank(scope)} << 3) + {_BAND_CODE}', 'CAST(SUM(t.number) AS BIGINT)')} FROM ("
        f"SELECT t.event_id, t.age_band, COUNT(*) AS number FROM tickets_ticket t WHERE {there} "
        "AND t.state <> 'cancelled' GROUP BY t.event_id, t.age_band UNION ALL "
        "SELECT t.event_id, t.age_band, COUNT(*) FROM tickets_ticket t JOIN tickets_registration r "
        f"ON r.id = t.registration_id WHERE {there} AND t.state = 'cancelled' AND r.ended_at > %s "
        "GROUP BY t.event_id, t.age_band) AS t GROUP BY 1",
        (moment, moment, moment),
    )


def registered_of(scope: Scope, rows: list[Row]) -> dict[tuple[int, str], int]:
    """What registered() found: tickets by edition and band."""
    return {(scope.events[key >> 3].pk, BANDS[key & 7]): number for key, number, _lines in rows}


@dataclass(frozen=True, slots=True)
class People:
    """So many persons with the same first attendance (edition, band, borough),
    editions and furthest meeting."""

    first_event: int
    age_band: str
    borough: str
    met: int
    events: tuple[int, ...]
    number: int
    again: bool  # counted in a cell before; this one tells their further editions alone


def persons(scope: Scope, who: Who) -> list[Question]:
    """Persons who are not singled out, by their first attendance; a question for each WORD of editions.

    The first attendance of a person is the smallest of edition (8 bits), ticket (47), band and borough (8)
    packed in one number.
    """
    met = f"MAX({MET})" if scope.points or scope.doors else "0"
    whole = f"MIN(({RANK} << 55) + (t.id << 8) + {TRAITS})"
    first = "((p.first >> 55) << 8) + (p.first & 255)"
    key = row_sql(f"((({first}) << 2) + p.met << {WORD}) + p.bits", "COUNT(*)")
    return [
        Question(
            f"{key} FROM (SELECT {whole} AS first, {met} AS met, {_bits(start, scope)} AS bits FROM came t "
            f"WHERE {counts_sql(who)} GROUP BY t.person_id) AS p GROUP BY 1"
        )
        for start in range(0, len(scope.events), WORD)
    ]


def people_of(scope: Scope, words: list[list[Row]]) -> Iterator[People]:
    """What persons() found, over all words of editions."""
    for place, rows in enumerate(words):
        for packed, number, _lines in rows:
            key, bits = divmod(packed, 1 << WORD)
            first = key >> 2
            met = [event.pk for n, event in enumerate(scope.events[place * WORD :][:WORD]) if bits >> n & 1]
            yield People(
                first_event=scope.events[first >> 8].pk,
                age_band=BANDS[first >> 4 & 7],
                borough=BOROUGHS[first & 15],
                met=key & 3,
                events=tuple(met),
                number=number,
                again=place > 0,
            )


def _bits(start: int, scope: Scope) -> str:
    """At which of the editions of the word from start a person was, one bit each."""
    number = min(WORD, len(scope.events) - start)
    if connection.vendor == "postgresql" and number == len(scope.events):
        return f"BIT_OR(1::bigint << {RANK}::int)"
    if connection.vendor == "postgresql":
        inside = f"{RANK} BETWEEN {start} AND {start + number - 1}"
        return f"BIT_OR(CASE WHEN {inside} THEN 1::bigint << ({RANK} - {start})::int ELSE 0 END)"
    return " + ".join(f"(MAX({RANK} = {start + place}) << {place})" for place in range(number))


def lines() -> Question:
    """The attended tickets as far as erasure keeps them:
    each one number of eight bytes, by edition and chunk of ids."""
    line = (
        f"((t.id & {(1 << _CHUNK_BITS) - 1}) << {_PERSON_BITS + TRAITS_BITS + 1}) "
        f"+ (COALESCE(t.person_id, 0) << {TRAITS_BITS + 1}) + ({TRAITS} << 1) + {ADULT}"
    )
    postgres = connection.vendor == "postgresql"
    joined = f"STRING_AGG(INT8SEND({line}), ''::bytea)" if postgres else f"GROUP_CONCAT({line})"
    return Question(
        f"{row_sql(f'({RANK} << 47) + (t.id >> {_CHUNK_BITS})', '0', joined)} FROM came t GROUP BY 1"
    )


def digest_of(scope: Scope, rows: list[Row], special: list[Attended], used: list) -> str:
    """SHA-256 over what lines() found, in order, over the singled out, and over what else was used."""
    digest = hashlib.sha256(repr(used).encode())
    chunks = [(scope.events[key >> 47].pk, key & ((1 << 47) - 1), lines) for key, _number, lines in rows]
    for event, chunk, joined in sorted(chunks, key=lambda one: one[:2]):
        digest.update(f"|{event},{chunk}:".encode())
        digest.update(_in_order(joined or b""))
    for one in special:
        digest.update(
            f"|{one.ticket_id},{one.person_id or ''},{one.event_id},{one.age_band},{one.borough}"
            f"{',adult' if one.is_adult_of_group else ''}".encode()
        )
    return digest.hexdigest()


def _in_order(joined: bytes | str) -> bytes:
    """Numbers as the database joined them, smallest first, eight bytes each, the same on every machine."""
    if isinstance(joined, str):
        numbers = array("q", map(int, joined.split(",")))
    else:
        numbers = array("q", bytes(joined))
        if sys.byteorder == "little":
            numbers.byteswap()
    numbers = array("q", sorted(numbers))
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers.tobytes()
