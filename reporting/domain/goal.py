"""What was promised as a number: one, or from one to another?"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Goal:
    """low: what has to be reached; high: the upper end, where a span was promised."""

    low: int
    high: int | None = None

    @classmethod
    def of(cls, plain: Any) -> "Goal":
        """plain: as a report's values hold it, a number or {low, high}."""
        return cls(plain["low"], plain["high"]) if isinstance(plain, dict) else cls(plain)

    @property
    def plain(self) -> int | dict[str, int]:
        return self.low if self.high is None else {"low": self.low, "high": self.high}

    def is_kept(self, low: int) -> bool:
        """low: the fewest that there are. Above a span it is kept too: more than planned."""
        return low >= self.low

    def __str__(self) -> str:
        return f"{self.low:,}" if self.high is None else f"{self.low:,} to {self.high:,}"
