"""What do the door's phones have to show now: get out, come inside, or lock down?

One instruction stands at a time. It travels with each phone's contact (every 10 seconds while there is a
network) and stays on the screen until somebody has seen it. It never replaces radios and voices.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from door.models import Device, Instruction, InstructionSeen
from events.models import Event
from foundation import change_log
from foundation.refusals import Kind, Refusal


class EntryStopped(Refusal):
    slug = "entry-stopped"
    title = "Nobody is let in now"
    kind = Kind.CONFLICT


@dataclass(frozen=True)
class Reached:
    """A working phone; told_at: when the instruction went out to it; seen_at: when a steward said so."""

    device: Device
    told_at: datetime | None
    seen_at: datetime | None


def standing(*, event_id: int) -> Instruction | None:
    return Instruction.objects.filter(event=event_id, ended_at__isnull=True).first()


def give(*, event: Event, kind: str, is_drill: bool, by: User, now: datetime) -> Instruction:
    """Put an instruction on every phone of the event; another one that stands ends. The same again changes
    nothing.

    Unless it is a drill, nobody can register until the all-clear.
    """
    with transaction.atomic():
        event = Event.objects.lock(event.pk)
        before = standing(event_id=event.pk)
        if before is not None:
            if (before.kind, before.is_drill) == (kind, is_drill):
                return before
            _end(before, event, now)
        made = Instruction(event=event, kind=kind, is_drill=is_drill, given_by=by, given_at=now)
        if not is_drill:
            _stop_registration(made, event, now)
        made.save()
        change_log.note(
            about=made, event_id=event.pk, did=f"told every phone: {_words(made)}", by=by, now=now
        )
    return made


def all_clear(*, event: Event, by: User, now: datetime) -> None:
    """Phones scan again from their next contact on, and people register again.

    Repeating it changes nothing.
    """
    with transaction.atomic():
        event = Event.objects.lock(event.pk)
        before = standing(event_id=event.pk)
        if before is not None:
            _end(before, event, now)
            change_log.note(about=before, event_id=event.pk, did=f"ended: {_words(before)}", by=by, now=now)


def tell(*, device: Device, now: datetime) -> tuple[Instruction | None, bool]:
    """What stands, and whether this phone's steward has seen it; the first telling is kept.

    Two queries at most.
    """
    going = standing(event_id=device.event_id)
    if going is None:
        return None, False
    row, _ = InstructionSeen.objects.get_or_create(
        instruction=going, device=device, defaults={"told_at": now}
    )
    return going, row.seen_at is not None


def note_seen(*, device: Device, uid: UUID, now: datetime) -> Instruction | None:
    """A steward says that they have seen it; the first time stands.

    None: there is no such instruction here.
    """
    found = Instruction.objects.filter(event=device.event_id, uid=uid).first()
    if found is not None:
        row, _ = InstructionSeen.objects.get_or_create(
            instruction=found, device=device, defaults={"told_at": now}
        )
        InstructionSeen.objects.filter(pk=row.pk, seen_at__isnull=True).update(seen_at=now)
    return found


def reached(*, instruction: Instruction, now: datetime) -> list[Reached]:
    """Every working phone of the event: who has not seen it first. Two queries."""
    rows = {row.device_id: row for row in InstructionSeen.objects.filter(instruction=instruction)}
    devices = Device.objects.working(now).filter(event=instruction.event_id).select_related("gate")
    phones = [
        Reached(
            device=device,
            told_at=rows[device.pk].told_at if device.pk in rows else None,
            seen_at=rows[device.pk].seen_at if device.pk in rows else None,
        )
        for device in devices.order_by("gate__name", "name", "pk")
    ]
    return sorted(phones, key=lambda phone: (phone.seen_at is not None, phone.told_at is not None))


def refuse_while_it_stands(*, event_id: int) -> None:
    """:raises EntryStopped: an instruction that is no drill stands"""
    going = standing(event_id=event_id)
    if going is not None and not going.is_drill:
        raise EntryStopped("There is an emergency instruction. Nobody is let in until the all-clear.")


def _stop_registration(instruction: Instruction, event: Event, now: datetime) -> None:
    if event.registration_closes_at is None or event.registration_closes_at > now:
        instruction.stopped_registration = True
        instruction.registration_closes_at = event.registration_closes_at
        event.registration_closes_at = now
        event.save(update_fields=["registration_closes_at", "changed_at"])


def _end(instruction: Instruction, event: Event, now: datetime) -> None:
    Instruction.objects.filter(pk=instruction.pk).update(ended_at=now)
    if instruction.stopped_registration:
        event.registration_closes_at = instruction.registration_closes_at
        event.save(update_fields=["registration_closes_at", "changed_at"])


def _words(instruction: Instruction) -> str:
    words = instruction.get_kind_display().lower()
    return f"{words} (drill)" if instruction.is_drill else words
