"""In which borough does somebody with this postcode live, as far as its first half can tell?

From Ordnance Survey Code-Point Open 2025.4.0 (facts/outward_codes.csv: live postcodes by outward code
and district; contains OS data, Crown copyright, Open Government Licence). It only helps to choose: the
person's own answer counts, and the postcode is not kept.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from people.boroughs import GSS_CODES, Borough

SURE_FROM = 0.95  # share of an outward code's postcodes in one borough
MOST_OUTSIDE = 0.05  # where no more than this share lies in the region, "somewhere else" is the likely answer
FACTS = Path(__file__).parent.parent / "facts" / "outward_codes.csv"
AREA = re.compile(r"(?:L|CH|WA|WN|PR)[0-9]")  # the areas of which the file knows every outward code
_WHOLE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)([0-9IL][A-Z0-9]{2})")
_OUTWARD = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?")


@dataclass(frozen=True)
class Guess:
    """outward: empty where it is no postcode. borough: where one is likely; else the likely ones in maybe."""

    outward: str
    borough: Borough | None = None
    maybe: tuple[Borough, ...] = ()


def guess_borough(postcode: str) -> Guess:
    """Any usual way of writing one: spaces, hyphens, lower case, the first half alone, l or i for 1."""
    outward = _outward_of(postcode)
    if not outward:
        return Guess("")
    shares = _shares().get(outward, {})
    inside = sum(shares.values())
    if shares and inside > MOST_OUTSIDE:
        likely, share = max(shares.items(), key=lambda pair: pair[1])
        if share >= SURE_FROM:
            return Guess(outward, likely)
        return Guess(outward, maybe=tuple(sorted(shares, key=lambda one: -shares[one])))
    if shares or AREA.match(outward):
        return Guess(outward, Borough.ELSEWHERE)
    return Guess(outward)


def _outward_of(postcode: str) -> str:
    text = re.sub(r"[^A-Z0-9]", "", unicodedata.normalize("NFKC", postcode).upper())[:9]
    if whole := _WHOLE.fullmatch(text):
        return whole[1]
    return text if _OUTWARD.fullmatch(text) else ""


@cache
def _shares() -> dict[str, dict[Borough, float]]:
    """By outward code: the share of its postcodes in each borough of the region."""
    boroughs = {code: borough for borough, code in GSS_CODES.items()}
    counts: dict[str, dict[str, int]] = {}
    with FACTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            counts.setdefault(row["outward"], {})[row["gss"]] = int(row["live_postcodes"])
    return {
        outward: {
            boroughs[code]: count / sum(by_code.values())
            for code, count in by_code.items()
            if code in boroughs
        }
        for outward, by_code in counts.items()
    }
