"""Does somebody else, from the exported rows alone, get the same figures?

Fifty random programmes are counted twice: by the product, and by plain SQL that knows nothing of it.
"""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from door.models import Admission, CheckIn, DoorList
from events.models import Event, Exhibitor, Session, Strand
from people.boroughs import Borough
from reporting.domain.reach import measure_reach
from reporting.models import AttendanceCorrection, HandCount, NearMatch, NearMatchDecision, SchoolType, Target
from tests import factories
from tests.reporting.programme import attend, make_registration, make_target, make_ticket
from tests.reporting.second_computation import second_computation
from tickets.models import Encounter, MeetingPoint, Registration, SessionPlace, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.thorough]
START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
RUNGS = [Target.Rung.REACHED, Target.Rung.ENGAGED, Target.Rung.ENCOUNTER, Target.Rung.MEANINGFUL_ENCOUNTER]


def random_programme(seed: int) -> tuple[Target, datetime]:
    """Editions, tickets, scans, undone scans, hand corrections, pairs, meetings: all at random."""
    chance = random.Random(seed)
    user = factories.make_user("organiser")
    shapes = ["wave", "frame", "pixel", "none"]
    strands = [
        Strand.objects.get_or_create(slug=f"s-{one}", defaults={"name": f"Strand {one}", "shape": one})[0]
        for one in shapes
    ]
    events = []
    for number in range(chance.choice([1, 2, 2, 3])):
        event = factories.make_event(
            f"edition-{number}",
            title=f"Edition {number}",
            starts_at=START + timedelta(days=40 * number),
            capacity=500,
        )
        events.append(event)
        for place in range(chance.choice([0, 1, 2])):
            tests = {
                name: chance.random() < 0.8
                for name in ("purpose_shared", "outcomes_fitted", "two_way", "time_to_reflect")
            }
            session = factories.make_session(event, f"session-{place}", **tests)
            session.strands.set(chance.sample(strands, chance.choice([0, 1, 2])))
            if chance.random() < 0.7:
                maker = Exhibitor.objects.create(event=event, slug=f"maker-{place}", name=f"Maker {place}")
                maker.strands.set(chance.sample(strands, 1))
                session.exhibitors.add(maker)
                _point(event, exhibitor=maker)
            _point(event, session=session)
            DoorList.objects.create(event=event, session=session)
    names = [f"Person {chance.choice('ABCDEFGH')}{chance.choice('abcdefgh')} Example" for _ in range(25)]
    groups = {
        event.pk: make_registration(event, kind="group", organisation=f"School {chance.choice('XYZ')}")
        for event in events
    }
    tickets = []
    for name in names + [""] * 4:
        for event in events:
            if chance.random() < 0.35:
                continue
            if name and Ticket.objects.filter(event=event, name=name).exists():
                continue
            group = groups[event.pk] if chance.random() < 0.3 or not name else None
            tickets.append(
                make_ticket(
                    event,
                    name,
                    contact="class@example.org" if group else "",
                    age=chance.choice([8, 12, 13, 15, 17, 18, 22, 25, 40, None]),
                    borough=chance.choice(Borough.values),
                    registration=group,
                    is_adult_of_group=bool(group) and chance.random() < 0.3,
                    issued_at=event.starts_at - timedelta(days=chance.randrange(1, 39)),
                )
            )
    for ticket in tickets:
        _random_day(chance, ticket, user)
    people = sorted({ticket.person_id for ticket in tickets if ticket.person_id})
    for _ in range(chance.choice([0, 1, 3, 6])):
        first, second = sorted(chance.sample(people, 2))
        pair, _made = NearMatch.objects.get_or_create(
            first_id=first,
            second_id=second,
            defaults={"reason": "nickname", "found_at": START + timedelta(days=chance.randrange(90))},
        )
        for _ in range(chance.choice([0, 1, 2])):
            NearMatchDecision.objects.create(
                near_match=pair,
                decision=chance.choice(["same", "different", "undecided"]),
                decided_by=user,
                decided_at=START + timedelta(days=chance.randrange(100), minutes=chance.randrange(999)),
            )
    heads = None
    for _ in range(chance.choice([0, 2, 4])):
        heads = HandCount.objects.create(
            event=events[0],
            heads=chance.randrange(1, 30),
            age_band=chance.choice(["", "under-11", "14-15", "26-plus"]),
            is_online=chance.random() < 0.2,
            reason="gate was open",
            recorded_by=user,
            recorded_at=START + timedelta(days=chance.randrange(60)),
            supersedes=chance.choice([heads, None]),
        )
    for group in groups.values():
        if kind := {"School X": "special", "School Y": "college"}.get(group.organisation):
            SchoolType.objects.create(registration=group, kind=kind, recorded_by=user, recorded_at=START)
    limits = chance.choice([(11, 25), (11, 18), (None, None), (14, None), (16, 24)])
    target = make_target(
        rung=chance.choice(RUNGS),
        min_age=limits[0],
        max_age=limits[1],
        residence=chance.choice(["everyone", "region"]),
    )
    return target, START + timedelta(days=chance.choice([5, 60, 120]), minutes=chance.randrange(600))


def _random_day(chance: random.Random, ticket: Ticket, user) -> None:
    event = ticket.event
    at = event.doors_open_at + timedelta(minutes=chance.randrange(200))
    late = timedelta(minutes=chance.choice([0, 0, 5, 5000]))
    roll = chance.random()
    if roll < 0.7:
        admission = attend(ticket, at=at, recorded_at=at + late)
        if chance.random() < 0.15:
            undone = at + late + timedelta(minutes=chance.randrange(1, 20_000))
            Admission.objects.filter(pk=admission.pk).update(ended_at=undone)
            CheckIn.objects.create(
                scan_id=UUID(int=10**6 + CheckIn.objects.count()),
                event=event,
                door_list=admission.door_list,
                ticket=ticket,
                verdict="admitted",
                scanned_at=undone,
                happened_at=undone,
                recorded_at=undone,
                undoes=admission.check_in,
            )
    if roll > 0.9:
        Ticket.objects.filter(pk=ticket.pk).update(state="cancelled")
    elif roll > 0.87 and ticket.registration.kind == "individual":
        Ticket.objects.filter(pk=ticket.pk).update(state="cancelled")
        Registration.objects.filter(pk=ticket.registration_id).update(state="cancelled", ended_at=at)
    for _ in range(chance.choice([0, 0, 0, 1, 2])):
        AttendanceCorrection.objects.create(
            ticket=ticket,
            attendance=chance.choice(["came", "came", "did-not-come", "not-recorded"]),
            reason="register on paper",
            recorded_by=user,
            recorded_at=at + timedelta(minutes=chance.randrange(9000)),
        )
    for point in MeetingPoint.objects.filter(event=event):
        if chance.random() < 0.3:
            Encounter.objects.create(
                ticket=ticket, point=point, recorded_at=at + timedelta(minutes=chance.randrange(9000))
            )
    for session in Session.objects.filter(event=event):
        SessionPlace.objects.get_or_create(ticket=ticket, session=session)
        if chance.random() < 0.2:
            attend(ticket, at=at, recorded_at=at, door_list=DoorList.objects.get(session=session))


def _point(event, **what) -> MeetingPoint:
    number = MeetingPoint.objects.count() + 1
    return MeetingPoint.objects.create(
        event=event, fingerprint=number.to_bytes(16, "big"), created_at=START, **what
    )


EXPORTED = {
    "event": (Event, "id slug status starts_at"),
    "registration": (Registration, "id kind ended_at"),
    "ticket": (
        Ticket,
        "id registration_id event_id person_id age_band borough is_adult_of_group state issued_at",
    ),
    "door_list": (DoorList, "id session_id"),
    "admission": (Admission, "ticket_id door_list_id recorded_at ended_at"),
    "correction": (AttendanceCorrection, "id ticket_id attendance recorded_at"),
    "session": (Session, "id purpose_shared outcomes_fitted two_way time_to_reflect"),
    "session_exhibitors": (Session.exhibitors.through, "session_id exhibitor_id"),
    "session_strands": (Session.strands.through, "session_id strand_id"),
    "exhibitor_strands": (Exhibitor.strands.through, "exhibitor_id strand_id"),
    "strand": (Strand, "id name shape"),
    "point": (MeetingPoint, "id session_id exhibitor_id"),
    "encounter": (Encounter, "ticket_id point_id recorded_at"),
    "near_match": (NearMatch, "id first_id second_id found_at"),
    "decision": (NearMatchDecision, "id near_match_id decision decided_at"),
    "hand_count": (HandCount, "id heads age_band is_online supersedes_id recorded_at"),
    "school_type": (SchoolType, "registration_id kind"),
}


def exported(target: Target, as_at: datetime) -> dict:
    """Every row as plain values, moments as seconds, and what is asked."""

    def plain(value):
        return value.timestamp() if isinstance(value, datetime) else value

    tables = {}
    for table, (model, names) in EXPORTED.items():
        rows = model.objects.order_by("pk").values_list(*names.split())
        tables[table] = names.split(), [[plain(value) for value in row] for row in rows]
    asked = ["as_at", "rung", "min_age", "max_age", "residence"]
    row = [as_at.timestamp(), target.rung, target.min_age, target.max_age, target.residence]
    return tables | {"asked": (asked, [row])}


@pytest.mark.parametrize("seed", range(50))
def test_figures_agree_with_the_second_computation(seed):
    target, as_at = random_programme(seed)

    report = measure_reach(target=target, as_at=as_at).as_values()
    again = second_computation(exported(target, as_at))

    convergence = {wide: number for wide, number in report["convergence"].items() if wide != "0"}
    by_school_type = dict(report["by_school_type"])
    alone = by_school_type.pop("individual", 0)
    assert {
        "value": report["value"],
        "low": report["low"],
        "registered": report["funnel"]["registered"],
        "came": report["funnel"]["came"],
        "encounter": report["ladder"]["encounter"],
        "meaningful_encounter": report["ladder"]["meaningful_encounter"],
        "heads": report["heads"],
        "online": report["took_part_online"],
        "high": report["high"],
        "duplicates_removed": report["evidence"]["duplicates_removed"],
        "by_borough": report["by_borough"],
        "by_age_band": report["by_age_band"],
        "by_edition": report["by_edition"],
        "new": {one["edition"]: one["new"] for one in report["editions"]},
        "by_strand": report["by_strand"],
        "convergence": {wide: number for wide, number in convergence.items() if number},
        "by_school_type": by_school_type,
    } == again | {"convergence": {wide: n for wide, n in again["convergence"].items() if wide != "0"}}
    assert alone == report["value"] - sum(by_school_type.values()) or not by_school_type
    assert report == measure_reach(target=target, as_at=as_at).as_values()
