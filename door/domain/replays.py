"""What is answered about scans that are stored already, and what holds of each now?"""

from collections import defaultdict
from collections.abc import Sequence, Set
from uuid import UUID

from django.db.models import Q

from door.domain.code_search import tickets_where
from door.domain.decisions import Decision, message, shown
from door.domain.reconciliation import counts, move_of, standing_of
from door.domain.standing import fold
from door.domain.ticket_lookup import KnownTicket, Post
from door.domain.verdicts import NOT_OURS
from door.models import Admission, CheckIn, Conflict


def answers_to(*, rows: Sequence[CheckIn], post: Post, replays: Set[UUID] = frozenset()) -> list[Decision]:
    """Answers in the order of rows. The number of queries does not grow with the rows."""
    ticket_ids = {row.ticket_id for row in rows if row.ticket_id}
    door_lists = {row.door_list_id for row in rows}
    tickets = {ticket.id: ticket for ticket in tickets_where(Q(pk__in=ticket_ids), session_id=None).values()}
    conflicts = {
        conflict.check_in_id: conflict
        for conflict in Conflict.objects.filter(
            Q(check_in__ticket__in=ticket_ids) | Q(check_in__in=[row.pk for row in rows])
        )
    }
    admissions = {
        (admission.ticket_id, admission.door_list_id): admission
        for admission in Admission.objects.standing()
        .filter(ticket__in=ticket_ids, door_list__in=door_lists)
        .select_related("check_in__gate")
    }
    standings, undone = _standings(ticket_ids, door_lists, conflicts)
    inside = Admission.objects.inside().filter(door_list=post.door_list_id).count()
    answers = []
    for row in rows:
        key = (row.ticket_id, row.door_list_id)
        standing = standing_of(
            row,
            is_undone=row.pk in undone,
            conflict=conflicts.get(row.pk),
            standing=standings.get(key),
        )
        answers.append(
            _answer(
                row,
                post=post,
                standing=standing,
                ticket=tickets.get(row.ticket_id or 0),
                admission=admissions.get(key),
                inside=inside,
                is_replay=row.scan_id in replays,
            )
        )
    return answers


def _standings(ticket_ids: set[int], door_lists: set[int], conflicts: dict[int, Conflict]):
    histories, undone = defaultdict(list), set()
    for row in CheckIn.objects.filter(ticket__in=ticket_ids, door_list__in=door_lists).order_by("id"):
        histories[row.ticket_id, row.door_list_id].append(row)
        undone.add(row.undoes_id)
    told = {check_in_id: conflict.decided for check_in_id, conflict in conflicts.items()}
    standings = {
        key: fold(
            move_of(row, told=told.get(row.pk, "")) for row in rows if counts(row) and row.pk not in undone
        )
        for key, rows in histories.items()
    }
    return standings, undone


def _answer(
    row: CheckIn,
    *,
    post: Post,
    standing: str,
    ticket: KnownTicket | None,
    admission: Admission | None,
    inside: int,
    is_replay: bool,
) -> Decision:
    is_ours = row.verdict not in NOT_OURS
    gate = admission.check_in.gate if admission and is_ours else None
    return Decision(
        scan_id=row.scan_id,
        verdict=row.verdict,
        standing=standing,
        message=message(
            verdict=row.verdict,
            post=post,
            at=row.happened_at,
            ticket=ticket,
            admitted_at=admission.admitted_at if admission else None,
            gate_name=gate.name if gate else "",
        ),
        ticket=shown(ticket, row.verdict),
        first_admitted_at=admission.admitted_at if admission and is_ours else None,
        gate=gate.slug if gate else post.gate_slug,
        inside=inside,
        safe_capacity=post.safe_capacity,
        is_replay=is_replay,
    )
