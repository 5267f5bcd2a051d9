"""Who counts on which rung? One definition and one rule a rung; rungs are never added together."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from events.models import Event
from reporting.models import AttendanceCorrection, Invitation, Target
from tickets.domain.people import AGE_BANDS
from tickets.models import Admission, Ticket

RULE_VERSION = "1"

DEFINITIONS = {
    Target.Rung.REGISTERED: "Registered: a ticket that was issued and not cancelled. Not a person who came.",
    Target.Rung.ATTENDED: (
        "Attended: a ticket that was admitted at the door, or recorded as present by hand with a reason."
    ),
    Target.Rung.REACHED: (
        "Reached: a young person who attended at least one edition, counted once over the whole series."
    ),
    Target.Rung.ENCOUNTER: (
        "Encounter: a young person who attended and had a place in a session with an employer, counted once."
    ),
    Target.Rung.MEANINGFUL_ENCOUNTER: (
        "Meaningful encounter: an encounter in a session with a shared purpose, outcomes fitted to the young "
        "people, two-way exchange and time to reflect (Gatsby benchmark 5), counted once a person."
    ),
    Target.Rung.ENGAGED: (
        "Engaged: a person who was admitted in person, counted once. Recorded online interactions would stand "
        "apart; none are recorded."
    ),
    Target.Rung.INVITED: "Invited: an influencer with a dated invitation, the name of who sent it, and evidence.",
    Target.Rung.EDITIONS_HELD: "Editions held: editions that are over and that at least one person attended.",
}


@dataclass(frozen=True, slots=True)
class Attended:
    """One ticket that attended, as the counting rules see it: nothing that erasure takes away."""

    ticket_id: int
    person_id: int | None
    event_id: int
    age_band: str
    borough: str
    is_adult_of_group: bool
    in_session: bool
    in_meaningful_session: bool


def scope_events(target: Target) -> list[Event]:
    """The editions that a target speaks of, drafts left out, by their start."""
    events = Event.objects.exclude(status=Event.Status.DRAFT).order_by("starts_at")
    return list(
        events.filter(series=target.series) if target.series_id else events.filter(pk=target.event_id)
    )


def eligible_bands(target: Target) -> list[str]:
    """Age bands that lie wholly inside the target's ages; bands outlive erasure, ages do not."""
    low = target.min_age if target.min_age is not None else 0
    high = target.max_age if target.max_age is not None else 150
    return [band for start, end, band in AGE_BANDS if start >= low and end <= high]


def registered_tickets(*, events: list[Event], as_at: datetime):
    return Ticket.objects.filter(event__in=events, issued_at__lte=as_at).exclude(state=Ticket.State.CANCELLED)


def attended_tickets(*, events: list[Event], as_at: datetime) -> list[Attended]:
    """What the system knew at as_at: admitted at the entrance, or by hand; the later record by hand holds."""
    from tickets.models import SessionPlace

    known = Admission.objects.filter(
        Q(ended_at__isnull=True) | Q(ended_at__gt=as_at),
        ticket=OuterRef("pk"),
        door_list__session__isnull=True,
        recorded_at__lte=as_at,
    )
    places = SessionPlace.objects.filter(ticket=OuterRef("pk"))
    meaningful = places.filter(
        session__purpose_shared=True,
        session__outcomes_fitted=True,
        session__two_way=True,
        session__time_to_reflect=True,
    )
    by_hand = _corrections(events=events, as_at=as_at)
    rows = (
        Ticket.objects.filter(event__in=events)
        .annotate(was_admitted=Exists(known), placed=Exists(places), meaning=Exists(meaningful))
        .filter(Q(was_admitted=True) | Q(pk__in=list(by_hand)))
        .order_by("pk")
        .values_list(
            "pk", "person_id", "event_id", "age_band", "borough", "is_adult_of_group", "placed", "meaning",
            "was_admitted",
        )
    )  # fmt: skip
    came = AttendanceCorrection.Attendance.CAME
    return [
        Attended(*row[:8]) for row in rows.iterator() if by_hand.get(row[0], came if row[8] else None) == came
    ]


def invitations(*, target: Target, as_at: datetime):
    """Dated invitations with evidence, in the target's scope."""
    scope = (
        Q(series=target.series) | Q(event__series=target.series)
        if target.series_id
        else Q(event=target.event)
    )
    return Invitation.objects.filter(
        scope, invited_on__isnull=False, invited_on__lte=as_at.date(), recorded_at__lte=as_at
    )


def _corrections(*, events: list[Event], as_at: datetime) -> dict[int, str]:
    """The standing record by hand of each ticket that has one."""
    rows = (
        AttendanceCorrection.objects.filter(ticket__event__in=events, recorded_at__lte=as_at)
        .order_by("recorded_at", "pk")
        .values_list("ticket_id", "attendance")
    )
    return dict(rows)
