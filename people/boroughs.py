"""Which are the six boroughs of the region, and how many young people live in each?

Population: ONS mid-2024 estimates by single year of age, in facts/boroughs.csv (people, by age in
years). Join on the GSS code, never on the name.
"""

import csv
from functools import cache
from pathlib import Path

from django.db import models

POPULATION_YEAR = 2024
FACTS = Path(__file__).parent / "facts" / "boroughs.csv"


class Borough(models.TextChoices):
    """A home or venue borough; the last two are answers, not places of the region."""

    HALTON = "halton", "Halton"
    KNOWSLEY = "knowsley", "Knowsley"
    LIVERPOOL = "liverpool", "Liverpool"
    SEFTON = "sefton", "Sefton"
    ST_HELENS = "st-helens", "St Helens"
    WIRRAL = "wirral", "Wirral"
    ELSEWHERE = "elsewhere", "Somewhere else"
    NOT_KNOWN = "not-known", "Not sure"


GSS_CODES = {
    Borough.HALTON: "E06000006",
    Borough.KNOWSLEY: "E08000011",
    Borough.LIVERPOOL: "E08000012",
    Borough.SEFTON: "E08000014",
    Borough.ST_HELENS: "E08000013",
    Borough.WIRRAL: "E08000015",
}
REGION = tuple(GSS_CODES)


@cache
def young_population(age_range: str = "11_18") -> dict[Borough, int]:
    """People of the age range (a column of the file: 11_16, 11_18, 14_18, 16_18 or 16_24) by borough."""
    with FACTS.open(encoding="utf-8", newline="") as file:
        by_code = {row["gss"]: int(row[f"aged_{age_range}"]) for row in csv.DictReader(file)}
    return {borough: by_code[code] for borough, code in GSS_CODES.items()}
