"""What follows from scans that come together, late, decided on the phone or out of order?"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from door.domain.code_search import tickets_by_code
from door.domain.decisions import Decision, facts_of
from door.domain.reconciliation import counts, move_of, settle
from door.domain.replays import answers_to
from door.domain.scans import MalformedScan, Scan, happened_at, is_late
from door.domain.standing import Move, fold
from door.domain.ticket_lookup import KnownTicket, Post
from door.domain.verdicts import LET_IN, NOT_OURS, Facts, Presence, Verdict, decide, override
from door.models import Admission, CheckIn, Conflict
from events.models import Event
from tickets.models import Ticket

SUPERVISOR_FOR = timedelta(hours=12)


@dataclass
class _Desk:
    """What the scans of one upload are judged by; histories grow as scans are decided."""

    post: Post
    now: datetime
    quarantine: bool
    inside: int
    tickets: dict[str, KnownTicket]  # by the scan's code as sent
    histories: dict[int, list[CheckIn]] = field(default_factory=lambda: defaultdict(list))
    undone: set[int] = field(default_factory=set)
    told: dict[int, str] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)


def admit_together(
    *, post: Post, scans: Sequence[Scan], now: datetime, quarantine: bool = False
) -> list[Decision]:
    """Decide and keep scans inside the caller's transaction; answers in the order sent.

    :raises MalformedScan: a scan_id belongs to a scan of another event
    """
    stored = {
        row.scan_id: row for row in CheckIn.objects.filter(scan_id__in={scan.scan_id for scan in scans})
    }
    if any(row.event_id != post.event_id or row.undoes_id for row in stored.values()):
        raise MalformedScan(fields={"scan_id": ["Another scan has this id."]})
    desk = _desk(post, scans, now, quarantine)
    fresh: dict[UUID, CheckIn] = {}
    in_order = sorted(scans, key=lambda scan: happened_at(scan=scan, clock_offset=post.clock_offset, now=now))
    for scan in in_order:
        if scan.scan_id not in stored and scan.scan_id not in fresh:
            fresh[scan.scan_id] = _decide_one(desk, scan)
    for row in fresh.values():
        row.pk = None
    rows = CheckIn.objects.bulk_create(fresh.values())
    for conflict in desk.conflicts:
        conflict.check_in_id = conflict.check_in.pk
    Conflict.objects.bulk_create(desk.conflicts)
    corrected = _hear_later_decisions(scans, stored, now)
    touched = {row.ticket_id for row in [*rows, *corrected] if row.ticket_id and not row.is_practice}
    if touched and not quarantine:
        settle(ticket_ids=touched, door_list_id=post.door_list_id, now=now)
    answers = answers_to(rows=[*stored.values(), *rows], post=post, replays=set(stored))
    by_id = {answer.scan_id: answer for answer in answers}
    return [by_id[scan.scan_id] for scan in scans]


def new_check_in(
    *,
    post: Post,
    ticket: KnownTicket | None,
    scan: Scan,
    verdict: str,
    happened: datetime,
    now: datetime,
    overridden: str = "",
    is_quarantined: bool = False,
) -> CheckIn:
    unknown = ticket is None
    return CheckIn(
        scan_id=scan.scan_id,
        event_id=post.event_id,
        door_list_id=post.door_list_id,
        gate_id=post.gate_id,
        device_id=post.device_id,
        ticket_id=None if ticket is None else ticket.id,
        unknown_digest=sha256(scan.code.encode("utf-8", "surrogatepass")).hexdigest() if unknown else "",
        direction=scan.direction,
        verdict=verdict,
        decided=scan.decided,
        collection=scan.collection,
        override_reason="" if unknown else scan.override_reason,
        overridden_verdict=overridden,
        scanned_at=scan.scanned_at,
        happened_at=happened,
        recorded_at=now,
        is_practice=scan.is_practice,
        is_quarantined=is_quarantined,
    )


def _desk(post: Post, scans: Sequence[Scan], now: datetime, quarantine: bool) -> _Desk:
    inside = post.inside
    if post.safe_capacity is not None and not all(scan.decided for scan in scans):
        Event.objects.select_for_update().only("id").get(pk=post.event_id)
        inside = Admission.objects.inside().filter(door_list=post.door_list_id).count()
    tickets = tickets_by_code(post=post, sent={scan.code for scan in scans})
    ticket_ids = sorted({ticket.id for ticket in tickets.values()})
    list(Ticket.objects.select_for_update().filter(pk__in=ticket_ids).order_by("pk").values_list("pk"))
    desk = _Desk(post=post, now=now, quarantine=quarantine, inside=inside, tickets=tickets)
    rows = CheckIn.objects.filter(ticket__in=ticket_ids, door_list=post.door_list_id)
    for row in rows.order_by("id"):
        desk.histories[row.ticket_id or 0].append(row)
        desk.undone.add(row.undoes_id or 0)
    desk.told = dict(
        Conflict.objects.filter(check_in__ticket__in=ticket_ids)
        .exclude(decided="")
        .values_list("check_in_id", "decided")
    )
    return desk


def _decide_one(desk: _Desk, scan: Scan) -> CheckIn:
    """A row that is not stored yet, entered into the history with a number after all stored ones."""
    post, now = desk.post, desk.now
    ticket = desk.tickets.get(scan.code)
    happened = happened_at(scan=scan, clock_offset=post.clock_offset, now=now)
    facts = _facts(desk, scan, ticket, happened)
    verdict: str = decide(facts)
    overridden, quarantined = "", desk.quarantine
    if scan.override_reason and not scan.is_exit:
        if quarantined or _has_grant(post, happened):
            overridden, verdict = verdict, override(verdict, facts)
            overridden = "" if overridden == verdict else overridden
        else:
            quarantined = True
    served = verdict
    if scan.decided and ticket is not None and not quarantined and not (scan.override_reason and overridden):
        verdict = scan.decided
    row = new_check_in(
        post=post,
        ticket=ticket,
        scan=scan,
        verdict=verdict,
        happened=happened,
        now=now,
        overridden=overridden,
        is_quarantined=quarantined,
    )
    if not (quarantined or scan.is_practice) and _disagrees(scan, served, facts, overridden):
        desk.conflicts.append(
            Conflict(check_in=row, server_verdict=_apart_from_others(served, facts), found_at=now)
        )
    if ticket is not None:
        row.pk = _AFTER_ALL + len(desk.histories[ticket.id])
        desk.histories[ticket.id].append(row)
        if not (quarantined or scan.is_practice):
            desk.inside += _change_inside(facts, verdict)
    return row


_AFTER_ALL = 2**62


def _facts(desk: _Desk, scan: Scan, ticket: KnownTicket | None, happened: datetime) -> Facts:
    late = is_late(happened=happened, now=desk.now)
    at = max(happened, desk.post.opens_at) if scan.is_practice else happened
    return facts_of(
        post=desk.post,
        ticket=ticket,
        direction=scan.direction,
        at=min(at, desk.post.closes_at - timedelta(seconds=1)) if scan.is_practice else at,
        state=ticket.state_as_of(happened) if ticket and late else None,
        admission=_admission_as_of(desk, ticket, happened, scan.is_practice),
        inside=desk.inside,
        # How full it was then is not known; a steward who let somebody in is believed.
        holds_capacity=not (late or scan.decided or scan.is_practice),
    )


def _admission_as_of(desk: _Desk, ticket: KnownTicket | None, at: datetime, is_practice: bool) -> Presence:
    if ticket is None:
        return "none"
    moves: list[Move] = []
    for row in desk.histories[ticket.id]:
        if row.happened_at > at or row.pk in desk.undone:
            continue
        if counts(row) and not is_practice:
            moves.append(move_of(row, told=desk.told.get(row.pk, "")))
        elif is_practice and row.is_practice and row.device_id == desk.post.device_id:
            moves.append(move_of(row))
    standing = fold(moves)
    return "none" if standing.admitted_by is None else "inside" if standing.is_inside else "outside"


def _has_grant(post: Post, happened: datetime) -> bool:
    """A supervisor's PIN was accepted within the 12 hours before the scan; the desk needs none."""
    if post.device_id is None:
        return True
    until = post.supervisor_until
    return until is not None and until - SUPERVISOR_FOR <= happened < until


def _disagrees(scan: Scan, served: str, facts: Facts, overridden: str) -> bool:
    """The steward let a person in whom the server would refuse for what the ticket is."""
    if scan.decided in LET_IN and not overridden:
        return _apart_from_others(served, facts) not in LET_IN
    return scan.decided == Verdict.LEFT and served in NOT_OURS


def _apart_from_others(served: str, facts: Facts) -> str:
    """The verdict without looking at other scans: those are judged by the fold, in any order."""
    return Verdict.ADMITTED if served == Verdict.ALREADY_ADMITTED else served


def _change_inside(facts: Facts, verdict: str) -> int:
    if verdict in LET_IN:
        return int(facts.admission != "inside")
    return -int(verdict == Verdict.LEFT and facts.admission == "inside")


def _hear_later_decisions(scans: Sequence[Scan], stored: dict[UUID, CheckIn], now: datetime) -> list[CheckIn]:
    """The answer was lost and the phone decided by itself, otherwise than the server: note what was done."""
    heard = []
    for scan in scans:
        row = stored.get(scan.scan_id)
        if row is None or row.decided or not scan.decided or row.ticket_id is None:
            continue
        if row.is_practice or row.is_quarantined or (scan.decided in LET_IN) == (row.verdict in LET_IN):
            continue
        Conflict.objects.update_or_create(
            check_in=row,
            defaults={"decided": scan.decided},
            create_defaults={"decided": scan.decided, "server_verdict": row.verdict, "found_at": now},
        )
        heard.append(row)
    return heard
