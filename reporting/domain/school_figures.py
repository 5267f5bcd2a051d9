"""With which school or club did they come, and of which type?"""

from collections import Counter

from reporting.domain.attended_rows import Attended, Scope, Who, fetch, listed
from reporting.domain.distinct_people import SamePeople
from reporting.domain.tallies import Question, Row, counts_sql, row_sql
from reporting.models import SchoolType
from tickets.models import Registration

NOT_RECORDED = "not-recorded"
KINDS = (*SchoolType.Kind.values, NOT_RECORDED)
_KIND = (
    "CASE s.kind "
    + " ".join(f"WHEN '{kind}' THEN {place}" for place, kind in enumerate(KINDS))
    + f" ELSE {len(KINDS) - 1} END"
)
_GROUPS = (
    f"SELECT x.id, {_KIND} AS kind FROM tickets_registration r "
    "JOIN tickets_ticket x ON x.registration_id = r.id "
    "LEFT JOIN reporting_schooltype s ON s.registration_id = r.id WHERE r.kind = 'group'"
)


def groups_came(scope: Scope) -> bool:
    return Registration.objects.filter(event__in=scope.events, kind=Registration.Kind.GROUP).exists()


def schools_question(scope: Scope, who: Who) -> Question:
    """People by the type of the group of their first ticket with a group."""
    groups = f"{_GROUPS} AND r.event_id IN ({listed(scope.event_ids)})"
    return Question(
        f"{row_sql('p.first & 15', 'COUNT(*)')} FROM (SELECT MIN((t.id << 4) + g.kind) AS first "
        f"FROM came t CROSS JOIN ({groups}) AS g WHERE g.id = t.id AND {counts_sql(who)} "
        "GROUP BY t.person_id) AS p "
        "GROUP BY 1"
    )


def by_school_type(
    who: Who, special: list[Attended], same: SamePeople, rows: list[Row], *, people: int
) -> dict[str, int]:
    """Distinct people by the type of group; the others came on their own. people: how many count in all.

    One query, where anybody is singled out.
    """
    numbers = Counter({KINDS[key]: number for key, number, _lines in rows})
    counted = [one for one in special if who.counts(one)]
    ids = listed(one.ticket_id for one in counted)
    kinds = dict(fetch(f"{_GROUPS} AND x.id IN ({ids})", [])) if counted else {}
    first: dict[int, str] = {}
    for one in counted:
        if one.person_id is not None and one.ticket_id in kinds:
            first.setdefault(same.of(one.person_id), KINDS[kinds[one.ticket_id]])
    numbers.update(first.values())
    groups = {kind: numbers[kind] for kind in KINDS if numbers[kind]}
    return groups | {"individual": people - sum(groups.values())} if groups else {}
