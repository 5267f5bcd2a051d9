"""Does somebody else, from the exported rows alone, get the same figures?

The second computation below is plain Python, written from the rules of reach.md and not from the code of
reporting/domain: it knows rows, sets and loops, no SQL. Fifty random programmes are counted both ways.
"""

import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from door.models import Admission, CheckIn, DoorList
from events.models import Exhibitor, Session, Strand
from people.boroughs import Borough
from reporting.domain.reach import measure_reach
from reporting.models import AttendanceCorrection, HandCount, NearMatch, NearMatchDecision, SchoolType, Target
from tests import factories
from tests.reporting.programme import attend, entrance, make_registration, make_target, make_ticket
from tickets.models import Encounter, MeetingPoint, Registration, SessionPlace, Ticket

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.thorough]
START = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
SIX = {"halton", "knowsley", "liverpool", "sefton", "st-helens", "wirral"}
BANDS = {"11-13": (11, 13), "14-15": (14, 15), "16-18": (16, 18), "19-25": (19, 25), "26-plus": (26, 150)}
BANDS |= {"under-11": (0, 10)}
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
                    is_adult_of_group=bool(group) and chance.random() < 0.1,
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
    for _ in range(chance.choice([0, 2])):
        heads = HandCount.objects.create(
            event=events[0],
            heads=chance.randrange(1, 30),
            reason="gate was open",
            recorded_by=user,
            recorded_at=START + timedelta(days=chance.randrange(60)),
            supersedes=heads,
        )
    for group in groups.values():
        if kind := {"School X": "special", "School Y": "college"}.get(group.organisation):
            SchoolType.objects.create(registration=group, kind=kind, recorded_by=user, recorded_at=START)
    limits = chance.choice([(11, 25), (11, 18), (None, None), (14, None)])
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


def second_computation(target: Target, as_at: datetime) -> dict:
    """The figures from exported rows: lists of plain values."""
    events = sorted(
        ((e.starts_at, e.pk, e) for e in target.series.events.exclude(status="draft")),
        key=lambda row: row[:2],
    )
    order = {pk: place for place, (_, pk, _) in enumerate(events)}
    tickets = {t.pk: t for t in Ticket.objects.select_related("registration") if t.event_id in order}
    admitted = {
        a.ticket_id
        for a in Admission.objects.select_related("door_list")
        if a.door_list.session_id is None
        and a.recorded_at <= as_at
        and (a.ended_at is None or a.ended_at > as_at)
    }
    by_hand = {}
    for row in AttendanceCorrection.objects.order_by("recorded_at", "pk"):
        if row.recorded_at <= as_at:
            by_hand[row.ticket_id] = row.attendance
    came = {pk for pk in tickets if by_hand.get(pk, "came" if pk in admitted else "") == "came"}

    def band_counts(band: str) -> bool:
        if target.min_age is None and target.max_age is None:
            return True
        if band == "":
            return False
        low, high = BANDS[band]
        return low >= (target.min_age or 0) and high <= (150 if target.max_age is None else target.max_age)

    met_employer, met_meaningful, met_strands = _meetings(as_at)
    young = target.rung != "engaged"
    eligible = [
        tickets[pk]
        for pk in sorted(came, key=lambda pk: (order[tickets[pk].event_id], pk))
        if tickets[pk].person_id is not None
        and band_counts(tickets[pk].age_band)
        and not (target.residence == "region" and tickets[pk].borough not in SIX)
        and not (young and tickets[pk].is_adult_of_group)
    ]
    counted = [
        t
        for t in eligible
        if target.rung in ("reached", "engaged")
        or t.pk in (met_meaningful if target.rung == "meaningful-encounter" else met_employer)
    ]
    same, open_pairs = _pairs(as_at)
    groups = _groups({t.person_id for t in Ticket.objects.exclude(person=None)}, same)
    first: dict = {}
    at_event = defaultdict(set)
    for t in counted:
        first.setdefault(groups[t.person_id], t)
        at_event[t.event_id].add(groups[t.person_id])
    people = set(first)
    wider = _groups(set(groups.values()), [(groups[a], groups[b]) for a, b in open_pairs])

    def tally(values, names):
        counts = dict.fromkeys(names, 0)
        for value in values:
            counts[value] += 1
        return counts

    shapes = defaultdict(set)
    strands = defaultdict(set)
    for t in counted:
        for strand in met_strands[t.pk]:
            strands[strand.name].add(groups[t.person_id])
            if strand.shape != "none":
                shapes[groups[t.person_id]].add(strand.shape)
    boroughs = tally((t.borough for t in first.values()), Borough.values)
    bands = tally((t.age_band for t in first.values()), [*sorted(BANDS), ""])
    registered = [
        t
        for t in tickets.values()
        if t.issued_at <= as_at
        and (t.state != "cancelled" or (t.registration.ended_at and t.registration.ended_at > as_at))
    ]
    standing = {h.pk: h.heads for h in HandCount.objects.all() if h.recorded_at <= as_at}
    for h in HandCount.objects.filter(recorded_at__lte=as_at):
        standing.pop(h.supersedes_id, None)
    seen: set = set()
    new = {}
    for _, pk, event in events:
        new[event.slug] = len(at_event[pk] - seen)
        seen |= at_event[pk]
    return {
        "value": len(people),
        "low": len({wider[person] for person in people}),
        "by_borough": boroughs,
        "by_age_band": {band: number for band, number in bands.items() if band},
        "age not known": bands[""],
        "by_edition": {event.slug: len(at_event[pk]) for _, pk, event in events},
        "new": new,
        "registered": len(registered),
        "came": len(came),
        "encounter": len({groups[t.person_id] for t in eligible if t.pk in met_employer}),
        "meaningful_encounter": len({groups[t.person_id] for t in eligible if t.pk in met_meaningful}),
        "by_strand": {name: len(who) for name, who in strands.items() if who},
        "convergence": {n: sum(len(met) == n for met in shapes.values()) for n in (1, 2, 3)},
        "without_names": sum(tickets[pk].person_id is None for pk in came) + sum(standing.values()),
        "duplicates_removed": len(counted) - len(people),
        "by_school_type": _schools(counted, groups, len(people)),
    }


def _meetings(as_at):
    employer, meaningful, strands = set(), set(), defaultdict(set)

    def met_session(ticket, session):
        strands[ticket].update(session.strands.all())
        if session.exhibitors.exists():
            employer.add(ticket)
            tests = session.purpose_shared, session.outcomes_fitted, session.two_way, session.time_to_reflect
            if all(tests):
                meaningful.add(ticket)

    for row in Encounter.objects.select_related("point__session", "point__exhibitor"):
        if row.recorded_at > as_at:
            continue
        if row.point.session:
            met_session(row.ticket_id, row.point.session)
        else:
            employer.add(row.ticket_id)
            strands[row.ticket_id].update(row.point.exhibitor.strands.all())
    for row in Admission.objects.exclude(door_list__session=None).select_related("door_list__session"):
        if row.recorded_at <= as_at and (row.ended_at is None or row.ended_at > as_at):
            met_session(row.ticket_id, row.door_list.session)
    return employer, meaningful, strands


def _pairs(as_at):
    same, undecided = [], []
    for pair in NearMatch.objects.all():
        if pair.found_at > as_at:
            continue
        decisions = [d for d in pair.decisions.order_by("decided_at", "pk") if d.decided_at <= as_at]
        last = decisions[-1].decision if decisions else "undecided"
        if last == "same":
            same.append((pair.first_id, pair.second_id))
        elif last == "undecided":
            undecided.append((pair.first_id, pair.second_id))
    return same, undecided


def _groups(people, pairs):
    """Person to the smallest person of the group that the pairs make."""
    group = {person: {person} for person in people}
    for first, second in pairs:
        joined = group[first] | group[second]
        for person in joined:
            group[person] = joined
    return {person: min(members) for person, members in group.items()}


def _schools(counted, groups, people):
    kinds = dict(SchoolType.objects.values_list("registration", "kind"))
    first = {}
    for t in sorted(counted, key=lambda t: t.pk):
        if t.registration.kind == "group":
            first.setdefault(groups[t.person_id], kinds.get(t.registration_id, "not-recorded"))
    numbers = defaultdict(int)
    for kind in first.values():
        numbers[kind] += 1
    return dict(numbers) | {"individual": people - len(first)} if numbers else {}


@pytest.mark.parametrize("seed", range(50))
def test_figures_agree_with_the_second_computation(seed):
    target, as_at = random_programme(seed)

    report = measure_reach(target=target, as_at=as_at).as_values()
    again = second_computation(target, as_at)

    bands = dict(report["by_age_band"])
    convergence = report["convergence"]
    assert {
        "value": report["value"],
        "low": report["low"],
        "by_borough": report["by_borough"],
        "age not known": bands.pop("not-known", 0),
        "by_age_band": bands,
        "by_edition": report["by_edition"],
        "new": {one["edition"]: one["new"] for one in report["editions"]},
        "registered": report["funnel"]["registered"],
        "came": report["funnel"]["came"],
        "encounter": report["ladder"]["encounter"],
        "meaningful_encounter": report["ladder"]["meaningful_encounter"],
        "by_strand": report["by_strand"],
        "convergence": {n: convergence.get(str(n), 0) for n in (1, 2, 3)},
        "without_names": report["heads_without_names"],
        "duplicates_removed": report["evidence"]["duplicates_removed"],
        "by_school_type": report["by_school_type"],
    } == again
    assert report == measure_reach(target=target, as_at=as_at).as_values()
    assert entrance(target.series.events.first())
