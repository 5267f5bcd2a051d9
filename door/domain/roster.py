"""What does a phone need to decide with no network, and gives nobody away when it is stolen?

For every serial that is issued or may still be, in each generation issued so far and the next: the
fingerprint of its code. So a ticket issued after the last sync is known to be genuine, and nothing can
be forged from the phone. The details of a person are sealed under a key that only the ticket's own code
yields, so the phone shows a name only when it sees the ticket.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db.models import Max

from door.domain.decisions import flags_of, short_name
from door.domain.devices import SESSION_OPENS_BEFORE, WORKS_AFTER_EVENT
from door.models import Admission, Device, Gate
from events.models import Event, Session
from tickets.domain import codes
from tickets.models import Registration, SessionPlace, Ticket

MARGIN = 0.10  # of the serials, beyond the places left
SHORT_BYTES = 5  # of the typed code's fingerprint: 40 bits; the typed code itself holds 50
NONCE_BYTES = 6
KEY_BYTES = 16  # AES-128
PAD_TO = 16  # bytes; so that the length of a name does not show
SALT = b"lcr-creative-events door"
# A change that was committed after a sync, with an earlier time on it, still travels.
OVERLAP = timedelta(seconds=90)
FLAG_LETTERS = {
    "no_photos": "p",
    "under_16": "u",
    "may_leave_alone": "a",
    "group": "g",
    "group_adult": "t",
}
STATE_LETTERS = {
    Ticket.State.VALID: "v",
    Ticket.State.ON_HOLD: "h",
    Ticket.State.BLOCKED: "b",
    Ticket.State.CANCELLED: "c",
}


@dataclass(frozen=True)
class RosterVersion:
    """What the phone has, as an opaque word: how many serials and generations, and up to when."""

    serials: int
    generations: int
    as_at: datetime

    def __str__(self) -> str:
        return f"{self.serials}.{self.generations}.{round(self.as_at.timestamp() * 1000)}"


def read_version(text: str) -> RosterVersion | None:
    """None where the word is not ours: then everything travels."""
    try:
        serials, generations, milliseconds = (int(part) for part in text.split("."))
        return RosterVersion(serials, generations, datetime.fromtimestamp(milliseconds / 1000, UTC))
    except (ValueError, OverflowError, OSError):
        return None


def roster_etag(*, device: Device) -> str:
    """Changes whenever the roster would. One query with three indexed parts, whatever the event's size."""
    event = Event.objects.filter(pk=device.event_id).values_list(
        "changed_at",
        "serials_issued",
        "places_taken",
        "capacity",
        "safe_capacity",
        "doors_open_at",
        "ends_at",
    )[0]
    tickets = Ticket.objects.filter(event=device.event_id).aggregate(Max("changed_at"))
    moves = Admission.objects.filter(door_list=device.door_list_id).aggregate(Max("changed_at"))
    text = json.dumps([device.pk, event, list(tickets.values()), list(moves.values())], default=str)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def build_roster(*, device: Device, now: datetime, since: RosterVersion | None = None) -> dict:
    """The roster as JSON types; with since, what changed after it alone.

    codes: base64 of 16-byte fingerprints, serial by serial, generation by generation; short_codes the same
    with 5 bytes. tickets: [serial, generation, state letter, sealed details or ""]. admitted: [serial,
    seconds since 1970, gate slug, 1 inside or 0 outside, or -1 no longer admitted].
    """
    event = device.event
    event.refresh_from_db()
    serials = serials_up_to(event)
    tickets = Ticket.objects.filter(event=event)
    generations = (tickets.aggregate(most=Max("generation"))["most"] or 1) + 1
    version = RosterVersion(serials, generations, now)
    same_codes = since is not None and (since.serials, since.generations) == (serials, generations)
    full, short = ("", "") if same_codes else _fingerprints(event.pk, serials, generations)
    if since is not None:
        tickets = tickets.filter(changed_at__gt=since.as_at - OVERLAP)
    return {
        "version": str(version),
        "as_at": now.isoformat(),
        "is_whole": since is None,
        "event": _event(event),
        "gate": {"slug": device.gate.slug, "name": device.gate.name},
        "gates": dict(Gate.objects.filter(event=event).values_list("slug", "name")),
        "door": _door(device),
        "sessions": [_session(session) for session in event.sessions.select_related("space")],
        "serials": serials,
        "generations": generations,
        "codes": full,
        "short_codes": short,
        "tickets": _tickets(tickets, event),
        "admitted": _admitted(device, since),
        "inside": Admission.objects.inside().filter(door_list=device.door_list_id).count(),
        "expires_at": (event.ends_at + WORKS_AFTER_EVENT).isoformat(),
    }


def serials_up_to(event: Event) -> int:
    """The highest issued, plus the places left, plus ten percent."""
    may_be = event.serials_issued + max(0, event.places_left)
    return may_be + max(1, round(MARGIN * may_be))


def seal(*, code: str, serial: int, details: list, changed_at: datetime) -> str:
    """base64 of 6 nonce bytes (six zero bytes follow them) and the AES-GCM text; the key comes from the code.

    The nonce is made from the details and the time of their change, so it never serves two texts under one
    key.
    """
    plain = json.dumps(details, ensure_ascii=False, separators=(",", ":")).encode()
    plain += b" " * (-len(plain) % PAD_TO)
    moment = round(changed_at.timestamp() * 1_000_000).to_bytes(8, "big")
    nonce = hashlib.sha256(moment + plain).digest()[:NONCE_BYTES]
    sealed = AESGCM(_key(code)).encrypt(nonce + bytes(12 - NONCE_BYTES), plain, str(serial).encode())
    return base64.b64encode(nonce + sealed).decode("ascii")


def _key(code: str) -> bytes:
    """HKDF-SHA256 (RFC 5869) of the code."""
    extracted = hmac.digest(SALT, code.encode("ascii"), "sha256")
    return hmac.digest(extracted, b"details\x01", "sha256")[:KEY_BYTES]


@lru_cache(maxsize=8)
def _fingerprints(event_id: int, serials: int, generations: int) -> tuple[str, str]:
    full, short = bytearray(), bytearray()
    for serial in range(1, serials + 1):
        for generation in range(1, generations + 1):
            code = codes.ticket_code(event_id, serial, generation)
            full += codes.fingerprint(code)
            short += codes.short_fingerprint(code)[:SHORT_BYTES]
    return base64.b64encode(full).decode("ascii"), base64.b64encode(short).decode("ascii")


def _event(event: Event) -> dict:
    return {
        "slug": event.slug,
        "title": event.title,
        "starts_at": event.starts_at.isoformat(),
        "ends_at": event.ends_at.isoformat(),
    }


def _door(device: Device) -> dict:
    """What verdict.js needs of this door."""
    event, session = device.event, device.door_list.session
    if session is None:
        opens_at, closes_at, safe_capacity = event.doors_open_at, event.ends_at, event.safe_capacity
    else:
        opens_at, closes_at = session.starts_at - SESSION_OPENS_BEFORE, session.ends_at
        safe_capacity = session.space.safe_capacity if session.space else None
    return {
        "session": session.pk if session else None,
        "takes_everybody": session is None or session.capacity is None,
        "opens_at": opens_at.isoformat(),
        "closes_at": closes_at.isoformat(),
        "safe_capacity": safe_capacity,
    }


def _session(session: Session) -> dict:
    return {
        "id": session.pk,
        "title": session.title,
        "room": session.space.name if session.space else session.title,
        "starts_at": session.starts_at.isoformat(),
        "ends_at": session.ends_at.isoformat(),
    }


def _tickets(tickets: Any, event: Event) -> list[list]:
    places: dict[int, list[int]] = {}
    for ticket_id, session_id in SessionPlace.objects.filter(ticket__event=event).values_list(
        "ticket_id", "session_id"
    ):
        places.setdefault(ticket_id, []).append(session_id)
    rows = tickets.order_by("serial").values_list(
        "id",
        "serial",
        "generation",
        "state",
        "name",
        "age",
        "age_band",
        "changed_at",
        "no_photos",
        "may_leave_alone",
        "is_adult_of_group",
        "registration__kind",
        "guardian__name",
    )
    answer = []
    for (
        pk,
        serial,
        generation,
        state,
        name,
        age,
        band,
        changed_at,
        photos,
        alone,
        adult,
        kind,
        guardian,
    ) in rows:
        first_name, initial = short_name(name)
        flags = flags_of(
            age=age,
            no_photos=photos,
            may_leave_alone=alone,
            is_adult_of_group=adult,
            is_group=kind == Registration.Kind.GROUP,
        )
        letters = "".join(FLAG_LETTERS[flag] for flag in flags)
        details = [first_name, initial, band, letters, sorted(places.get(pk, []))]
        if guardian:
            details.append(guardian)  # who collects them at the exit
        code = codes.ticket_code(event.pk, serial, generation)
        sealed = seal(code=code, serial=serial, details=details, changed_at=changed_at)
        answer.append([serial, generation, STATE_LETTERS[state], sealed])
    return answer


def _admitted(device: Device, since: RosterVersion | None) -> list[list]:
    admissions = Admission.objects.filter(door_list=device.door_list_id)
    if since is None:
        admissions = admissions.standing()
    else:
        admissions = admissions.filter(changed_at__gt=since.as_at - OVERLAP)
    # An ended admission comes before the one that replaced it.
    rows = admissions.order_by("ticket__serial", "id").values_list(
        "ticket__serial", "admitted_at", "check_in__gate__slug", "is_inside", "ended_at"
    )
    return [
        [serial, round(at.timestamp()), gate or "", -1 if ended_at else int(is_inside)]
        for serial, at, gate, is_inside, ended_at in rows
    ]
