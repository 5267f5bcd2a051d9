"""Whom did they meet? Strands, and how many of music, film & TV and games.

To meet is to have been admitted at a session's own door, or to have opened the code of a session or stand
and kept it on the ticket. A booked place alone is no meeting.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from events.models import Strand
from reporting.domain.attended_rows import MET_ANYTHING, Attended, Scope, Who, fetch, listed, sql_moment
from reporting.domain.distinct_people import SamePeople
from reporting.domain.tallies import MET, Question, Row, counts_sql, row_sql

SHAPES = ("wave", "frame", "pixel")  # music, film & TV, games


@dataclass(frozen=True)
class Met:
    """people by strand's name; convergence: people by how many of the three shapes, "1" to "3";
    shapes: by strand."""

    by_strand: dict[str, int]
    convergence: dict[str, int]
    shapes: dict[str, str]


def all_strands() -> list[Strand]:
    return list(Strand.objects.order_by("position", "name"))


def strands_question(scope: Scope, who: Who, strands: list[Strand]) -> Question:
    """People by the strands that they met, a bit for each strand."""
    met_sql, met_params = _strand_rows(scope)
    bits = " + ".join(
        f"(MAX(CASE WHEN m.strand_id = {strand.pk} THEN 1 ELSE 0 END) << {place})"
        for place, strand in enumerate(strands)
    )
    return Question(
        f"{row_sql('p.met', 'COUNT(*)')} FROM (SELECT {bits} AS met FROM came t CROSS JOIN ({met_sql}) AS m "
        f"WHERE m.ticket_id = t.id AND {MET} >= {MET_ANYTHING} AND {counts_sql(who)} "
        "GROUP BY t.person_id) AS p GROUP BY 1",
        tuple(met_params),
    )


def strands_met(
    scope: Scope, who: Who, special: list[Attended], same: SamePeople, strands: list[Strand], rows: list[Row]
) -> Met:
    """Distinct people by strand, and by how many of the three.

    One query, where somebody singled out met anything.
    """
    by_strand: Counter = Counter()
    convergence: Counter = Counter()
    for key, number, _lines in rows:
        met = {strand for place, strand in enumerate(strands) if key >> place & 1}
        _add(by_strand, convergence, met, number)
    for met in _strands_of_special(scope, who, special, same, strands):
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


def _strands_of_special(
    scope: Scope, who: Who, special: list[Attended], same: SamePeople, strands: list[Strand]
) -> list[set[Strand]]:
    """For each of the singled out who counts and met anything: the strands."""
    counted = [one for one in special if one.met and who.counts(one)]
    if not counted:
        return []
    sql, params = _strand_rows(scope)
    by_id = {strand.pk: strand for strand in strands}
    by_ticket = defaultdict(set)
    ids = listed(one.ticket_id for one in counted)
    for ticket, strand in fetch(
        f"SELECT ticket_id, strand_id FROM ({sql}) AS x WHERE ticket_id IN ({ids})", params
    ):
        by_ticket[ticket].add(by_id[strand])
    by_person: dict[int, set[Strand]] = defaultdict(set)
    for one in counted:
        assert one.person_id is not None
        by_person[same.of(one.person_id)] |= by_ticket[one.ticket_id]
    return list(by_person.values())


def _add(by_strand: Counter, convergence: Counter, met: set[Strand], number: int) -> None:
    for strand in met:
        by_strand[strand.name] += number
    shapes = {strand.shape for strand in met} & set(SHAPES)
    if shapes:
        convergence[len(shapes)] += number


def _strand_rows(scope: Scope) -> tuple[str, list]:
    """Pairs of ticket and strand, each once."""
    moment = sql_moment(scope.as_at)
    points = listed(point for some in scope.points.values() for point in some)
    doors = listed(door for some in scope.doors.values() for door in some)
    kept = f"WHERE e.point_id IN ({points}) AND e.recorded_at <= %s"
    return (
        "SELECT e.ticket_id, s.strand_id FROM tickets_encounter e "
        "JOIN tickets_meetingpoint m ON m.id = e.point_id "
        f"JOIN events_session_strands s ON s.session_id = m.session_id {kept} "
        "UNION SELECT e.ticket_id, s.strand_id FROM tickets_encounter e "
        "JOIN tickets_meetingpoint m ON m.id = e.point_id "
        f"JOIN events_exhibitor_strands s ON s.exhibitor_id = m.exhibitor_id {kept} "
        "UNION SELECT b.ticket_id, s.strand_id FROM door_admission b "
        "JOIN door_doorlist d ON d.id = b.door_list_id "
        f"JOIN events_session_strands s ON s.session_id = d.session_id WHERE b.door_list_id IN ({doors}) "
        "AND b.recorded_at <= %s AND (b.ended_at IS NULL OR b.ended_at > %s)",
        [moment, moment, moment, moment],
    )
