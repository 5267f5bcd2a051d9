"""Who counts on which rung? One definition and one rule a rung; rungs are never added together."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from events.models import Event
from people.domain.age_bands import AGE_BANDS
from reporting.domain.figures.attended_rows import BANDS, MET_EMPLOYER, MET_MEANINGFULLY, Who
from reporting.domain.figures.distinct_people import SamePeople, lowest_number
from reporting.domain.figures.tallies import Tally
from reporting.models import Invitation, Target

RULE_VERSION = "4"  # 4: the digest is taken over rows in the order of editions and tickets

DEFINITIONS = {
    Target.Rung.REGISTERED: "Registered: a ticket that was issued and not cancelled. Not a person who came.",
    Target.Rung.ATTENDED: (
        "Attended: a ticket that was admitted at the door, or recorded as present by hand with a reason."
    ),
    Target.Rung.REACHED: (
        "Reached: a young person who attended at least one edition, counted once over the whole series."
    ),
    Target.Rung.ENCOUNTER: (
        "Encounter: a young person who attended and took part in a session with an employer, or met an "
        "exhibitor: "
        "admitted at the session's own door, or opened its code and kept it on their ticket. Counted once."
    ),
    Target.Rung.MEANINGFUL_ENCOUNTER: (
        "Meaningful encounter: an encounter in an employer's session with a shared purpose, outcomes fitted "
        "to the "
        "young people, two-way exchange and time to reflect (Gatsby benchmark 5). Counted once a person."
    ),
    Target.Rung.ENGAGED: (
        "Engaged: a person who was admitted in person, counted once. "
        "Who took part online is counted apart and is "
        "not in this figure."
    ),
    Target.Rung.INVITED: (
        "Invited: an influencer with a dated invitation, the name of who sent it, and evidence."
    ),
    Target.Rung.EVENTS_HELD: "Editions held: editions that are over and that at least one person attended.",
}
PEOPLE_RUNGS = {
    Target.Rung.REACHED,
    Target.Rung.ENGAGED,
    Target.Rung.ENCOUNTER,
    Target.Rung.MEANINGFUL_ENCOUNTER,
}
YOUNG = {Target.Rung.REACHED, Target.Rung.ENCOUNTER, Target.Rung.MEANINGFUL_ENCOUNTER}
MET_AT = {Target.Rung.ENCOUNTER: MET_EMPLOYER, Target.Rung.MEANINGFUL_ENCOUNTER: MET_MEANINGFULLY}


@dataclass(frozen=True)
class Counted:
    """Distinct people. first: by edition, band and borough of their first attendance; by_event: at each
    edition.

    value is the exact rule; low takes every undecided pair as one person.
    """

    value: int
    low: int
    first: dict[tuple[int, str, str], int]
    by_event: dict[int, int]
    new: dict[int, int]
    joined: int  # persons that a settled pair made one with another


def scope_events(target: Target) -> list[Event]:
    """The editions that a target speaks of, drafts left out, by their start."""
    events = Event.objects.exclude(status=Event.Status.DRAFT).order_by("starts_at", "pk")
    scope = {"series": target.series_id} if target.series_id else {"pk": target.event_id}
    return list(events.filter(**scope))


def eligible_bands(target: Target) -> frozenset[str]:
    """Age bands that lie wholly inside the target's ages; bands outlive erasure, ages do not.

    Without a limit of age everybody counts, also people whose age is not known.
    """
    if target.min_age is None and target.max_age is None:
        return frozenset(BANDS)
    low = target.min_age if target.min_age is not None else 0
    high = target.max_age if target.max_age is not None else 150
    return frozenset(band for start, end, band in AGE_BANDS if start >= low and end <= high)


def who_counts(target: Target) -> Who:
    """The rule of the target's rung."""
    return Who(
        bands=eligible_bands(target),
        region_only=target.residence == Target.Residence.REGION,
        young_only=target.rung in YOUNG,
        met=MET_AT.get(Target.Rung(target.rung), 0),
    )


def everybody(who: Who) -> Who:
    """The same people before a rung narrows them."""
    return replace(who, met=0)


def count_people(sums: Tally, *, same: SamePeople, undecided: list[tuple[int, int]]) -> Counted:
    """Each person once, by their first attendance."""
    people = sums.people
    value = len(people.first)
    unsure = {same.of(person) for pair in undecided for person in pair} & people.first.keys()
    return Counted(
        value=value,
        low=value - len(unsure) + lowest_number(unsure, same, undecided),
        first=dict(Counter(people.first.values())),
        by_event={event: len(some) for event, some in people.by_event.items()},
        new=dict(Counter(event for event, _, _ in people.first.values())),
        joined=len(sums.joined) - len({same.of(person) for person in sums.joined}),
    )


def invitations(*, target: Target, as_at: datetime) -> QuerySet[Invitation]:
    """Everybody on the list in the target's scope, as known at as_at."""
    scope = (
        Q(series=target.series_id) | Q(event__series=target.series_id)
        if target.series_id
        else Q(event=target.event_id)
    )
    return Invitation.objects.filter(scope, recorded_at__lte=as_at)


def invited(*, target: Target, as_at: datetime) -> QuerySet[Invitation]:
    """Dated invitations with evidence, of which the system knew at as_at."""
    return invitations(target=target, as_at=as_at).filter(
        invited_on__isnull=False, invited_on__lte=as_at.date(), invited_recorded_at__lte=as_at
    )


def invitation_steps(*, target: Target, as_at: datetime) -> dict[str, int]:
    """From the long list to what they published; the answers as they stand now. One query."""
    known = Q(invited_on__isnull=False, invited_on__lte=as_at.date(), invited_recorded_at__lte=as_at)
    answers = Invitation.Answer
    return invitations(target=target, as_at=as_at).aggregate(
        longlisted=Count("pk"),
        invited=Count("pk", filter=known),
        accepted=Count("pk", filter=known & Q(answer=answers.ACCEPTED)),
        declined=Count("pk", filter=known & Q(answer=answers.DECLINED)),
        no_reply=Count("pk", filter=known & Q(answer=answers.NONE)),
        came=Count("pk", filter=known & Q(came=True)),
        published=Count("pk", filter=known & ~Q(published="")),
    )
