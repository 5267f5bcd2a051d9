"""When can somebody have been born, who had this age on a day, and in which cohorts of a school are they?"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from people.domain.age_bands import AGE_BANDS, MAX_AGE

DAYS_A_YEAR = 365.25
SCHOOL_YEAR_BEGINS = 9  # month
SCHOOL_AGES = range(4, 20)
YEAR_GROUP_OF_AGE = (5, 4)  # years less than the age: with and without a birthday in this school year


@dataclass(frozen=True)
class Born:
    """Not before earliest and not after latest, in years of our calendar with their fractions."""

    earliest: float
    latest: float

    def can_be(self, other: "Born", *, slack: float = 0.0) -> bool:
        """slack: by how many years the ages may be wrong together."""
        return self.earliest <= other.latest + slack and other.earliest <= self.latest + slack


ANY_TIME = Born(float("-inf"), float("inf"))


def born(*, age: int | None, band: str = "", day: date) -> Born:
    """band: where the age is not known."""
    low, high = _ages(age, band)
    today = day.toordinal() / DAYS_A_YEAR
    return ANY_TIME if low is None or high is None else Born(today - high - 1, today - low)


def cohorts(*, age: int | None, band: str = "", day: date) -> Iterable[int]:
    """Start of the school year less the year group; of an age alone there are two. None after school."""
    low, high = _ages(age, band)
    if low is None or high is None:
        return []
    year = day.year if day.month >= SCHOOL_YEAR_BEGINS else day.year - 1
    ages = [one for one in range(low, high + 1) if one in SCHOOL_AGES]
    return sorted({year - (one - less) for one in ages for less in YEAR_GROUP_OF_AGE})


def _ages(age: int | None, band: str) -> tuple[int | None, int | None]:
    if age is not None:
        return age, age
    return next(((low, min(high, MAX_AGE)) for low, high, name in AGE_BANDS if name == band), (None, None))
