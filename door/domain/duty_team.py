"""Who is on duty at an edition, and who saw which of their checks?"""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from math import ceil

from django.conf import settings
from django.db import transaction
from django.db.models import Count

from accounts.models import User
from door.models import Admission, StaffMember
from events.models import Event
from foundation import change_log
from foundation.refusals import InvalidInput
from foundation.wall_time import wall_time
from people.domain.names import name_fault
from tickets.domain.retention import DataClass, leaves_before
from tickets.models import Ticket

YOUNGER, OLDER = ("under-11", "11-13"), ("14-15",)  # age bands, of which each has its own ratio
WELFARE = [StaffMember.Role.WELFARE, StaffMember.Role.SAFEGUARDING]


@dataclass(frozen=True)
class Ratio:
    """Under-16s with a ticket (expected) and inside just now, to the welfare team on the register and
    present.

    needed, needed_now: adults for the expected, and for those inside; younger, older: children to one adult.
    """

    expected: int
    inside: int
    welfare: int
    present: int
    needed: int
    needed_now: int
    younger: int
    older: int

    @property
    def is_short(self) -> bool:
        return self.welfare < self.needed

    @property
    def is_short_now(self) -> bool:
        return self.present < self.needed_now


def welfare_ratio(*, event: Event) -> Ratio:
    """Under-16s to the welfare team, checks seen or not. Three queries."""
    young = Ticket.objects.taking_a_place().filter(event=event, age_band__in=[*YOUNGER, *OLDER])
    expected = dict(young.values_list("age_band").annotate(people=Count("pk")).order_by())
    entered = Admission.objects.inside().filter(
        door_list__event=event, door_list__session__isnull=True, ticket__age_band__in=[*YOUNGER, *OLDER]
    )
    inside = dict(entered.values_list("ticket__age_band").annotate(people=Count("pk")).order_by())
    team = list(StaffMember.objects.filter(event=event, role__in=WELFARE).only("came_at", "left_at"))
    return Ratio(
        expected=sum(expected.values()),
        inside=sum(inside.values()),
        welfare=len(team),
        present=sum(member.is_present for member in team),
        needed=_adults_for(expected),
        needed_now=_adults_for(inside),
        younger=settings.CHILDREN_TO_ONE_ADULT["younger"],
        older=settings.CHILDREN_TO_ONE_ADULT["older"],
    )


def note_presence(*, member: StaffMember, is_here: bool, by: User, now: datetime) -> StaffMember:
    """Somebody on the register has come, has left, or is back. Repeating it changes nothing."""
    with transaction.atomic():
        member = StaffMember.objects.select_for_update(of=("self",)).get(pk=member.pk)
        if member.is_present == is_here:
            return member
        if is_here:
            member.came_at, member.left_at = member.came_at or now, None
        else:
            member.left_at = now
        member.save(update_fields=["came_at", "left_at"])
        did = "noted that somebody on duty came" if is_here else "noted that somebody on duty left"
        change_log.note(about=member, event_id=member.event_id, did=did, by=by, now=now)
    return member


def save_member(
    *,
    event: Event,
    name: str,
    role: str,
    by: User,
    now: datetime,
    member: StaffMember | None = None,
    organisation: str = "",
    duty: str = "",
    id_seen_on: date | None = None,
    dbs_level: str = StaffMember.Dbs.NOT_ASKED,
    dbs_seen_on: date | None = None,
) -> StaffMember:
    """Put somebody on the register, or change what is noted. by is kept as who saw the checks.

    Nothing of a certificate is kept but its level and the day it was seen; no check is forced on a role.

    :raises InvalidInput: no name, a check seen in the future, or seen without a level
    """
    _refuse(name, id_seen_on, dbs_level, dbs_seen_on, wall_time(now).date())
    with transaction.atomic():
        new = member is None
        member = member or StaffMember(event=event, added_at=now)
        seen_before = (member.id_seen_on, member.dbs_level, member.dbs_seen_on)
        member.name, member.role, member.organisation, member.duty = name.strip(), role, organisation, duty
        member.id_seen_on, member.dbs_level, member.dbs_seen_on = id_seen_on, dbs_level, dbs_seen_on
        if (id_seen_on or dbs_seen_on) and seen_before != (id_seen_on, dbs_level, dbs_seen_on):
            member.checked_by = by
        member.save()
        did = "put somebody on the staff register" if new else "changed the staff register"
        change_log.note(about=member, event_id=event.pk, did=did, by=by, now=now)
    return member


def remove_member(*, member: StaffMember, by: User, now: datetime) -> None:
    with transaction.atomic():
        change_log.note(
            about=member, event_id=member.event_id, did="took somebody off the staff register", by=by, now=now
        )
        member.delete()


def forget_staff(*, now: datetime) -> int:
    """The register leaves with the names of those who came; return how many rows."""
    over = leaves_before(data_class=DataClass.NAMES, now=now)
    return StaffMember.objects.filter(event__ends_at__lte=over).delete()[0]


def _adults_for(by_band: dict[str, int]) -> int:
    """Children to one adult: by default as the NSPCC advises for ages 9 to 12 and 13 to 18;
    the safeguarding lead decides."""
    ratios = settings.CHILDREN_TO_ONE_ADULT
    return ceil(
        sum(
            Fraction(people, ratios["younger" if band in YOUNGER else "older"])
            for band, people in by_band.items()
        )
    )


def _refuse(
    name: str, id_seen_on: date | None, dbs_level: str, dbs_seen_on: date | None, today: date
) -> None:
    faults: dict[str, list[str]] = {}
    if fault := name_fault(name):
        faults["name"] = [fault]
    for field, day in (("id_seen_on", id_seen_on), ("dbs_seen_on", dbs_seen_on)):
        if day is not None and day > today:
            faults[field] = ["Enter the day on which it was seen, today or before"]
    if dbs_seen_on is not None and dbs_level == StaffMember.Dbs.NOT_ASKED:
        faults["dbs_level"] = ["Say which level was seen"]
    if faults:
        raise InvalidInput("Check what you entered.", fields=faults)
