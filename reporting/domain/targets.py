"""What was promised? The targets of the action plan, as data."""

from datetime import date

from events.models import Series
from reporting.models import Target

SOURCE = "Liverpool City Region creative-industries action plan, 2025 to 2028"


def plant_targets(*, showcase: Series, cornerstone: Series) -> None:
    """The four promises, where they are not yet there. Definitions stand as not agreed until somebody says so."""
    common = {"source": SOURCE, "starts_on": date(2025, 9, 1)}
    Target.objects.get_or_create(
        slug="showcase-reach",
        defaults=common
        | {
            "title": "Young people reached through the CI Skills Showcase",
            "rung": Target.Rung.REACHED, "goal": 500, "series": showcase, "min_age": 11, "max_age": 25,
            "due_date": date(2027, 12, 31),
        },
    )  # fmt: skip
    Target.objects.get_or_create(
        slug="cornerstone-engaged",
        defaults=common
        | {
            "title": "People engaged by the cornerstone event",
            "rung": Target.Rung.ENGAGED, "goal": 1000, "series": cornerstone, "due_date": date(2026, 11, 30),
        },
    )  # fmt: skip
    Target.objects.get_or_create(
        slug="influencers-invited",
        defaults=common
        | {
            "title": "Key international influencers invited",
            "rung": Target.Rung.INVITED, "goal": 5, "goal_high": 10, "series": cornerstone,
            "due_date": date(2026, 11, 30),
        },
    )  # fmt: skip
    Target.objects.get_or_create(
        slug="showcase-editions",
        defaults=common
        | {
            "title": "Editions of the CI Skills Showcase held",
            "rung": Target.Rung.EDITIONS_HELD, "goal": 2, "series": showcase, "due_date": date(2027, 12, 31),
        },
    )  # fmt: skip
