"""In which age band is somebody? Years on the event day."""

# First and last year of each; the band stays when the age is erased, so a promise names ages at these edges.
AGE_BANDS = (
    (0, 10, "under-11"),
    (11, 13, "11-13"),
    (14, 15, "14-15"),
    (16, 17, "16-17"),
    (18, 18, "18"),
    (19, 24, "19-24"),
    (25, 25, "25"),
    (26, 150, "26-plus"),
)


AGE_BAND_LABELS = {
    "under-11": "under 11",
    "11-13": "11 to 13",
    "14-15": "14 to 15",
    "16-17": "16 to 17",
    "18": "18",
    "19-24": "19 to 24",
    "25": "25",
    "26-plus": "26 and over",
}


MAX_AGE = 120


def age_band(age: int) -> str:
    return next(band for low, high, band in AGE_BANDS if low <= age <= high)


def nearest_edges(age: int, *, youngest: bool) -> list[int]:
    """The ages nearest to this one at which a band begins (youngest) or ends; the age alone where one does.

    The last band has no end.
    """
    edges = [start for start, _, _ in AGE_BANDS] if youngest else [end for _, end, _ in AGE_BANDS[:-1]]
    below, above = [one for one in edges if one <= age], [one for one in edges if one >= age]
    return sorted({*below[-1:], *above[:1]})
