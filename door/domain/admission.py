"""Who is let in? One scan or five hundred, live or late: one road.

A live scan costs three reads and two inserts. The tickets are held while their scans are judged, so that of
two doors that scan one ticket in the same moment the second one knows of the first. Scans that come late are
judged as of their time, and fall into their place among the others whatever the order of arrival.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from door.domain.decisions import Decision, answer_to
from door.domain.devices import Post, post_of, refuse_hand_in
from door.domain.scans import MalformedScan, Scan, happened_at, is_believed, is_live, is_recent
from door.domain.standing import History, Place, bring_in_line, conflicts_over, histories_of
from door.domain.ticket_lookup import KnownTicket, known_tickets, tickets_by_code
from door.domain.verdicts import LET_IN, NOT_OURS, Belonging, Facts, Presence, Verdict, decide, override
from door.models import Admission, CheckIn, Conflict, Device, DoorList
from events.models import Event
from tickets.models import Ticket

TRIES = 8
# So near to the safe capacity the event is locked and counted again: more than there are doors.
NEAR_CAPACITY = 64  # people
SUPERVISOR_FOR = timedelta(hours=12)


def admit(
    *,
    scan: Scan,
    now: datetime,
    token: str | None = None,
    device: Device | None = None,
    door_list: DoorList | None = None,
) -> Decision:
    """Decide one scan by a device (or its token), or at a door list, and keep it.

    :raises DeviceRefused: the device may not scan
    :raises MalformedScan: the scan_id belongs to a scan of another event
    """
    return admit_all(scans=[scan], now=now, token=token, device=device, door_list=door_list)[0]


def admit_all(
    *,
    scans: Sequence[Scan],
    now: datetime,
    token: str | None = None,
    device: Device | None = None,
    door_list: DoorList | None = None,
    quarantine: bool = False,
) -> list[Decision]:
    """Decide scans in one transaction, in the order of their corrected time; answers in the order sent.

    The number of queries does not depend on the number of scans. quarantine keeps all for review.

    :raises DeviceRefused: the device may not scan
    :raises HandInOver: a revoked phone has handed in enough
    :raises MalformedScan: a scan_id belongs to a scan of another event
    """
    post = post_of(token=token, device=device, door_list=door_list, now=now, even_if_revoked=quarantine)
    if quarantine:
        refuse_hand_in(post=post, now=now)
    for _ in range(TRIES):
        try:
            with transaction.atomic(savepoint=False):
                return _admit(post, scans, now, quarantine)
        except IntegrityError:  # the same scan came in twice in one moment: the second time it is known
            if transaction.get_connection().in_atomic_block:
                raise
    raise RuntimeError("scans were overtaken again and again")


@dataclass(frozen=True)
class _Moment:
    """When a scan happened. is_capped: its phone said a time that cannot be."""

    at: datetime
    is_capped: bool = False


@dataclass
class _Upload:
    """What the scans are judged by; histories grow as they are judged. inside: as the scans change it."""

    post: Post
    now: datetime
    quarantine: bool
    is_alone: bool
    inside: int
    tickets: dict[str, KnownTicket]  # by the code as sent
    histories: dict[Place, History]
    stored: dict[UUID, CheckIn]
    fresh: dict[UUID, CheckIn] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)

    def history(self, row: CheckIn) -> History:
        return self.histories[row.ticket_id, row.door_list_id]


def _admit(post: Post, scans: Sequence[Scan], now: datetime, quarantine: bool) -> list[Decision]:
    inside = _count_inside(post, scans)
    tickets = tickets_by_code(post=post, sent={scan.code for scan in scans})
    ids = {ticket.id for ticket in tickets.values()}
    _hold(ids)
    histories, stored = histories_of(
        ticket_ids=ids, door_lists=[post.door_list_id], scan_ids={scan.scan_id for scan in scans}
    )
    if any(row.event_id != post.event_id or row.undoes_id for row in stored.values()):
        raise MalformedScan(fields={"scan_id": ["Another scan has this id."]})
    upload = _Upload(
        post=post,
        now=now,
        quarantine=quarantine,
        is_alone=len(scans) == 1,
        inside=inside,
        tickets=tickets,
        histories=histories | _histories_elsewhere(histories, stored),
        stored=stored,
    )
    for moment, scan in sorted(_moments(post, scans, now), key=lambda one: one[0].at):
        if scan.scan_id not in stored and scan.scan_id not in upload.fresh:
            _judge(upload, scan, moment)
    _keep(upload)
    _hear_later_decisions(upload, scans)
    if not quarantine:
        inside += bring_in_line(upload.histories, now=now)
    return _answers(upload, scans, inside)


def _count_inside(post: Post, scans: Sequence[Scan]) -> int:
    """People inside; near the safe capacity under a lock: two doors must not both let in the last one."""
    inside = Admission.objects.inside().filter(door_list=post.door_list_id)
    count = inside.count()
    asks = any(not (scan.decided or scan.is_practice) for scan in scans)
    if asks and post.safe_capacity is not None and count + len(scans) > post.safe_capacity - NEAR_CAPACITY:
        Event.objects.select_for_update(no_key=True).only("id").get(pk=post.event_id)
        count = inside.count()
    return count


def _hold(ticket_ids: Collection[int]) -> None:
    """Nobody else judges scans of these tickets until we are done. SQLite has one writer at a time anyway."""
    if ticket_ids and connection.features.has_select_for_update:
        held = Ticket.objects.select_for_update(no_key=True).filter(pk__in=ticket_ids)
        list(held.order_by("pk").values_list("pk"))


def _histories_elsewhere(
    histories: Mapping[Place, History], stored: Mapping[UUID, CheckIn]
) -> dict[Place, History]:
    """Of scans that are known already, but of another ticket or door than what was sent now."""
    found: dict[Place, History] = defaultdict(History)
    away = [row for row in stored.values() if (row.ticket_id, row.door_list_id) not in histories]
    conflicts = conflicts_over([row for row in away if row.ticket_id is None])
    for row in away:
        if row.ticket_id is None:
            found[None, row.door_list_id].add(row, conflicts.get(row.pk))
    ticket_ids = {row.ticket_id for row in away if row.ticket_id}
    if ticket_ids:
        _hold(ticket_ids)
        more, _ = histories_of(ticket_ids=ticket_ids, door_lists={row.door_list_id for row in away})
        found |= {place: one for place, one in more.items() if place not in histories}
    return found


def _moments(post: Post, scans: Sequence[Scan], now: datetime) -> list[tuple[_Moment, Scan]]:
    """When each scan happened. A query only where a time cannot be, and the phone counts its scans.

    Such a time is capped: to the last one that the phone had right before it, by its own counter, else to the
    receipt.
    """
    told = [(happened_at(scan=scan, clock_offset=post.clock_offset, now=now), scan) for scan in scans]
    good = [is_believed(happened=at, paired_at=post.paired_at, now=now) for at, _ in told]
    if all(good):
        return [(_Moment(min(at, now)), scan) for at, scan in told]
    right: dict[int, datetime] = {}  # by the phone's counter
    if any(scan.counter is not None for scan in scans) and post.device_id:
        known = CheckIn.objects.filter(device=post.device_id, counter__isnull=False, is_time_capped=False)
        right = {counter or 0: at for counter, at in known.values_list("counter", "happened_at")}
    for (at, scan), is_good in zip(told, good, strict=True):
        if is_good and scan.counter is not None:
            right[scan.counter] = min(at, now)
    return [
        (_Moment(min(at, now)) if is_good else _Moment(_capped(scan, right, now), is_capped=True), scan)
        for (at, scan), is_good in zip(told, good, strict=True)
    ]


def _capped(scan: Scan, right: Mapping[int, datetime], now: datetime) -> datetime:
    before = [counter for counter in right if scan.counter is not None and counter < scan.counter]
    return right[max(before)] if before else now


def _judge(upload: _Upload, scan: Scan, moment: _Moment) -> None:
    """A row that is not stored yet, entered into the history of its ticket."""
    post = upload.post
    ticket = upload.tickets.get(scan.code)
    happened = moment.at
    history = upload.histories.setdefault((ticket.id if ticket else None, post.door_list_id), History())
    live = not upload.quarantine and is_live(
        scan=scan, happened=happened, now=upload.now, is_alone=upload.is_alone
    )
    if live and not scan.is_practice:
        # The steward waits for an answer that holds now: nothing that stands already comes after it.
        happened = max(happened, history.last_at() or happened)
    facts = _facts(upload, scan, ticket, history, happened, live)
    verdict: str = decide(facts)
    overridden, quarantined = "", upload.quarantine
    if scan.override_reason and not scan.is_exit:
        if quarantined or _has_grant(post, happened):
            overridden, verdict = verdict, override(verdict, facts)
            overridden = "" if overridden == verdict else overridden
        else:
            quarantined = True
    served = verdict
    if scan.decided and ticket is not None and not quarantined and not (scan.override_reason and overridden):
        verdict = scan.decided
    row = _row(post, ticket, scan, verdict, happened, upload.now)
    row.overridden_verdict, row.is_quarantined, row.is_live = overridden, quarantined, live
    row.is_time_capped = moment.is_capped
    upload.fresh[scan.scan_id] = row
    conflict = None
    if not (quarantined or scan.is_practice):
        upload.inside += _change_inside(facts, verdict) if ticket else 0
        if _disagrees(scan, served, facts, overridden):
            server_verdict = _apart_from_others(served, facts)
            conflict = Conflict(check_in=row, server_verdict=server_verdict, found_at=upload.now)
            upload.conflicts.append(conflict)
    history.add(row, conflict)


def _row(
    post: Post, ticket: KnownTicket | None, scan: Scan, verdict: str, happened: datetime, now: datetime
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
        scanned_at=scan.scanned_at,
        happened_at=happened,
        recorded_at=now,
        counter=scan.counter,
        is_practice=scan.is_practice,
    )


def _facts(
    upload: _Upload,
    scan: Scan,
    ticket: KnownTicket | None,
    history: History,
    happened: datetime,
    live: bool,
) -> Facts:
    post, at = upload.post, happened
    known: Belonging
    known = "none" if ticket is None else "this-event" if ticket.event_id == post.event_id else "other-event"
    presence: Presence = "none"
    if ticket and scan.is_practice:
        at = min(max(happened, post.opens_at), post.closes_at - timedelta(seconds=1))
        presence = history.practised_at(happened, device_id=post.device_id).presence
    elif ticket:
        presence = history.standing_at(happened).presence
    # How full it was then is not known; a steward who let somebody in is believed.
    held = live or is_recent(happened=happened, now=upload.now)
    return Facts(
        direction=scan.direction,
        ticket=known,
        at=at,
        opens_at=post.opens_at,
        closes_at=post.closes_at,
        code_is_replaced=bool(ticket and ticket.replaced_at and ticket.replaced_at <= at),
        state="" if ticket is None else ticket.state if live else ticket.state_as_of(happened),
        expected_here=post.session_id is None or post.session_is_open or bool(ticket and ticket.has_place),
        admission=presence,
        inside=upload.inside,
        safe_capacity=post.safe_capacity if held and not (scan.decided or scan.is_practice) else None,
    )


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


def _keep(upload: _Upload) -> None:
    if upload.fresh:
        CheckIn.objects.bulk_create(upload.fresh.values())
    for conflict in upload.conflicts:
        conflict.check_in_id = conflict.check_in.pk
    if upload.conflicts:
        Conflict.objects.bulk_create(upload.conflicts)


def _hear_later_decisions(upload: _Upload, scans: Sequence[Scan]) -> None:
    """The answer was lost and the phone decided by itself, otherwise than the server: note what was done."""
    for scan in scans:
        row = upload.stored.get(scan.scan_id)
        if row is None or row.decided or not scan.decided or row.ticket_id is None:
            continue
        if row.is_practice or row.is_quarantined or (scan.decided in LET_IN) == (row.verdict in LET_IN):
            continue
        conflict, _ = Conflict.objects.update_or_create(
            check_in=row,
            defaults={"decided": scan.decided},
            create_defaults={
                "decided": scan.decided,
                "server_verdict": row.verdict,
                "found_at": upload.now,
            },
        )
        upload.history(row).conflicts[row.scan_id] = conflict


def _answers(upload: _Upload, scans: Sequence[Scan], inside: int) -> list[Decision]:
    rows = upload.stored | upload.fresh
    tickets = {ticket.id: ticket for ticket in upload.tickets.values()}
    missing = {row.ticket_id for row in rows.values() if row.ticket_id} - set(tickets)
    if missing:
        tickets |= {ticket.id: ticket for *_, ticket in known_tickets(Q(pk__in=missing))}
    return [
        answer_to(
            row,
            post=upload.post,
            history=upload.history(row),
            ticket=tickets.get(row.ticket_id or 0),
            inside=inside,
            is_replay=scan.scan_id in upload.stored,
        )
        for scan in scans
        for row in [rows[scan.scan_id]]
    ]
