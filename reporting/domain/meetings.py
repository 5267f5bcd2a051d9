"""Whom did they meet? Employers, strands, and how many of music, film & TV and games.

To meet is to have been admitted at a session's own door, or to have opened the code of a session or stand
and kept it on the ticket. A booked place alone is no meeting.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from events.models import Session, Strand
from reporting.domain.people import SamePeople
from reporting.domain.rows import Attended, Scope, Who, attended_sql, fetch, sql_moment

SHAPES = ("wave", "frame", "pixel")  # music, film & TV, games


@dataclass(frozen=True)
class Met:
    """people by strand's name; convergence: people by how many of the three shapes, "1" to "3"; shapes: by strand."""

    by_strand: dict[str, int]
    convergence: dict[str, int]
    shapes: dict[str, str]


def with_employer(scope: Scope, who: Who, special: list[Attended], *, meaningful: bool = False) -> Who:
    """who, narrowed to tickets that met an employer (in a session that meets the four tests)."""
    sessions = Session.objects.filter(event__in=scope.events, exhibitors__isnull=False)
    if meaningful:
        sessions = sessions.filter(
            purpose_shared=True, outcomes_fitted=True, two_way=True, time_to_reflect=True
        )
    ids = sorted(set(sessions.values_list("pk", flat=True))) or [0]
    marks = ", ".join(["%s"] * len(ids))
    moment = sql_moment(scope.as_at)
    stands = "" if meaningful else " OR m.exhibitor_id IS NOT NULL"
    sql = (
        "SELECT e.ticket_id FROM tickets_encounter e JOIN tickets_meetingpoint m ON m.id = e.point_id "
        f"WHERE e.recorded_at <= %s AND (m.session_id IN ({marks}){stands}) "
        "UNION SELECT b.ticket_id FROM tickets_admission b JOIN tickets_doorlist d ON d.id = b.door_list_id "
        f"WHERE d.session_id IN ({marks}) AND b.recorded_at <= %s AND (b.ended_at IS NULL OR b.ended_at > %s)"
    )
    params = (moment, *ids, *ids, moment, moment)
    met = frozenset(
        row[0] for row in fetch(f"SELECT ticket_id FROM ({sql}) AS x WHERE {_among(special)}", [*params])
    )
    return replace(who, tickets_sql=sql, tickets_params=params, tickets=met)


def strands_met(scope: Scope, who: Who, special: list[Attended], same: SamePeople) -> Met:
    """Distinct people by strand, and by how many of the three. Three queries."""
    strands = list(Strand.objects.order_by("position", "name"))
    if not strands or not scope.events:
        return Met({}, {}, {})
    met_sql, met_params = _strand_rows(scope)
    words = attended_sql()
    counts, count_params = who.sql()
    flags = ", ".join("MAX(CASE WHEN m.strand_id = %s THEN 1 ELSE 0 END)" for _ in strands)
    names = ", ".join(f"s{place}" for place in range(len(strands)))
    before, after = words.split(" WHERE ", 1)
    tallied = fetch(
        f"WITH p ({names}) AS (SELECT {flags} {before} JOIN ({met_sql}) AS m ON m.ticket_id = t.id WHERE {after} "
        f"AND t.person_id IS NOT NULL AND {counts} GROUP BY t.person_id) "
        f"SELECT {names}, COUNT(*) FROM p GROUP BY {names}",
        [*(strand.pk for strand in strands), *met_params, *count_params],
    )
    by_strand: Counter = Counter()
    convergence: Counter = Counter()
    for *flagged, number in tallied:
        _add(
            by_strand, convergence, {one for one, flag in zip(strands, flagged, strict=True) if flag}, number
        )
    by_id = {strand.pk: strand for strand in strands}
    by_ticket = defaultdict(set)
    for ticket, strand in fetch(
        f"SELECT ticket_id, strand_id FROM ({met_sql}) AS x WHERE {_among(special)}", met_params
    ):
        by_ticket[ticket].add(by_id[strand])
    by_person: dict[int, set[Strand]] = defaultdict(set)
    for one in special:
        if one.person_id is not None and who.counts(one):
            by_person[same.of(one.person_id)] |= by_ticket[one.ticket_id]
    for met in by_person.values():
        _add(by_strand, convergence, met, 1)
    return Met(
        {strand.name: by_strand[strand.name] for strand in strands if by_strand[strand.name]},
        {str(number): convergence[number] for number in range(1, len(SHAPES) + 1)} if by_strand else {},
        {
            strand.name: strand.shape
            for strand in strands
            if by_strand[strand.name] and strand.shape in SHAPES
        },
    )


def encounters_recorded(scope: Scope) -> int:
    rows = fetch(
        "SELECT COUNT(*) FROM tickets_encounter e JOIN tickets_meetingpoint m ON m.id = e.point_id "
        f"WHERE m.event_id IN ({', '.join(['%s'] * len(scope.events)) or '0'}) AND e.recorded_at <= %s",
        [*scope.event_ids, sql_moment(scope.as_at)],
    )
    return rows[0][0]


def _add(by_strand: Counter, convergence: Counter, met: set[Strand], number: int) -> None:
    for strand in met:
        by_strand[strand.name] += number
    shapes = {strand.shape for strand in met} & set(SHAPES)
    if shapes:
        convergence[len(shapes)] += number


def _strand_rows(scope: Scope) -> tuple[str, list]:
    """Pairs of ticket and strand, each once."""
    moment = sql_moment(scope.as_at)
    return (
        "SELECT e.ticket_id, s.strand_id FROM tickets_encounter e JOIN tickets_meetingpoint m ON m.id = e.point_id "
        "JOIN events_session_strands s ON s.session_id = m.session_id WHERE e.recorded_at <= %s "
        "UNION SELECT e.ticket_id, s.strand_id FROM tickets_encounter e JOIN tickets_meetingpoint m ON m.id = e.point_id "
        "JOIN events_exhibitor_strands s ON s.exhibitor_id = m.exhibitor_id WHERE e.recorded_at <= %s "
        "UNION SELECT b.ticket_id, s.strand_id FROM tickets_admission b JOIN tickets_doorlist d ON d.id = b.door_list_id "
        "JOIN events_session_strands s ON s.session_id = d.session_id "
        "WHERE b.recorded_at <= %s AND (b.ended_at IS NULL OR b.ended_at > %s)",
        [moment, moment, moment, moment],
    )


def _among(special: list[Attended]) -> str:
    """Ticket ids are whole numbers of ours: they are written out, however many they are."""
    return f"ticket_id IN ({', '.join(str(int(one.ticket_id)) for one in special) or '0'})"
