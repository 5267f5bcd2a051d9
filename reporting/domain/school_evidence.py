"""What can a school show for its visit? The date, heads by year group, and the employers that they met."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import User
from door.models import Admission
from events.models import Event, Exhibitor, Session
from foundation.refusals import InvalidInput
from people.domain.age_bands import AGE_BAND_LABELS
from reporting.domain.figures.attended_rows import scope_of
from reporting.models import AttendanceCorrection, SchoolType
from tickets.models import Encounter, Registration, Ticket

# The year groups in which young people of a band usually are (England).
YEAR_GROUPS = {
    "under-11": "Year 6 and below",
    "11-13": "Years 7 to 9",
    "14-15": "Years 9 to 11",
    "16-17": "Years 11 to 13",
    "18": "Year 13",
    "19-24": "after school",
    "25": "after school",
    "26-plus": "adults",
    "": "age not known",
}


@dataclass(frozen=True)
class Group:
    """A group of an edition in the list."""

    registration: Registration
    kind: str
    heads: int
    came: int


@dataclass(frozen=True)
class SchoolEvidence:
    """For one school: no name of a young person. heads: (band, usual years, registered, came)."""

    event: Event
    organisation: str
    reference: str
    heads: list[tuple[str, str, int, int]]
    came: int
    adults: int
    employers: list[Exhibitor]
    sessions: list[Session]
    meaningful: list[Session]
    as_at: datetime


def groups_at(*, event: Event) -> list[Group]:
    """The groups of an edition by name. Two queries."""
    at_the_entrance = Admission.objects.standing().filter(ticket=OuterRef("tickets"), door_list__session=None)
    groups = (
        Registration.objects.filter(event=event, kind=Registration.Kind.GROUP)
        .exclude(state=Registration.State.CANCELLED)
        .annotate(
            heads=Count(
                "tickets",
                filter=~Q(tickets__state=Ticket.State.CANCELLED) & Q(tickets__is_adult_of_group=False),
                distinct=True,
            ),
            came=Count(
                "tickets",
                filter=Q(Exists(at_the_entrance), tickets__is_adult_of_group=False),
                distinct=True,
            ),
        )
        .order_by("organisation", "reference")
    )
    kinds = dict(SchoolType.objects.filter(registration__event=event).values_list("registration", "kind"))
    return [Group(group, kinds.get(group.pk, ""), group.heads, group.came) for group in groups]


def set_school_type(*, event: Event, reference: str, kind: str, by: User, now: datetime) -> None:
    """Note what kind of place a group came from, for every group of the same name that has none yet.

    :raises InvalidInput: the edition has no such group
    """
    group = Registration.objects.filter(
        event=event, reference=reference, kind=Registration.Kind.GROUP
    ).first()
    if group is None:
        raise InvalidInput("This edition has no such group.")
    SchoolType.objects.update_or_create(
        registration=group, defaults={"kind": kind, "recorded_by": by, "recorded_at": now}
    )
    if group.organisation:
        same_name = Registration.objects.filter(
            kind=Registration.Kind.GROUP, organisation__iexact=group.organisation
        )
        there = SchoolType.objects.filter(registration__in=same_name.values("pk")).values_list(
            "registration", flat=True
        )
        SchoolType.objects.bulk_create(
            [
                SchoolType(registration=one, kind=kind, recorded_by=by, recorded_at=now)
                for one in same_name.exclude(pk__in=list(there))
            ]
        )


def carry_school_types(*, now: datetime) -> int:
    """Give a new group the type of an earlier one of the same name, while names exist; return how many."""
    known: dict[str, SchoolType] = {}
    for row in SchoolType.objects.exclude(registration__organisation="").select_related("registration"):
        known[row.registration.organisation.casefold()] = row
    if not known:
        return 0
    typed = SchoolType.objects.values("registration")
    new = [
        SchoolType(registration=group, kind=like.kind, recorded_by_id=like.recorded_by_id, recorded_at=now)
        for group in Registration.objects.filter(kind=Registration.Kind.GROUP)
        .exclude(organisation="")
        .exclude(pk__in=typed)
        if (like := known.get(group.organisation.casefold()))
    ]
    SchoolType.objects.bulk_create(new, ignore_conflicts=True)
    return len(new)


def evidence_of_group(*, event: Event, reference: str, now: datetime) -> SchoolEvidence | None:
    """None where the edition has no such group. The number of queries does not depend on the rows."""
    group = Registration.objects.filter(
        event=event, reference=reference, kind=Registration.Kind.GROUP
    ).first()
    if group is None:
        return None
    scope = scope_of(events=[event], as_at=now)
    tickets = list(group.tickets.exclude(state=Ticket.State.CANCELLED))
    admitted = set(
        Admission.objects.standing()
        .filter(ticket__registration=group, door_list__session=None)
        .values_list("ticket_id", flat=True)
    )
    here = AttendanceCorrection.Attendance.CAME
    came = [t for t in tickets if scope.by_hand.get(t.pk, here if t.pk in admitted else "") == here]
    young = [ticket for ticket in came if not ticket.is_adult_of_group]
    registered = Counter(ticket.age_band for ticket in tickets if not ticket.is_adult_of_group)
    present = Counter(ticket.age_band for ticket in young)
    sessions, employers = _met([ticket.pk for ticket in came])
    return SchoolEvidence(
        event=event,
        organisation=group.organisation or "The group",
        reference=group.reference,
        heads=[
            ((AGE_BAND_LABELS | {"": "not known"})[band], years, registered[band], present[band])
            for band, years in YEAR_GROUPS.items()
            if registered[band]
        ],
        came=len(young),
        adults=len(came) - len(young),
        employers=employers,
        sessions=sessions,
        meaningful=[session for session in sessions if session.is_meaningful and session.exhibitors.all()],
        as_at=now,
    )


def _met(tickets: list[int]) -> tuple[list[Session], list[Exhibitor]]:
    """Sessions that somebody of these took part in, and the employers there and at stands. Four queries."""
    kept = Encounter.objects.filter(ticket__in=tickets).values("point__session", "point__exhibitor")
    doors = Admission.objects.standing().filter(ticket__in=tickets, door_list__session__isnull=False)
    session_ids = set(doors.values_list("door_list__session", flat=True))
    stand_ids = set()
    for row in kept:
        session_ids.add(row["point__session"])
        stand_ids.add(row["point__exhibitor"])
    sessions = list(
        Session.objects.filter(pk__in=session_ids - {None})
        .prefetch_related("exhibitors", "strands")
        .order_by("starts_at")
    )
    stand_ids |= {exhibitor.pk for session in sessions for exhibitor in session.exhibitors.all()}
    return sessions, list(Exhibitor.objects.filter(pk__in=stand_ids - {None}).order_by("name"))
