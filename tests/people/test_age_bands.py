"""In which age band is somebody? Every edge, and what a promise may name."""

import pytest

from people.domain.age_bands import AGE_BAND_LABELS, AGE_BANDS, MAX_AGE, age_band, nearest_edges


@pytest.mark.parametrize(
    ("first", "last", "band"),
    [
        (0, 10, "under-11"),
        (11, 13, "11-13"),
        (14, 15, "14-15"),
        (16, 17, "16-17"),
        (18, 18, "18"),
        (19, 24, "19-24"),
        (25, 25, "25"),
        (26, MAX_AGE, "26-plus"),
    ],
)
def test_a_band_holds_its_first_and_last_year(first, last, band):
    assert {age_band(first), age_band(last)} == {band}


def test_every_band_has_a_label():
    assert [band for _, _, band in AGE_BANDS] == list(AGE_BAND_LABELS)


@pytest.mark.parametrize(
    ("age", "youngest", "edges"),
    [
        (16, True, [16]),
        (17, True, [16, 18]),
        (30, True, [26]),
        (24, False, [24]),
        (20, False, [18, 24]),
        (5, False, [10]),
        (40, False, [25]),
    ],
)
def test_nearest_edges(age, youngest, edges):
    assert nearest_edges(age, youngest=youngest) == edges
