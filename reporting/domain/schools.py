"""With which school or club did they come, and of which type?"""

from collections import Counter

from reporting.domain.people import SamePeople
from reporting.domain.rows import Attended, Scope, Who, attended_sql, fetch
from reporting.models import SchoolType
from tickets.models import Registration

NOT_RECORDED = "not-recorded"
KINDS = (*SchoolType.Kind.values, NOT_RECORDED)


def by_school_type(
    scope: Scope, who: Who, special: list[Attended], same: SamePeople, *, people: int
) -> dict[str, int]:
    """Distinct people by the type of the group of their first ticket with a group; the others came on their own.

    people: how many count in all. Three queries.
    """
    groups_came = Registration.objects.filter(event__in=scope.events, kind=Registration.Kind.GROUP)
    if not groups_came.exists():
        return {}
    kind = (
        "CASE s.kind " + " ".join(f"WHEN '{kind}' THEN {place}" for place, kind in enumerate(KINDS))
        + f" ELSE {len(KINDS) - 1} END"
    )  # fmt: skip
    joins = (
        "JOIN tickets_registration r ON r.id = t.registration_id AND r.kind = 'group' "
        "LEFT JOIN reporting_schooltype s ON s.registration_id = r.id"
    )
    words = attended_sql()
    before, after = words.split(" WHERE ", 1)
    counts, count_params = who.sql()
    tallied = fetch(
        f"WITH p (packed) AS (SELECT MIN(t.id * 16 + {kind}) {before} {joins} WHERE {after} AND t.person_id IS NOT NULL "
        f"AND {counts} GROUP BY t.person_id) SELECT packed %% 16, COUNT(*) FROM p GROUP BY 1",
        count_params,
    )
    numbers = Counter({KINDS[place]: number for place, number in tallied})
    ids = ", ".join(str(int(one.ticket_id)) for one in special) or "0"
    kinds = dict(fetch(f"SELECT t.id, {kind} FROM tickets_ticket t {joins} WHERE t.id IN ({ids})", []))
    first: dict[int, str] = {}
    for one in special:
        if one.person_id is not None and who.counts(one) and one.ticket_id in kinds:
            first.setdefault(same.of(one.person_id), KINDS[kinds[one.ticket_id]])
    numbers.update(first.values())
    groups = {kind: numbers[kind] for kind in KINDS if numbers[kind]}
    return groups | {"individual": people - sum(groups.values())} if groups else {}
