"""Who came, who did not, and of whom is it not recorded? Sums over the tallied tickets."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

from events.models import Event
from reporting.domain.figures.attended_rows import Scope, Who
from reporting.domain.figures.tallies import TicketKind
from reporting.models import AttendanceCorrection, HandCount

QUARTERS_SHOWN = 64  # sixteen hours; over a longer spread empty quarters are left out
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Heads:
    """People without names: tickets that nobody named, heads counted by hand, and those who took part online.

    by_age: of those who were there, the ones who may count for the target, by age band; empty: age not known.
    """

    on_tickets: int
    by_hand: int
    online: int
    by_age: dict[str, int]

    @property
    def number(self) -> int:
        return sum(self.by_age.values())


def funnel(
    scope: Scope, kinds: Counter[TicketKind], registered: dict[tuple[int, str], int], *, not_recorded: int
) -> dict:
    """Attendance has three values. not_recorded: tickets that somebody said so of.

    Of an edition that is over and whose door was used, who has no record did not come; of one that is not
    over, or whose door was never used, nothing is recorded.
    """
    expected: Counter = Counter()
    for (event, _), number in registered.items():
        expected[event] += number
    came: Counter = Counter()
    came_of_expected: Counter = Counter()
    for kind, number in kinds.items():
        came[kind.event_id] += number
        if kind.is_registered:
            came_of_expected[kind.event_id] += number
    over = {event.pk for event in scope.events if event.ends_at <= scope.as_at and came[event.pk]}
    missing = sum(max(0, expected[event] - came_of_expected[event]) for event in over)
    waiting = sum(
        max(0, expected[event] - came_of_expected[event]) for event in expected if event not in over
    )
    return {
        "registered": sum(expected.values()),
        "came": sum(came.values()),
        "did_not_come": max(0, missing - not_recorded),
        "not_recorded": waiting + min(missing, not_recorded),
    }


def said_not_recorded(scope: Scope) -> int:
    """Tickets of editions that are over, of which somebody noted that attendance is not recorded."""
    return sum(value == AttendanceCorrection.Attendance.NOT_RECORDED for value in scope.by_hand.values())


def arrivals(scope: Scope, kinds: Counter[TicketKind]) -> list[dict]:
    """Arrivals by quarter hour on the wall clock, summed over the editions, from the first to the last.

    An edition that lasts past midnight goes on counting: 00:15 of the next day comes after 23:45.
    """
    first_days = {event.pk: timezone.localtime(event.doors_open_at).date() for event in scope.events}
    quarters: Counter = Counter()
    for kind, number in kinds.items():
        if kind.quarter is not None:
            quarters[_quarter(kind.quarter, first_days[kind.event_id])] += number
    if not quarters:
        return []
    first, last = min(quarters), max(quarters)
    return [
        {"from": f"{quarter // 4 % 24:02d}:{quarter % 4 * 15:02d}", "people": quarters[quarter]}
        for quarter in (range(first, last + 1) if last - first < QUARTERS_SHOWN else sorted(quarters))
    ]


def heads(scope: Scope, kinds: Counter[TicketKind], who: Who) -> Heads:
    """One query. A hand count that was superseded by as_at does not stand.

    Heads are of unknown home; nobody knows of them whom they met, so they count on no rung that asks it.
    """
    counts = HandCount.objects.filter(event__in=scope.events, recorded_at__lte=scope.as_at).values_list(
        "pk", "heads", "is_online", "age_band", "supersedes_id"
    )
    rows = list(counts)
    gone = {superseded for *_, superseded in rows}
    there, online = Counter[str](), 0
    for pk, number, is_online, band, _ in rows:
        if pk in gone:
            continue
        if is_online:
            online += number
        else:
            there[band] += number
    unnamed = Counter({kind: number for kind, number in kinds.items() if not kind.has_person})
    by_age = Counter(there)
    for kind, number in unnamed.items():
        if not (who.young_only and kind.is_adult_of_group):
            by_age[kind.age_band] += number
    may_count = {} if who.met else {band: n for band, n in by_age.items() if n and band in who.bands | {""}}
    return Heads(unnamed.total(), there.total(), online, may_count)


def held(scope: Scope, kinds: Counter[TicketKind]) -> list[Event]:
    """Editions that are over and that somebody attended."""
    attended = {kind.event_id for kind in kinds}
    return [event for event in scope.events if event.ends_at <= scope.as_at and event.pk in attended]


def _quarter(quarter: int, first_day: date) -> int:
    """Quarter hours since midnight of the edition's first day, by the clock on the wall."""
    local = timezone.localtime(EPOCH + timedelta(minutes=15 * quarter))
    return (local.date() - first_day).days * 96 + local.hour * 4 + local.minute // 15
