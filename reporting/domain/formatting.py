"""How is a number, a day or a share said? In the same words on every face."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from reporting.domain.disclosure import SMALLEST_BASE, Shown


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of strings. finding is the sentence that the numbers say; series the chart's own values."""

    key: str
    finding: str
    caption: str
    columns: list[str]
    rows: list[list[str]]
    note: str = ""
    words: str = ""  # a last column that holds words and no figures
    series: list[tuple[str, Shown]] = field(default_factory=list)

    @property
    def is_wide(self) -> bool:
        """Where there are more figures than headings, the first cell heads its row."""
        return len(self.columns) + len(self.rows) <= len(self.rows) * (len(self.columns) - 1)


def say(number: Any) -> str:
    """A number as every face shows it; "*" stays, what is withheld is said."""
    if number is None:
        return "not shown"
    if isinstance(number, bool | str):
        return str(number)
    return f"{number:,}"


def say_moment(moment: str) -> str:
    local = timezone.localtime(datetime.fromisoformat(moment))
    return f"{local.day} {local:%B %Y}, {local:%H:%M}"


def say_day(day: str) -> str:
    parsed = date.fromisoformat(day)
    return f"{parsed.day} {parsed:%B %Y}"


def share_of(number: Shown, base: Shown) -> str:
    """A share in whole per cent of shown numbers; nothing where either may not be shown."""
    if not isinstance(number, int) or not isinstance(base, int) or base < SMALLEST_BASE:
        return ""
    return f"{round(100 * number / base)} %"
