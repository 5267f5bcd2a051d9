"""What does the server know at the moment of one scan? Everything, in one query.

Written in SQL because a scan has to cost one read: the device behind the token, its door list and
event, the ticket behind the code (also behind a replaced code), what stands for it here, how many
people are inside, and whether this scan was told before. Every part is found by an index, so the cost
does not grow with the event, except for counting the people inside in their partial index.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from door.models import Admission, CheckIn, Device, DoorList, Gate
from events.models import Event, Session, Space
from foundation.refusals import Kind, Refusal
from tickets.domain import codes
from tickets.models import Guardian, Registration, ReplacedCode, SessionPlace, Ticket

DEVICE_PREFIX = "door_"
WORKS_AFTER_EVENT = timedelta(hours=12)
SESSION_OPENS_BEFORE = timedelta(minutes=20)  # ours: time to fill a workshop room


class DeviceRefused(Refusal):
    """The token belongs to no working device: never paired, revoked, or the event is long over."""

    slug = "device-not-paired"
    title = "This phone is not paired"
    kind = Kind.FORBIDDEN


@dataclass(frozen=True, slots=True)
class Post:
    """Where one scans: the door list with its times, and the device with its gate (None: the desk)."""

    device_id: int | None
    clock_offset: timedelta
    supervisor_until: datetime | None
    gate_id: int | None
    gate_slug: str
    gate_name: str
    door_list_id: int
    event_id: int
    session_id: int | None
    session_is_open: bool
    opens_at: datetime
    closes_at: datetime
    safe_capacity: int | None
    inside: int


@dataclass(frozen=True, slots=True)
class KnownTicket:
    """A ticket as the door needs it. cancelled_at and confirmed_at: None where it is not so, or not known."""

    id: int
    event_id: int
    serial: int
    name: str
    age: int | None
    age_band: str
    state: str
    changed_at: datetime
    no_photos: bool
    may_leave_alone: bool
    is_adult_of_group: bool
    registration_id: int
    is_group: bool
    ended_at: datetime | None
    confirmed_at: datetime | None
    replaced_at: datetime | None
    has_place: bool

    def state_as_of(self, at: datetime) -> str:
        """A change that came after the scan does not make the scan wrong."""
        if self.state == Ticket.State.CANCELLED and (self.ended_at or self.changed_at) > at:
            return Ticket.State.VALID
        if self.state == Ticket.State.BLOCKED and self.changed_at > at:
            return Ticket.State.VALID
        if self.state == Ticket.State.VALID and self.confirmed_at and self.confirmed_at > at:
            return Ticket.State.ON_HOLD
        return self.state


@dataclass(frozen=True, slots=True)
class Standing:
    """The admission that stands for the ticket at this door list."""

    id: int
    is_inside: bool
    admitted_at: datetime
    gate_slug: str
    gate_name: str


@dataclass(frozen=True, slots=True)
class Known:
    post: Post
    replay_id: int | None
    ticket: KnownTicket | None
    standing: Standing | None
    latest_at: datetime | None


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def look_up(
    *,
    code: str,
    scan_id: UUID | None = None,
    token: str | None = None,
    device: Device | None = None,
    door_list: DoorList | None = None,
    now: datetime,
    even_if_revoked: bool = False,
) -> Known:
    """Everything about one scan, for the device behind a token, a device, or a door list. One query.

    :raises DeviceRefused: the token or device may not scan
    """
    source: str
    key: str | int
    if token is not None:
        source, key = _BY_TOKEN, token_digest(token)
    elif device is not None:
        source, key = _BY_DEVICE, device.pk
    elif door_list is not None:
        source, key = _BY_DOOR_LIST, door_list.pk
    else:
        raise TypeError("name a token, a device or a door list")
    wanted, is_short = wanted_fingerprint(code)
    scan_key = CheckIn._meta.get_field("scan_id").get_db_prep_value(scan_id, connection)
    row = _read(source, is_short, [scan_key, wanted, wanted, key])
    if row is None:
        raise DeviceRefused()
    known = _known(row)
    if not even_if_revoked and (row[1] is not None or _is_over(row, now)):
        raise DeviceRefused()
    return known


def _read(source: str, is_short: bool, parameters: list) -> tuple | None:
    """One row.

    PostgreSQL plans the query once a connection: planning takes five times as long as answering.
    """
    query = (_SHORT if is_short else _FULL)[source]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            query = _prepared(source, is_short, query)
        cursor.execute(query, parameters)
        return cursor.fetchone()


def _prepared(source: str, is_short: bool, query: str) -> str:
    """Make the plan where this connection has none yet; answer how to ask by it."""
    name = f"look_up_by_{source.replace(' ', '_')}_{'short' if is_short else 'full'}"
    known = vars(connection.connection).setdefault("prepared_by_the_door", set())
    if name not in known:
        numbered = query.replace("%s", "${}").format(1, 2, 3, 4)
        key_type = "text" if source == _BY_TOKEN else "bigint"
        with connection.wrap_database_errors:
            connection.connection.execute(f"PREPARE {name} (uuid, bytea, bytea, {key_type}) AS {numbered}")
        known.add(name)
    return f"EXECUTE {name} (%s, %s, %s, %s)"


def wanted_fingerprint(code: str) -> tuple[bytes, bool]:
    """The fingerprint to look for, and whether it is that of a typed short code;
    empty where it is no code."""
    full = codes.normalise_code(code)
    if full is not None:
        return codes.fingerprint(full), False
    typed = codes.normalise_typed_code(code)
    return (codes.short_fingerprint(typed), True) if typed else (b"", False)


def _is_over(row: tuple, now: datetime) -> bool:
    device_id, ends_at = row[0], _instant(row[10])
    return device_id is not None and ends_at + WORKS_AFTER_EVENT <= now


def _known(row: tuple) -> Known:
    take = iter(row).__next__
    device_id, _revoked_at, offset_ms = take(), take(), take() or 0
    supervisor_until = _instant(take())
    gate_id, gate_slug, gate_name = take(), take() or "", take() or ""
    door_list_id, event_id = take(), take()
    doors_open_at, ends_at, event_safe = _instant(take()), _instant(take()), take()
    session_id, session_starts, session_ends = take(), _instant(take()), _instant(take())
    session_capacity, space_safe, inside = take(), take(), take()
    post = Post(
        device_id=device_id,
        clock_offset=timedelta(milliseconds=offset_ms),
        supervisor_until=supervisor_until,
        gate_id=gate_id,
        gate_slug=gate_slug,
        gate_name=gate_name,
        door_list_id=door_list_id,
        event_id=event_id,
        session_id=session_id,
        session_is_open=session_id is not None and session_capacity is None,
        opens_at=session_starts - SESSION_OPENS_BEFORE if session_id else doors_open_at,
        closes_at=session_ends if session_id else ends_at,
        safe_capacity=space_safe if session_id else event_safe,
        inside=inside,
    )
    replay_id = take()
    ticket = standing = None
    ticket_id = take()
    if ticket_id is not None:
        ticket = KnownTicket(
            id=ticket_id,
            event_id=take(),
            serial=take(),
            name=take(),
            age=take(),
            age_band=take(),
            state=take(),
            changed_at=_instant(take()),
            no_photos=bool(take()),
            may_leave_alone=bool(take()),
            is_adult_of_group=bool(take()),
            registration_id=take(),
            is_group=take() == Registration.Kind.GROUP,
            ended_at=_instant(take()),
            confirmed_at=_instant(take()),
            replaced_at=_instant(take()),
            has_place=bool(take()),
        )
    latest_at, standing_id = _instant(row[-6]), row[-5]
    if standing_id is not None:
        standing = Standing(
            id=standing_id,
            is_inside=bool(row[-4]),
            admitted_at=_instant(row[-3]),
            gate_slug=row[-2] or "",
            gate_name=row[-1] or "",
        )
    return Known(post=post, replay_id=replay_id, ticket=ticket, standing=standing, latest_at=latest_at)


def _instant(value: Any) -> Any:
    """None, or an aware datetime in UTC. SQLite answers text in UTC, PostgreSQL aware datetimes."""
    if value is None:
        return None
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    return value.astimezone(UTC)


def _table(model) -> str:
    return connection.ops.quote_name(model._meta.db_table)


_BY_TOKEN, _BY_DEVICE, _BY_DOOR_LIST = "token", "device", "door list"
_SOURCES = {
    _BY_TOKEN: ("{device} d JOIN {door_list} dl ON dl.id = d.door_list_id", "d.token_digest = %s"),
    _BY_DEVICE: ("{device} d JOIN {door_list} dl ON dl.id = d.door_list_id", "d.id = %s"),
    _BY_DOOR_LIST: ("{door_list} dl LEFT JOIN {device} d ON 0 = 1", "dl.id = %s"),
}
_QUERY = """
SELECT d.id, d.revoked_at, d.clock_offset_ms, d.supervisor_until, g.id, g.slug, g.name,
  dl.id, e.id, e.doors_open_at, e.ends_at, e.safe_capacity,
  s.id, s.starts_at, s.ends_at, s.capacity, sp.safe_capacity,
  (SELECT COUNT(*) FROM {admission} i
    WHERE i.door_list_id = dl.id AND i.ended_at IS NULL AND i.is_inside),
  (SELECT c.id FROM {check_in} c WHERE c.scan_id = %s),
  t.id, t.event_id, t.serial, t.name, t.age, t.age_band, t.state, t.changed_at,
  t.no_photos, t.may_leave_alone, t.is_adult_of_group,
  r.id, r.kind, r.ended_at, gd.answered_at, rc.replaced_at,
  CASE WHEN s.id IS NOT NULL AND EXISTS (SELECT 1 FROM {session_place} p
    WHERE p.ticket_id = t.id AND p.session_id = s.id) THEN 1 ELSE 0 END,
  (SELECT MAX(c.happened_at) FROM {check_in} c WHERE c.ticket_id = t.id AND c.door_list_id = dl.id),
  a.id, a.is_inside, a.admitted_at, ag.slug, ag.name
FROM {source}
JOIN {event} e ON e.id = dl.event_id
LEFT JOIN {gate} g ON g.id = d.gate_id
LEFT JOIN {session} s ON s.id = dl.session_id
LEFT JOIN {space} sp ON sp.id = s.space_id
LEFT JOIN {replaced} rc ON rc.id = {replaced_key}
LEFT JOIN {ticket} t ON t.id = COALESCE({ticket_key}, rc.ticket_id)
LEFT JOIN {registration} r ON r.id = t.registration_id
LEFT JOIN {guardian} gd ON gd.ticket_id = t.id
LEFT JOIN {admission} a ON a.id = (SELECT x.id FROM {admission} x
    WHERE x.ticket_id = t.id AND x.door_list_id = dl.id AND x.ended_at IS NULL)
LEFT JOIN {check_in} ac ON ac.id = a.check_in_id
LEFT JOIN {gate} ag ON ag.id = ac.gate_id
WHERE {where}
"""
_FULL_KEYS = {
    "replaced_key": "(SELECT x.id FROM {replaced} x WHERE x.fingerprint = %s)",
    "ticket_key": "(SELECT x.id FROM {ticket} x WHERE x.fingerprint = %s)",
}
# The typed short code counts within the device's own event only.
_SHORT_KEYS = {
    "replaced_key": "(SELECT x.id FROM {replaced} x JOIN {ticket} y ON y.id = x.ticket_id"
    " WHERE y.event_id = e.id AND x.short_fingerprint = %s LIMIT 1)",
    "ticket_key": (
        "(SELECT x.id FROM {ticket} x WHERE x.event_id = e.id AND x.short_fingerprint = %s LIMIT 1)"
    ),
}
_TABLES = {
    "device": Device,
    "door_list": DoorList,
    "event": Event,
    "gate": Gate,
    "session": Session,
    "space": Space,
    "replaced": ReplacedCode,
    "ticket": Ticket,
    "registration": Registration,
    "guardian": Guardian,
    "admission": Admission,
    "check_in": CheckIn,
    "session_place": SessionPlace,
}


def _queries(keys: dict[str, str]) -> dict[str, str]:
    tables = {name: _table(model) for name, model in _TABLES.items()}
    return {
        name: _QUERY.format(
            source=source.format(**tables),
            where=where,
            **{key: part.format(**tables) for key, part in keys.items()},
            **tables,
        )
        for name, (source, where) in _SOURCES.items()
    }


_FULL = _queries(_FULL_KEYS)
_SHORT = _queries(_SHORT_KEYS)
