"""Can this scan be read, and when did it really happen?"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from door.domain.verdicts import LET_IN, Direction, Verdict
from door.models import CheckIn
from foundation.refusals import InvalidInput

CODE_MAX = 8_000  # characters; more than the largest QR code holds
REASON_MAX = 200
LIVE_FOR = timedelta(seconds=10)  # an answer that comes later than this is read by nobody
RECENT_FOR = timedelta(minutes=2)  # as full as it was then, it is now
YEARS = range(1970, 2101)  # a device's clock may be wrong, but corrections must not overflow
CLOCK_YEARS = range(2000, 2101)  # with another year on its clock a phone has to be set first
CLOCKS_DIFFER_BY = timedelta(minutes=2)  # of two clocks that are both right
COUNTER_MAX = 2**31 - 1

FIELDS = frozenset(
    {
        "scan_id",
        "code",
        "direction",
        "scanned_at",
        "device_now",
        "decided",
        "override",
        "collection",
        "practice",
        "counter",
    }
)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Scan:
    """One scan as the device tells it. decided: the verdict the steward was shown, or empty.

    counter: rises with each scan of the device, whatever its clock says; None where it does not count.
    """

    scan_id: UUID
    code: str
    direction: Direction
    scanned_at: datetime
    device_now: datetime | None = None
    decided: str = ""
    override_reason: str = ""
    collection: str = ""
    is_practice: bool = False
    counter: int | None = None

    @property
    def is_exit(self) -> bool:
        return self.direction == CheckIn.Direction.EXIT


class MalformedScan(InvalidInput):
    slug = "malformed-scan"
    title = "This scan could not be read"


def read_scan(raw: object) -> Scan:
    """The scan in a JSON object of the contract.

    :raises MalformedScan: fields says what is wrong, field by field
    """
    if not isinstance(raw, dict):
        raise MalformedScan(fields={"scan": ["Send an object."]})
    wrong = {str(name): ["There is no such field."] for name in raw if name not in FIELDS}
    readers = {
        "scan_id": _read_scan_id,
        "code": _read_code,
        "direction": _read_direction,
        "scanned_at": read_instant,
        "device_now": _optional(read_clock),
        "decided": _optional(_read_decided, empty=""),
        "override": _optional(_read_override, empty=""),
        "collection": _optional(_read_collection, empty=""),
        "practice": _optional(_read_practice, empty=False),
        "counter": _optional(_read_counter),
    }
    values = {}
    for name, read in readers.items():
        try:
            values[name] = read(raw.get(name))
        except ValueError as error:
            wrong[name] = [str(error)]
    if not wrong and values["decided"] and not _decided_fits(values["decided"], values["direction"]):
        wrong["decided"] = ["This verdict does not go with this direction."]
    if wrong:
        raise MalformedScan(fields=wrong)
    return Scan(
        **{name: values[name] for name in ("scan_id", "code", "direction", "scanned_at", "device_now")},
        decided=values["decided"],
        override_reason=values["override"],
        collection=values["collection"],
        is_practice=values["practice"],
        counter=values["counter"],
    )


def happened_at(*, scan: Scan, clock_offset: timedelta, now: datetime) -> datetime:
    """The scan's time by the server's clock, as far as its phone can tell.

    clock_offset, server less device at the last contact, is used where the scan itself does not say
    what the device's clock shows now.
    """
    offset = now - scan.device_now if scan.device_now else clock_offset
    return scan.scanned_at + offset


def is_believed(*, happened: datetime, paired_at: datetime | None, now: datetime) -> bool:
    """No phone scans before it was paired, or after its scan was received. paired_at: None at the desk."""
    is_new_enough = paired_at is None or happened >= paired_at - CLOCKS_DIFFER_BY
    return is_new_enough and happened <= now + CLOCKS_DIFFER_BY


def is_live(*, scan: Scan, happened: datetime, now: datetime, is_alone: bool) -> bool:
    """A steward waits for the answer: sent alone, not decided on the phone, and not made long ago.

    A client that does not tell its clock cannot be found late.
    """
    if scan.decided or not is_alone:
        return False
    return scan.device_now is None or now - happened <= LIVE_FOR


def is_recent(*, happened: datetime, now: datetime) -> bool:
    return now - happened <= RECENT_FOR


def plain_text(value: object, *, at_most: int) -> str:
    """Text for people to read, stripped.

    :raises ValueError: it is no text, is empty or too long, or holds control characters
    """
    if not isinstance(value, str) or not value.strip():
        raise ValueError("Write a few words.")
    text = value.strip()
    if len(text) > at_most:
        raise ValueError(f"Use at most {at_most} characters.")
    if _UNPRINTABLE.search(text):
        raise ValueError("Use letters, numbers and signs only.")
    return text


def read_instant(value: object) -> datetime:
    """:raises ValueError: it is no RFC 3339 time with an offset, or an absurd year"""
    if not isinstance(value, str):
        raise ValueError("Send a time with its offset, such as 2026-12-01T09:30:00+00:00.")
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None or instant.year not in YEARS:
        raise ValueError("Send a time with its offset, such as 2026-12-01T09:30:00+00:00.")
    return instant.astimezone(UTC)


def read_clock(value: object) -> datetime:
    """What a device's clock shows now.

    :raises ValueError: it is no RFC 3339 time with an offset, or the clock has to be set first
    """
    instant = read_instant(value)
    if instant.year not in CLOCK_YEARS:
        raise ValueError(
            f"The clock of this phone shows the year {instant.year}. Set its date and time, and try again."
        )
    return instant


def _read_scan_id(value: object) -> UUID:
    try:
        return UUID(value) if isinstance(value, str) else UUID("")
    except ValueError:
        raise ValueError("Send a UUID that the device made for this scan.") from None


def _read_code(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("Send the code as text.")
    if len(value) > CODE_MAX:
        raise ValueError(f"A code has at most {CODE_MAX} characters.")
    return value


def _read_direction(value: object) -> Direction:
    if value == "entry":
        return "entry"
    if value == "exit":
        return "exit"
    raise ValueError("Say entry or exit.")


def _read_decided(value: object) -> str:
    if not isinstance(value, str) or value not in Verdict.values:
        raise ValueError("This is no verdict.")
    return value


def _decided_fits(decided: str, direction: str) -> bool:
    if direction == CheckIn.Direction.EXIT:
        return decided not in LET_IN
    return decided != Verdict.LEFT


def _read_override(value: object) -> str:
    if not isinstance(value, dict) or set(value) != {"reason"}:
        raise ValueError("Send an object with a reason.")
    return plain_text(value["reason"], at_most=REASON_MAX)


def _read_collection(value: object) -> str:
    if not isinstance(value, str) or value not in CheckIn.Collection.values:
        raise ValueError("Say name-matches or leaves-alone.")
    return value


def _read_practice(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("Say true or false.")
    return value


def _read_counter(value: object) -> int:
    if type(value) is not int or not 0 <= value <= COUNTER_MAX:
        raise ValueError("Send a number that rises with each scan.")
    return value


def _optional(read: Callable[..., Any], *, empty: Any = None) -> Any:
    return lambda value: empty if value is None else read(value)
