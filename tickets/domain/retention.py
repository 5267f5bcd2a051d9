"""On which day does which data leave? The one table that erasure, the statement and the checks read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.conf import settings


class DataClass(StrEnum):
    CONTACTS = "contacts"
    WAITING = "waiting-list"
    NAMES = "names"
    CHANGE_LOG = "change-log"
    MAIL_LOG = "mail-log"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """days after `since`; the organisation may set them between low and high."""

    data_class: DataClass
    what: str
    since: str
    days: int
    low: int
    high: int


# (what, since, default, low, high): trust.md 1.5; plain words, as the statement prints them.
_TABLE = {
    DataClass.CONTACTS: ("Access needs, parents or guardians, and emergency contacts", "the event", 7, 1, 30),
    DataClass.WAITING: ("Email addresses on a waiting list", "the event", 7, 1, 30),
    DataClass.NAMES: (
        "Names, ages, email addresses, phone numbers, schools, who was on duty, and what staff typed at the "
        "door",
        "the event",
        30,
        7,
        90,
    ),
    DataClass.MAIL_LOG: ("The list of what we mailed and when, without addresses", "the mail", 365, 30, 730),
    DataClass.CHANGE_LOG: ("The log of what staff changed", "the change", 365, 90, 730),
}
DEFAULT_DAYS = {data_class.value: row[2] for data_class, row in _TABLE.items()}
UNCONFIRMED_HOURS = 48  # then the hold lapses, and everything about it leaves with the next round


def rules() -> list[Rule]:
    """The retention table as it holds here."""
    return [
        Rule(
            data_class=data_class,
            what=what,
            since=since,
            days=settings.RETENTION_DAYS.get(data_class.value, days),
            low=low,
            high=high,
        )
        for data_class, (what, since, days, low, high) in _TABLE.items()
    ]


def days_of(data_class: DataClass) -> int:
    return settings.RETENTION_DAYS.get(data_class.value, DEFAULT_DAYS[data_class.value])


def leaves_before(*, data_class: DataClass, now: datetime) -> datetime:
    """What is older than this has to be gone at now."""
    return now - timedelta(days=days_of(data_class))


def faults() -> list[str]:
    """What is set outside its bounds, in words for whoever sets it."""
    return [
        f"{rule.data_class} is kept {rule.days} days; between {rule.low} and {rule.high} are allowed."
        for rule in rules()
        if not rule.low <= rule.days <= rule.high
    ]
