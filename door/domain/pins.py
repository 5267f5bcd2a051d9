"""Who may override, search and undo at the door, or open a contact? Whoever knows the PIN of the role."""

import re
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F

from accounts.models import User
from door.models import Device, DoorPin
from events.models import Event
from foundation.refusals import InvalidInput, Kind, Refusal

PIN = re.compile(r"\d{6,12}", re.ASCII)
TRIES = 8  # on one phone
TRIES_AT_EVENT = 40  # on all its phones: whoever has several gains little
LOCKED_FOR = timedelta(minutes=10)  # with 6 digits: 72 years of trying for all of them
GRANTED_FOR = timedelta(hours=12)


class PinRefused(Refusal):
    slug = "pin-refused"
    title = "This PIN does not open anything here"
    kind = Kind.FORBIDDEN


class NotGranted(Refusal):
    slug = "pin-needed"
    title = "This needs a PIN"
    kind = Kind.FORBIDDEN


def set_pin(*, event: Event, role: str, pin: str, now: datetime, by: User | None) -> DoorPin:
    """Give a role of this event a PIN; an earlier one opens nothing any more. Phones keep their grants.

    :raises InvalidInput: not 6 to 12 digits, easily guessed, or the other role's PIN
    """
    if role not in DoorPin.Role.values:
        raise InvalidInput(fields={"role": ["Choose supervisor or welfare"]})
    pin = pin.strip()
    fault = None
    if not PIN.fullmatch(pin):
        fault = "Use 6 to 12 digits"
    elif len(set(pin)) < 3 or pin in "01234567890123" or pin in "98765432109876":
        fault = "Choose a PIN that is harder to guess"
    elif any(check_password(pin, other.pin_hash) for other in pins_of(event=event) if other.role != role):
        fault = "The other role has this PIN. Choose another"
    if fault:
        raise InvalidInput(fault + ".", fields={"pin": [fault]})
    made, _ = DoorPin.objects.update_or_create(
        event=event,
        role=role,
        defaults={
            "pin_hash": make_password(pin),
            "wrong_tries": 0,
            "locked_until": None,
            "set_at": now,
            "set_by": by,
        },
    )
    return made


def pins_of(*, event: Event) -> list[DoorPin]:
    return list(DoorPin.objects.filter(event=event).order_by("role"))


def unlock(*, device: Device, pin: str, now: datetime) -> str:
    """Make the phone a supervisor's or welfare's for 12 hours; answers the role.

    A try is counted before it is checked, so many at once gain nothing. Wrong ones lock the phone on which
    they were made; only many on several phones lock the event's.

    :raises PinRefused: no PIN is set, the PIN is wrong, or too many were wrong
    """
    asked = DoorPin.objects.filter(event=device.event_id)
    if not asked.exists():
        raise PinRefused("No PIN is set for this event. Ask the organiser to set one.")
    mine = Device.objects.filter(pk=device.pk)
    mine.filter(pin_locked_until__lte=now).update(wrong_pins=0, pin_locked_until=None)
    minutes = LOCKED_FOR // timedelta(minutes=1)
    if not mine.filter(pin_locked_until=None, wrong_pins__lt=TRIES).update(wrong_pins=F("wrong_pins") + 1):
        raise PinRefused(
            f"Too many wrong PINs on this phone. Try again in {minutes} minutes, or ask the desk to "
            "unlock it."
        )
    asked.filter(locked_until__lte=now).update(wrong_tries=0, locked_until=None)
    counted = asked.filter(locked_until__isnull=True, wrong_tries__lt=TRIES_AT_EVENT)
    counted.update(wrong_tries=F("wrong_tries") + 1)
    opened = asked.filter(locked_until__isnull=True)
    rows = list(opened)
    if not rows:
        raise PinRefused(f"Too many wrong PINs. Try again in {minutes} minutes.")
    match = next((row for row in rows if check_password(pin.strip()[:20], row.pin_hash)), None)
    if match is None:
        mine.filter(wrong_pins__gte=TRIES).update(pin_locked_until=now + LOCKED_FOR)
        asked.filter(wrong_tries__gte=TRIES_AT_EVENT, locked_until__isnull=True).update(
            locked_until=now + LOCKED_FOR
        )
        raise PinRefused("This PIN is wrong. Check it with the organiser.")
    # Only this try is taken back: who knows one PIN may not guess the other for ever.
    mine.update(wrong_pins=F("wrong_pins") - 1)
    asked.filter(pk=match.pk).update(wrong_tries=0)
    opened.exclude(pk=match.pk).filter(wrong_tries__gt=0).update(wrong_tries=F("wrong_tries") - 1)
    until = now + GRANTED_FOR
    field = "welfare_until" if match.role == DoorPin.Role.WELFARE else "supervisor_until"
    Device.objects.filter(pk=device.pk).update(**{field: until})
    setattr(device, field, until)
    return match.role


def clear_tries(*, device: Device) -> None:
    """The desk lets this phone, and the event's PINs, be tried again. Repeating it changes nothing."""
    Device.objects.filter(pk=device.pk).update(wrong_pins=0, pin_locked_until=None)
    DoorPin.objects.filter(event=device.event_id).update(wrong_tries=0, locked_until=None)


def require(*, device: Device, role: str, now: datetime) -> None:
    """:raises NotGranted: no PIN of this role was entered on the phone in the last 12 hours"""
    until = device.welfare_until if role == DoorPin.Role.WELFARE else device.supervisor_until
    if until is None or until <= now:
        raise NotGranted(f"Enter the {role} PIN first.")
