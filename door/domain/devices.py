"""Which phones may scan at which gate, and at which door?"""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from accounts.models import User
from door.domain.scans import plain_text
from door.models import CheckIn, Device, DoorList, Gate, PairingCode
from events.models import Event, Session
from foundation.refusals import InvalidInput, Kind, Refusal

DEVICE_PREFIX = "door_"
WORKS_AFTER_EVENT = timedelta(hours=12)
SESSION_OPENS_BEFORE = timedelta(minutes=20)  # ours: time to fill a workshop room
HAND_IN_FOR = timedelta(days=7)  # after the event
HAND_IN_MAX = 2_000  # scans of one revoked phone
CODE_WORKS_FOR = timedelta(minutes=10)
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0, O, 1, I, L: people type it
CODE_LENGTH = 16  # of 31 letters: 79 bits, for ten minutes
TOKEN_BYTES = 24  # 192 bits
NAME_MAX = 60
CLOCK_MAX = timedelta(days=20)  # what the column holds; a clock further off is simply wrong


class DeviceRefused(Refusal):
    """The token belongs to no working device: never paired, revoked, or the event is long over."""

    slug = "device-not-paired"
    title = "This phone is not paired"
    kind = Kind.FORBIDDEN


class HandInOver(Refusal):
    slug = "hand-in-over"
    title = "This phone cannot hand in more scans"
    kind = Kind.GONE


class EventOver(Refusal):
    slug = "event-over"
    title = "This event is over"


class PairingCodeGone(Refusal):
    slug = "pairing-code-gone"
    title = "This pairing code was used or has expired"
    kind = Kind.GONE


@dataclass(frozen=True)
class Paired:
    """token is shown this once; only its digest is kept."""

    token: str
    device: Device


@dataclass(frozen=True, slots=True)
class Post:
    """Where one scans: the door list with its times, and the device with its gate (None: the desk)."""

    device_id: int | None
    paired_at: datetime | None
    clock_offset: timedelta
    supervisor_until: datetime | None
    gate_id: int | None
    gate_slug: str
    gate_name: str
    door_list_id: int
    event_id: int
    event_ends_at: datetime
    session_id: int | None
    session_is_open: bool
    opens_at: datetime
    closes_at: datetime
    safe_capacity: int | None


def post_of(
    *,
    token: str | None = None,
    device: Device | None = None,
    door_list: DoorList | None = None,
    now: datetime,
    even_if_revoked: bool = False,
) -> Post:
    """Where the device behind a token, a device, or a door list scans. One query.

    :raises DeviceRefused: the token or device may not scan
    """
    if door_list is not None:
        [row] = DoorList.objects.filter(pk=door_list.pk).values(**_AT_THE_DOOR)
        return _post(dict(row))
    if token is not None:
        wanted = Device.objects.filter(token_digest=token_digest(token))
    elif device is not None:
        wanted = Device.objects.filter(pk=device.pk)
    else:
        raise TypeError("name a token, a device or a door list")
    rows = list(wanted.values(*_OF_THE_PHONE, **_OF_ITS_DOOR))
    if not rows:
        raise DeviceRefused()
    post = _post(dict(rows[0]))
    _refuse_gone(rows[0]["revoked_at"], post.event_ends_at, now, even_if_revoked)
    return post


def refuse_hand_in(*, post: Post, now: datetime) -> None:
    """A revoked phone hands in what it had not sent: so many, and so long after the event. One query.

    :raises HandInOver: the event is over for a week, or the phone has handed in all that one could have
    """
    if now > post.event_ends_at + HAND_IN_FOR:
        raise HandInOver("The event is over for more than a week. Take this phone to the organiser.")
    if CheckIn.objects.filter(device=post.device_id, is_quarantined=True).count() >= HAND_IN_MAX:
        raise HandInOver("This phone has handed in too many scans. Take it to the organiser.")


def silent_phones(*, event_ids: Collection[int]) -> QuerySet[Device]:
    """Phones that scanned, and were neither heard at the end of the event nor given back.

    Scans may be on them that nobody was told of.
    """
    scanned = CheckIn.objects.filter(device=OuterRef("pk"), is_practice=False)
    return Device.objects.filter(
        Exists(scanned), event__in=event_ids, revoked_at=None, last_seen_at__lt=F("event__ends_at")
    )


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def make_gate(*, event: Event, slug: str, name: str) -> Gate:
    """The gate of this slug; made if it is new."""
    return Gate.objects.get_or_create(event=event, slug=slug, defaults={"name": name})[0]


def door_list_of(*, event: Event, session: Session | None = None) -> DoorList:
    """The event's entrance, or a session's door; made if it is new."""
    return DoorList.objects.get_or_create(event=event, session=session)[0]


def make_pairing_code(*, gate: Gate, now: datetime, by: User | None, session: Session | None = None) -> str:
    """A one-time code for one phone, good for ten minutes. Earlier codes stay good.

    session: pairs the phone with that session's door instead of the event's entrance.

    :raises EventOver: twelve hours after its end an event needs no phones
    """
    if gate.event.ends_at + WORKS_AFTER_EVENT <= now:
        raise EventOver("This event is over. No more phones can be paired.")
    letters = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    PairingCode.objects.create(
        event=gate.event,
        gate=gate,
        door_list=door_list_of(event=gate.event, session=session),
        digest=_code_digest(letters),
        created_at=now,
        expires_at=now + CODE_WORKS_FOR,
        created_by=by,
    )
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def pair(*, pairing_code: str, name: str, now: datetime) -> Paired:
    """Make the phone that shows this code a device of its gate. The code is spent.

    :raises PairingCodeGone: used, expired, or never given out
    :raises InvalidInput: the name cannot be read
    """
    try:
        name = plain_text(name, at_most=NAME_MAX)
    except ValueError as error:
        raise InvalidInput(fields={"name": [str(error)]}) from None
    with transaction.atomic():
        codes = PairingCode.objects.select_related("event", "gate", "door_list")
        code = codes.filter(digest=_code_digest(pairing_code), expires_at__gt=now).first()
        mine = PairingCode.objects.filter(pk=code.pk if code else 0, used_at__isnull=True)
        if code is None or not mine.update(used_at=now):
            raise PairingCodeGone("This pairing code was used or has expired. Ask for a new one.")
        token = DEVICE_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
        device = Device.objects.create(
            event=code.event,
            gate=code.gate,
            door_list=code.door_list,
            name=name,
            token_digest=token_digest(token),
            paired_at=now,
            expires_at=code.event.ends_at + WORKS_AFTER_EVENT,
            last_seen_at=now,
        )
    return Paired(token=token, device=device)


def device_of(*, token: str, now: datetime, even_if_revoked: bool = False) -> Device:
    """The working device behind a token, with its event, gate, door list and session. One query.

    even_if_revoked: for handing in what a revoked phone had not sent.

    :raises DeviceRefused: never paired, revoked, or the event is long over
    """
    device = (
        Device.objects.select_related("event", "gate", "door_list__session__space")
        .filter(token_digest=token_digest(token))
        .first()
    )
    if device is None:
        raise DeviceRefused()
    _refuse_gone(device.revoked_at, device.event.ends_at, now, even_if_revoked)
    return device


def note_contact(
    *,
    device: Device,
    now: datetime,
    device_now: datetime | None = None,
    unsent: int | None = None,
    app_version: str | None = None,
    storage_kept: bool | None = None,
    fetched_roster: bool = False,
) -> None:
    """Keep what a device tells at a contact: its clock against ours, and its unsent scans. One query."""
    changes: dict = {"last_seen_at": now}
    if device_now is not None:
        offset = max(-CLOCK_MAX, min(CLOCK_MAX, now - device_now))
        changes["clock_offset_ms"] = round(offset / timedelta(milliseconds=1))
    if unsent is not None:
        changes["unsent_scans"] = unsent
    if app_version is not None:
        changes["app_version"] = app_version
    if storage_kept is not None:
        changes["storage_kept"] = storage_kept
    if fetched_roster:
        changes["roster_at"] = now
    Device.objects.filter(pk=device.pk).update(**changes)


def revoke(*, device: Device, now: datetime) -> None:
    """The phone may do nothing more; at its next contact it wipes itself. Repeating it changes nothing."""
    Device.objects.filter(pk=device.pk, revoked_at__isnull=True).update(revoked_at=now)


def sign_out(*, device: Device, now: datetime) -> None:
    """The phone gives itself back, having sent everything."""
    Device.objects.filter(pk=device.pk, revoked_at__isnull=True).update(
        revoked_at=now, unsent_scans=0, last_seen_at=now
    )


_DOOR = {
    "door_id": "pk",
    "doors_open_at": "event__doors_open_at",
    "event_ends_at": "event__ends_at",
    "event_safe_capacity": "event__safe_capacity",
    "starts_at": "session__starts_at",
    "ends_at": "session__ends_at",
    "capacity": "session__capacity",
    "room_safe_capacity": "session__space__safe_capacity",
    "its_event": "event",
    "its_session": "session",
}
_AT_THE_DOOR = {name: F(there) for name, there in _DOOR.items()}
_OF_ITS_DOOR = {name: F(f"door_list__{there}") for name, there in _DOOR.items()}
_PHONE = ("id", "revoked_at", "paired_at", "clock_offset_ms", "supervisor_until")
_OF_THE_PHONE = (*_PHONE, "gate", "gate__slug", "gate__name")


def _refuse_gone(
    revoked_at: datetime | None, event_ends_at: datetime, now: datetime, even_if_revoked: bool
) -> None:
    if (revoked_at or event_ends_at + WORKS_AFTER_EVENT <= now) and not even_if_revoked:
        raise DeviceRefused()


def _post(row: Mapping[str, Any]) -> Post:
    in_session = row["its_session"] is not None
    return Post(
        device_id=row.get("id"),
        paired_at=row.get("paired_at"),
        clock_offset=timedelta(milliseconds=row.get("clock_offset_ms", 0)),
        supervisor_until=row.get("supervisor_until"),
        gate_id=row.get("gate"),
        gate_slug=row.get("gate__slug", ""),
        gate_name=row.get("gate__name", ""),
        door_list_id=row["door_id"],
        event_id=row["its_event"],
        event_ends_at=row["event_ends_at"],
        session_id=row["its_session"],
        session_is_open=in_session and row["capacity"] is None,
        opens_at=row["starts_at"] - SESSION_OPENS_BEFORE if in_session else row["doors_open_at"],
        closes_at=row["ends_at"] if in_session else row["event_ends_at"],
        safe_capacity=row["room_safe_capacity"] if in_session else row["event_safe_capacity"],
    )


def _code_digest(text: str) -> str:
    letters = "".join(letter for letter in text.upper() if letter.isalnum())
    return hashlib.sha256(b"pair" + letters.encode("utf-8", "surrogatepass")).hexdigest()
