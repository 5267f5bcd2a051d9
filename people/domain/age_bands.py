"""In which age band is somebody? Years on the event day."""

# Years on the event day (reach.md); the band stays when the age is erased.
AGE_BANDS = (
    (0, 10, "under-11"),
    (11, 13, "11-13"),
    (14, 15, "14-15"),
    (16, 18, "16-18"),
    (19, 25, "19-25"),
    (26, 150, "26-plus"),
)


AGE_BAND_LABELS = {
    "under-11": "under 11",
    "11-13": "11 to 13",
    "14-15": "14 to 15",
    "16-18": "16 to 18",
    "19-25": "19 to 25",
    "26-plus": "26 and over",
}


MAX_AGE = 120


def age_band(age: int) -> str:
    return next(band for low, high, band in AGE_BANDS if low <= age <= high)
