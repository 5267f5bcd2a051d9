"""With which school or club did they come, and of which type?"""

from collections import Counter
from collections.abc import Mapping

from reporting.domain.figures.attended_rows import Scope
from reporting.models import SchoolType
from tickets.models import Registration, Ticket

NOT_RECORDED = "not-recorded"
KINDS = (*SchoolType.Kind.values, NOT_RECORDED)


def group_kinds(scope: Scope) -> dict[int, str]:
    """The kind of group that a ticket came with, by ticket; who came alone is left out. Two queries."""
    noted = SchoolType.objects.filter(registration__event__in=scope.events)
    kinds = dict(noted.values_list("registration_id", "kind"))
    tickets = Ticket.objects.filter(event__in=scope.events, registration__kind=Registration.Kind.GROUP)
    rows = tickets.order_by().values_list("pk", "registration_id")
    return {ticket: kinds.get(group, NOT_RECORDED) for ticket, group in rows.iterator(chunk_size=5_000)}


def by_school_type(of_person: Mapping[int, str], *, people: int) -> dict[str, int]:
    """Distinct people by the type of their first group; the others, of people in all, came on their own."""
    numbers = Counter(of_person.values())
    groups = {kind: numbers[kind] for kind in KINDS if numbers[kind]}
    return groups | {"individual": people - sum(groups.values())} if groups else {}
