"""The cast of the door: gates, phones, tickets and scans. All fictional."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from door.domain.decisions import Decision
from door.domain.devices import token_digest
from door.domain.scans import Scan
from door.models import Device, DoorList, Gate
from events.models import Event, Session
from tests import factories
from tickets.domain import codes
from tickets.models import Registration, Ticket

DOORS = factories.DAY - timedelta(minutes=30)
TEN = factories.DAY + timedelta(minutes=30)  # 10:00 in London, the edition is on


def make_gate(event: Event, slug: str = "main", name: str = "") -> Gate:
    return Gate.objects.get_or_create(
        event=event, slug=slug, defaults={"name": name or f"{slug.capitalize()} gate"}
    )[0]


def make_phone(
    event: Event, *, gate: str = "main", session: Session | None = None, token: str = "", **fields
) -> Device:
    """A paired phone; its token is door_ and its name unless given."""
    door_list, _ = DoorList.objects.get_or_create(event=event, session=session)
    name = fields.pop("name", f"Phone {Device.objects.count() + 1}")
    return Device.objects.create(
        event=event,
        gate=make_gate(event, gate),
        door_list=door_list,
        name=name,
        token_digest=token_digest(token or f"door_{name}"),
        paired_at=fields.pop("paired_at", event.doors_open_at),
        expires_at=event.ends_at + timedelta(hours=12),
        **fields,
    )


def make_ticket(event: Event, name: str = "Ada Lovelace", *, generation: int = 1, **fields) -> Ticket:
    serial = Ticket.objects.filter(event=event).count() + 1
    code = codes.ticket_code(event.pk, serial, generation)
    issued_at = fields.pop("issued_at", factories.DAY - timedelta(days=20))
    registration = fields.pop("registration", None) or make_registration(event, serial, issued_at)
    fields = {"age": 17, "age_band": "16-17", "changed_at": issued_at} | fields
    return Ticket.objects.create(
        registration=registration,
        event=event,
        serial=serial,
        generation=generation,
        fingerprint=codes.fingerprint(code),
        short_fingerprint=codes.short_fingerprint(code),
        name=name,
        issued_at=issued_at,
        **fields,
    )


def make_registration(event: Event, serial: int, created_at: datetime, **fields) -> Registration:
    seed = f"{event.pk}-{serial}"
    return Registration.objects.create(
        event=event,
        reference=f"R{event.pk}-{serial}",
        owner_fingerprint=hashlib.sha256(seed.encode()).digest()[:16],
        created_at=created_at,
        **fields,
    )


def code_of(ticket: Ticket) -> str:
    return codes.ticket_code(ticket.event_id, ticket.serial, ticket.generation)


def make_scan(ticket: Ticket | str, at: datetime, *, scan_id: UUID | None = None, **fields) -> Scan:
    return Scan(
        scan_id=scan_id or uuid4(),
        code=ticket if isinstance(ticket, str) else code_of(ticket),
        scanned_at=at,
        **({"direction": "entry"} | fields),
    )


def answer(decision: Decision) -> tuple[str, str]:
    return decision.verdict, decision.standing


def call(client, method, path, body=None, *, token="door_phone"):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return getattr(client, method)(
        f"/api/v1/{path}", data=body, content_type="application/json", headers=headers
    )


def scan_body(ticket, now, **fields):
    code = ticket if isinstance(ticket, str) else code_of(ticket)
    return {
        "scan_id": str(uuid4()),
        "code": code,
        "direction": "entry",
        "scanned_at": now.isoformat(),
    } | fields
