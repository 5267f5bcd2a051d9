"""Who is still in the building? For an evacuation or a drill, with no network and by several phones at once.

Every phone holds the list sealed under the key of the duty card, a printed QR. The phone never holds the
key: it opens the list when it sees the card. Who is inside follows from the phone's own list and scans.
"""

import base64
import hashlib
import hmac
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction
from django.db.models import Max

from door.domain.decisions import short_name
from door.models import Device, DutyCard, RollCall, RollCallMark
from events.models import Event
from tickets.domain import codes
from tickets.domain.age_rules import needs_guardian
from tickets.models import AccessNeed, Ticket

CARD_PREFIX = "DUTY-"
SALT = b"lcr-creative-events roll-call"
KEY_BYTES = 16  # AES-128
NONCE_BYTES = 12
MARKS_MAX = 2_000


@dataclass(frozen=True)
class SeenMark:
    """Who was seen, when, and by the steward of which phone."""

    serial: int
    seen_at: datetime
    by: str


@dataclass(frozen=True)
class SeenMarks:
    """marks that stand, by serial, of a roll-call; roll_call: the one under way, or the last, if any."""

    roll_call: RollCall | None
    marks: list[SeenMark]

    @property
    def serials(self) -> list[int]:
        return [mark.serial for mark in self.marks]


def card_text(*, event: Event, now: datetime) -> str:
    """What the duty card's QR holds: DUTY- and 26 base32 letters (130 bits). Rebuilt, never stored."""
    return CARD_PREFIX + codes.duty_secret(event_id=event.pk, generation=_card(event, now).generation)


def replace_card(*, event: Event, now: datetime) -> None:
    """A lost card opens nothing after the next sync of each phone."""
    card = _card(event, now)
    card.generation += 1
    card.changed_at = now
    card.save(update_fields=["generation", "changed_at"])


def roll_call_etag(*, event: Event) -> str:
    """Changes with the tickets, the card and what people need, not with who is inside."""
    card = DutyCard.objects.filter(event=event).values_list("generation", flat=True).first()
    tickets = Ticket.objects.filter(event=event).aggregate(Max("changed_at"), Max("id"))
    needs = AccessNeed.objects.filter(ticket__event=event).aggregate(Max("id"))
    text = json.dumps([event.pk, card or 1, list(tickets.values()), list(needs.values())], default=str)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'


def sealed_roll_call(*, event: Event, now: datetime) -> str:
    """base64 of nonce and AES-GCM text of deflated JSON: [serial, name, age band, group, under 16, needs
    help].

    Of everybody with a ticket; name is the first name and an initial, and nothing else is in it. That
    somebody told us of an access need is marked; what it is stays with the welfare desk.
    """
    in_need = set(AccessNeed.objects.filter(ticket__event=event).values_list("ticket_id", flat=True))
    rows = (
        Ticket.objects.filter(event=event)
        .order_by("serial")
        .values_list("id", "serial", "name", "age", "age_band", "registration__organisation")
    )
    people = [
        [
            serial,
            _called(name, serial),
            band,
            group,
            int(needs_guardian(age=age, band=band)),
            int(pk in in_need),
        ]
        for pk, serial, name, age, band, group in rows
    ]
    plain = zlib.compress(json.dumps(people, ensure_ascii=False, separators=(",", ":")).encode(), 6)
    key = _key(codes.duty_secret(event_id=event.pk, generation=_card(event, now).generation))
    nonce = hashlib.sha256(key + plain).digest()[:NONCE_BYTES]
    return base64.b64encode(nonce + AESGCM(key).encrypt(nonce, plain, b"roll-call")).decode("ascii")


def start(*, event: Event, is_drill: bool, now: datetime) -> RollCall:
    """The roll-call under way, or a new one."""
    with transaction.atomic():
        Event.objects.select_for_update().only("id").get(pk=event.pk)
        going = under_way(event=event)
        return going or RollCall.objects.create(event=event, is_drill=is_drill, started_at=now)


def end(*, event: Event, now: datetime) -> None:
    """Phones close the list at their next contact. Repeating it changes nothing."""
    RollCall.objects.filter(event=event, ended_at__isnull=True).update(ended_at=now)


def under_way(*, event: Event) -> RollCall | None:
    return RollCall.objects.filter(event=event, ended_at__isnull=True).order_by("started_at").first()


def mark_seen(
    *,
    device: Device,
    serials: Sequence[int],
    opened_at: datetime,
    is_drill: bool,
    now: datetime,
    taken_back: Sequence[int] = (),
) -> SeenMarks:
    """Merge a phone's marks with those of the others; the first of a person stands until it is taken back.

    serials: whom this phone has seen since it last told us; taken_back: marks that were a mistake, whosever.

    opened_at: when the phone opened its list. Marks of a list that was opened before the last roll-call
    ended belong to that one, and start none anew.
    """
    going = under_way(event=device.event)
    if going is None:
        last = RollCall.objects.filter(event=device.event).order_by("-started_at").first()
        if last is not None and last.ended_at and opened_at <= last.ended_at:
            going = last
        elif not serials:
            return SeenMarks(None, [])  # only looked at so far: the first mark starts it for everybody
        else:
            going = start(event=device.event, is_drill=is_drill, now=now)
    tickets = Ticket.objects.filter(event=device.event_id, serial__in=set(serials)).values_list(
        "pk", flat=True
    )
    standing = going.marks.standing().filter(ticket__serial__in=set(taken_back))
    standing.update(taken_back_at=now, taken_back_by=device)
    RollCallMark.objects.bulk_create(
        [RollCallMark(roll_call=going, ticket_id=pk, device=device, seen_at=now) for pk in tickets],
        ignore_conflicts=True,
    )
    return marks_of(roll_call=going)


def marks_of(*, roll_call: RollCall | None) -> SeenMarks:
    if roll_call is None:
        return SeenMarks(None, [])
    rows = roll_call.marks.standing().order_by("ticket__serial")
    marks = rows.values_list("ticket__serial", "seen_at", "device__name")
    return SeenMarks(roll_call, [SeenMark(serial, at, by or "") for serial, at, by in marks])


def _card(event: Event, now: datetime) -> DutyCard:
    return DutyCard.objects.get_or_create(event=event, defaults={"changed_at": now})[0]


def _called(name: str, serial: int) -> str:
    first_name, initial = short_name(name)
    return f"{first_name} {initial}".strip() or f"Guest {serial}"


def _is_guarded(age: int | None, band: str) -> int:
    return int(needs_guardian(age=age, band=band))


def _key(secret: str) -> bytes:
    """HKDF-SHA256 (RFC 5869) of the card's secret."""
    extracted = hmac.digest(SALT, secret.encode("ascii"), "sha256")
    return hmac.digest(extracted, b"roll-call\x01", "sha256")[:KEY_BYTES]
