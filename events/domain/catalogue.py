"""Which venues does the action plan name, and what is publicly known of them?

Facts are public ones collected in November 2026. No room, capacity, opening hour or access fact of theirs was
found published: rooms here are planning names, capacities are estimates, and both say so until the venue
confirms.
"""

from events.models import Layout, Space, Strand, Venue
from people.boroughs import Borough

NOT_CONFIRMED = "Rooms and capacities are planning estimates, not confirmed by the venue."

VENUES = (
    {
        "slug": "make-north-docks",
        "name": "Make North Docks",
        "run_by": "Make CIC",
        "address": "North Docks, Liverpool (street address not confirmed)",
        "postcode": "",
        "borough": Borough.LIVERPOOL,
        "website": "https://makecic.org",
        "about": f"Shared studios and workspaces in an 18,000 sq ft warehouse. {NOT_CONFIRMED}",
    },
    {
        "slug": "make-birkenhead",
        "name": "Make Birkenhead",
        "run_by": "Make CIC",
        "address": "69 Argyle Street, Birkenhead",
        "postcode": "",
        "borough": Borough.WIRRAL,
        "website": "https://makecic.org",
        "about": f"Argyle Street Creative Hub: four storeys, 15,000 sq ft. {NOT_CONFIRMED}",
    },
    {
        "slug": "make-huyton",
        "name": "Make Huyton Village",
        "run_by": "Make CIC",
        "address": "47-49 Derby Road, Huyton",
        "postcode": "",
        "borough": Borough.KNOWSLEY,
        "website": "https://makecic.org",
        "about": f"Open-plan studios in a former cinema. {NOT_CONFIRMED}",
    },
    {
        "slug": "sci-tech-daresbury",
        "name": "Sci-Tech Daresbury",
        "run_by": "Sci-Tech Daresbury",
        "address": "Keckwick Lane, Daresbury",
        "postcode": "WA4 4FS",
        "borough": Borough.HALTON,
        "website": "https://sci-techdaresbury.com",
        "about": f"Science and innovation campus in Halton with about 160 companies. {NOT_CONFIRMED}",
        "directions": (
            "The nearest station is Runcorn East, about 2.5 km away. Groups should plan to come by coach."
        ),
    },
    {
        "slug": "baltic-creative",
        "name": "Baltic Creative",
        "run_by": "Baltic Creative CIC",
        "address": "49 Jamaica Street, Liverpool",
        "postcode": "L1 0AH",
        "borough": Borough.LIVERPOOL,
        "website": "https://baltic-creative.com",
        "about": f"Joined warehouses for creative and digital firms. {NOT_CONFIRMED}",
        "directions": "Liverpool Central station is about 1.1 km away.",
    },
)

# (venue, slug, name, parent, estimated people by layout)
SPACES = (
    ("make-north-docks", "north-docks-whole", "Whole building", None, {"exhibition": 420, "standing": 700}),
    (
        "make-north-docks",
        "north-docks-warehouse",
        "Warehouse",
        "north-docks-whole",
        {"exhibition": 230, "theatre": 340},
    ),
    (
        "make-north-docks",
        "north-docks-atrium",
        "Atrium",
        "north-docks-whole",
        {"exhibition": 90, "standing": 120},
    ),
    (
        "make-birkenhead",
        "birkenhead-ground-floor",
        "Open-plan ground floor",
        None,
        {"exhibition": 120, "theatre": 100},
    ),
    ("make-huyton", "huyton-studio-floor", "Studio floor", None, {"exhibition": 80, "theatre": 60}),
    (
        "sci-tech-daresbury",
        "daresbury-campus",
        "Campus event area",
        None,
        {"exhibition": 900, "standing": 1200},
    ),
    (
        "sci-tech-daresbury",
        "daresbury-hall",
        "Exhibition area",
        "daresbury-campus",
        {"exhibition": 320, "theatre": 300},
    ),
    (
        "sci-tech-daresbury",
        "daresbury-lecture-theatre",
        "Lecture theatre",
        "daresbury-campus",
        {"theatre": 180},
    ),
    (
        "baltic-creative",
        "baltic-garden",
        "Garden corridor and café",
        None,
        {"exhibition": 110, "standing": 150},
    ),
)
LAYOUT_NAMES = {"exhibition": "Exhibition", "theatre": "Theatre", "standing": "Standing"}

# Young people's words, mapped to the DCMS sub-sectors: games have no row of their own there.
STRANDS = (
    ("music", "Music", "Music, performing and visual arts", Strand.Shape.WAVE),
    ("film-tv", "Film & TV", "Film, TV, video, radio and photography", Strand.Shape.FRAME),
    ("games", "Games", "IT, software and computer services", Strand.Shape.PIXEL),
    ("design-fashion", "Design and fashion", "Design and designer fashion", Strand.Shape.NONE),
    ("advertising", "Advertising and marketing", "Advertising and marketing", Strand.Shape.NONE),
    ("architecture", "Architecture", "Architecture", Strand.Shape.NONE),
    ("crafts", "Crafts", "Crafts", Strand.Shape.NONE),
    ("museums", "Museums, galleries and heritage", "Museums, galleries and libraries", Strand.Shape.NONE),
    ("publishing", "Publishing and libraries", "Publishing", Strand.Shape.NONE),
    ("cross-platform", "Across platforms", "IT, software and computer services", Strand.Shape.NONE),
)


def plant_venues() -> None:
    """Put the venues with their spaces and layouts there, where they are not yet.

    Changes nothing that is there.
    """
    for facts in VENUES:
        Venue.objects.get_or_create(slug=facts["slug"], defaults=facts)
    for venue, slug, name, parent, layouts in SPACES:
        space, made = Space.objects.get_or_create(
            slug=slug,
            defaults={
                "venue": Venue.objects.get(slug=venue),
                "name": name,
                "parent": Space.objects.get(slug=parent) if parent else None,
                "about": NOT_CONFIRMED,
            },
        )
        if made:
            for layout, people in layouts.items():
                Layout.objects.create(space=space, slug=layout, name=LAYOUT_NAMES[layout], capacity=people)


def plant_strands() -> None:
    """Put the strands there, where they are not yet."""
    for position, (slug, name, subsector, shape) in enumerate(STRANDS):
        Strand.objects.get_or_create(
            slug=slug,
            defaults={"name": name, "dcms_subsector": subsector, "shape": shape, "position": position},
        )
