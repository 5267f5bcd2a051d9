"""Which rows does a figure rest on? The tickets that attended, as known at a moment.

A person who stands in a near match, or one of whose tickets was recorded by hand, is *singled out*: their
few rows are read and counted one by one in Python. Everybody else is tallied by the database (tallies.py), so
that a million rows cost a handful of grouped answers. Both ways follow the same rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from django.db import connection

from door.models import DoorList
from events.models import Event, Session
from people.boroughs import Borough
from people.domain.age_bands import AGE_BANDS
from reporting.models import AttendanceCorrection
from tickets.models import MeetingPoint

BANDS = (*(band for _, _, band in AGE_BANDS), "")  # the empty one: not known
BOROUGHS = tuple(Borough.values)

# Whom a ticket met, each step within the one before it; 0 for nobody.
MET_ANYTHING, MET_EMPLOYER, MET_MEANINGFULLY = 1, 2, 3


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
    met: int
    quarter: int | None  # quarter hours since 1970 of the admission; None: by hand alone


@dataclass(frozen=True)
class Scope:
    """The editions and the moment that a report speaks of, where people met, and what was recorded by hand.

    entrances: ids of the editions' own door lists. points and doors: ids of meeting points and of sessions'
    door lists, by the step (MET_...) that a meeting there reaches.
    """

    events: list[Event]
    as_at: datetime
    entrances: list[int]
    points: dict[int, list[int]]
    doors: dict[int, list[int]]
    by_hand: dict[int, str] = field(default_factory=dict)

    @property
    def event_ids(self) -> list[int]:
        return [event.pk for event in self.events]


@dataclass(frozen=True)
class Who:
    """Who counts: tickets of these bands, of residents, of young people, that met somebody (MET_...)."""

    bands: frozenset[str]
    region_only: bool = False
    young_only: bool = False
    met: int = 0

    def counts(self, one: Attended) -> bool:
        """The rule for one of the singled out; tallies.py says the same in SQL."""
        if one.person_id is None or one.age_band not in self.bands:
            return False
        if self.region_only and one.borough in {Borough.ELSEWHERE, Borough.NOT_KNOWN}:
            return False
        if self.young_only and one.is_adult_of_group:
            return False
        return one.met >= self.met


def scope_of(*, events: list[Event], as_at: datetime) -> Scope:
    """Four queries."""
    entrances: list[int] = []
    points: dict[int, list[int]] = {}
    doors: dict[int, list[int]] = {}
    steps = _steps(events)
    for pk, session in DoorList.objects.filter(event__in=events).values_list("pk", "session"):
        if session is None:
            entrances.append(pk)
        else:
            doors.setdefault(steps.get(session, MET_ANYTHING), []).append(pk)
    for pk, session, stand in MeetingPoint.objects.filter(event__in=events).values_list(
        "pk", "session", "exhibitor"
    ):
        step = MET_EMPLOYER if stand else steps.get(session, MET_ANYTHING)
        points.setdefault(step, []).append(pk)
    corrections = (
        AttendanceCorrection.objects.filter(ticket__event__in=events, recorded_at__lte=as_at)
        .order_by("recorded_at", "pk")
        .values_list("ticket_id", "attendance")
    )
    return Scope(events, as_at, entrances, points, doors, dict(corrections))


def _steps(events: list[Event]) -> dict[int, int]:
    """The step that taking part in a session reaches, by session; those without an employer are left out."""
    sessions = Session.objects.filter(event__in=events, exhibitors__isnull=False).values_list(
        "pk", "purpose_shared", "outcomes_fitted", "two_way", "time_to_reflect"
    )
    return {pk: MET_MEANINGFULLY if all(tests) else MET_EMPLOYER for pk, *tests in sessions}


def admitted_sql(scope: Scope, *, singled_out: bool = False) -> tuple[str, list]:
    """FROM and WHERE of the admitted tickets t with admission a; the singled out, or all others."""
    moment = sql_moment(scope.as_at)
    special, special_params = _singled_out(scope)
    words = (
        "FROM door_admission a JOIN tickets_ticket t ON t.id = a.ticket_id "
        f"WHERE a.door_list_id IN ({listed(scope.entrances)}) AND a.recorded_at <= %s "
        "AND (a.ended_at IS NULL OR a.ended_at > %s)"
    )
    words += (
        f" AND t.id {'IN' if singled_out else 'NOT IN'} "
        f"(SELECT s.id FROM tickets_ticket s WHERE s.person_id IN ({special}) UNION "
        "SELECT ticket_id FROM reporting_attendancecorrection WHERE recorded_at <= %s)"
    )
    return words, [moment, moment, *special_params, moment]


def singled_out_rows(scope: Scope) -> list[Attended]:
    """The attended tickets of everybody who is counted one by one.

    One query, two where some came by hand alone.
    """
    words, params = admitted_sql(scope, singled_out=True)
    came = AttendanceCorrection.Attendance.CAME
    met, met_params = met_sql(scope)
    columns = (
        "SELECT t.id, t.person_id, t.event_id, t.age_band, t.borough, t.is_adult_of_group, "
        f"{REGISTERED}, {met}"
    )
    first = [sql_moment(scope.as_at), *met_params]
    found = fetch(f"{columns}, {quarter_sql('a.admitted_at')} {words}", [*first, *params])
    rows = {row[0]: _attended(row) for row in found if scope.by_hand.get(row[0], came) == came}
    by_hand = [ticket for ticket, attendance in scope.by_hand.items() if attendance == came]
    missing = [ticket for ticket in by_hand if ticket not in rows]
    for start in range(0, len(missing), 5_000):
        ids = listed(missing[start : start + 5_000])
        found = fetch(f"{columns}, NULL FROM tickets_ticket t WHERE t.id IN ({ids})", first)
        rows |= {row[0]: _attended(row) for row in found}
    return [rows[key] for key in sorted(rows)]


def _attended(row: tuple) -> Attended:
    ticket, person, event, band, borough, adult, registered, met, quarter = row
    return Attended(ticket, person, event, band, borough, bool(adult), bool(registered), met, quarter)


# 1 where the ticket t was registered at the moment: not cancelled, or its registration ended later.
REGISTERED = (
    "CASE WHEN t.state <> 'cancelled' THEN 1 ELSE COALESCE((SELECT 1 FROM tickets_registration r "
    "WHERE r.id = t.registration_id AND r.ended_at > %s), 0) END"
)


def met_sql(scope: Scope) -> tuple[str, list]:
    """The furthest step (MET_...) that the ticket t reached; 0 where nobody was met."""
    whens, params = "", []
    for step in (MET_MEANINGFULLY, MET_EMPLOYER, MET_ANYTHING):
        if tickets := _tickets_at(scope, {step}):
            whens += f" WHEN t.id IN ({tickets[0]}) THEN {step}"
            params += tickets[1]
    if not whens:
        return "0", []
    anywhere = _tickets_at(scope, {MET_MEANINGFULLY, MET_EMPLOYER, MET_ANYTHING})
    assert anywhere is not None
    return f"CASE WHEN t.id NOT IN ({anywhere[0]}) THEN 0{whens} END", [*anywhere[1], *params]


def _tickets_at(scope: Scope, steps: set[int]) -> tuple[str, list] | None:
    """A sub-select of the tickets that met somebody at places of these steps;
    None where there is no such place."""
    moment = sql_moment(scope.as_at)
    parts, params = [], []
    if points := [point for step in steps for point in scope.points.get(step, [])]:
        parts.append(
            f"SELECT e.ticket_id FROM tickets_encounter e WHERE e.point_id IN ({listed(points)}) "
            "AND e.recorded_at <= %s"
        )
        params += [moment]
    if doors := [door for step in steps for door in scope.doors.get(step, [])]:
        parts.append(
            f"SELECT b.ticket_id FROM door_admission b WHERE b.door_list_id IN ({listed(doors)}) "
            "AND b.recorded_at <= %s AND (b.ended_at IS NULL OR b.ended_at > %s)"
        )
        params += [moment, moment]
    return (" UNION ".join(parts), params) if parts else None


def _singled_out(scope: Scope) -> tuple[str, list]:
    moment = sql_moment(scope.as_at)
    return (
        "SELECT first_id FROM reporting_nearmatch WHERE found_at <= %s UNION "
        "SELECT second_id FROM reporting_nearmatch WHERE found_at <= %s UNION "
        "SELECT h.person_id FROM reporting_attendancecorrection c "
        "JOIN tickets_ticket h ON h.id = c.ticket_id "
        "WHERE c.recorded_at <= %s AND h.person_id IS NOT NULL",
        [moment, moment, moment],
    )


def sql_moment(moment: datetime):
    """A moment as the database compares it in raw SQL."""
    return connection.ops.adapt_datetimefield_value(moment.astimezone(UTC))


def quarter_sql(column: str) -> str:
    """Quarter hours since 1970 of a moment."""
    if connection.vendor == "postgresql":
        # date_part counts in floating point, EXTRACT in decimals, which takes several times as long.
        return f"CAST(FLOOR(DATE_PART('epoch', {column}) / 900) AS BIGINT)"
    return f"CAST(STRFTIME('%%s', {column}) AS INTEGER) / 900"


def listed(ids) -> str:
    """Whole numbers of ours, written out as SQL lists them; 0, which no row has, where there is none."""
    return ", ".join(str(int(one)) for one in ids) or "0"


def fetch(sql: str, params: list) -> list[tuple]:
    return list(stream(sql, params))


def stream(sql: str, params: list) -> Iterator[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        while some := cursor.fetchmany(5_000):
            yield from some
