"""What is on in the demo? Editions, sessions, employers, bookings, influencers and staff, as data.

Venues are real and their facts public (events/domain/catalogue.py). Everything else is made up for the
demo and says so where it could be taken for real: employers and influencers are called fictional.
"""

from dataclasses import dataclass
from typing import Any

from accounts import roles

STAFF = (
    ("organiser@example.org", "Olive Organiser", roles.ORGANISER),
    ("welfare@example.org", "Wendy Welfare", roles.WELFARE),
    ("supervisor@example.org", "Sunil Supervisor", roles.SUPERVISOR),
    ("venue@example.org", "Vera Venue", roles.VENUE),
    ("board@example.org", "Bea Board", roles.BOARD),
)
VENUE_OF_VENUE_PERSON = "baltic-creative"

# No capacity of these venues is public; these three layouts are confirmed in the demo so that bookings can
# be.
CONFIRMED_LAYOUTS = (
    ("daresbury-hall", "exhibition"),
    ("daresbury-campus", "standing"),
    ("baltic-garden", "exhibition"),
)
CONFIRMED_BY = "A demo user, not the venue (fictional)"


@dataclass(frozen=True, kw_only=True)
class SessionPlan:
    """starts: (days after the edition's main day, hour, minute), by the clock on the wall, for so many
    minutes.

    meaningful: meets the four tests of Gatsby benchmark 5.
    """

    slug: str
    title: str
    summary: str
    starts: tuple[int, int, int]
    minutes: int
    strands: tuple[str, ...]
    exhibitors: tuple[str, ...] = ()
    capacity: int | None = None
    space: str = ""
    meaningful: bool = False


@dataclass(frozen=True, kw_only=True)
class ExhibitorPlan:
    slug: str
    name: str
    about: str
    roles: str
    strands: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class EventPlan:
    slug: str
    title: str
    venue: str
    space: str
    layout: str
    fields: dict[str, Any]
    strands: tuple[str, ...]
    sessions: tuple[SessionPlan, ...]
    exhibitors: tuple[ExhibitorPlan, ...]


EXHIBITORS = (
    ExhibitorPlan(
        slug="pixel-quay",
        name="Pixel Quay (fictional studio)",
        about="A small games studio. Play an unfinished level and tell its makers what is wrong with it.",
        roles="Games programmer, Concept artist, Quality tester",
        strands=("games",),
    ),
    ExhibitorPlan(
        slug="salt-and-reel",
        name="Salt & Reel (fictional film company)",
        about="Short films from script to screen. Hold a boom, frame a shot, cut a scene.",
        roles="Runner, Camera assistant, Editor",
        strands=("film-tv",),
    ),
    ExhibitorPlan(
        slug="low-tide-sound",
        name="Low Tide Sound (fictional recording studio)",
        about="A recording studio by the water. Bring a tune or borrow one of ours.",
        roles="Sound engineer, Producer, Music manager",
        strands=("music",),
    ),
    ExhibitorPlan(
        slug="loom-street",
        name="Loom Street (fictional fashion workshop)",
        about="Pattern cutting, dyeing and costume for stage and screen.",
        roles="Pattern cutter, Costume maker",
        strands=("design-fashion", "film-tv"),
    ),
    ExhibitorPlan(
        slug="example-college",
        name="Example College (fictional)",
        about="Courses from 16 in games, film, music and design, and the way into an apprenticeship.",
        roles="Course tutor, Apprenticeship adviser",
        strands=("music", "film-tv", "games"),
    ),
)

SHOWCASE_SESSIONS = (
    SessionPlan(
        slug="make-a-level",
        title="Make a level in an hour",
        summary="Build a small level with people who make games for a living, then swap and play.",
        starts=(0, 10, 30),
        minutes=60,
        strands=("games",),
        exhibitors=("pixel-quay",),
        capacity=48,
        meaningful=True,
    ),
    SessionPlan(
        slug="first-take",
        title="First take",
        summary="Crew up, shoot one minute of film, and watch it on the big screen.",
        starts=(0, 10, 30),
        minutes=60,
        strands=("film-tv",),
        exhibitors=("salt-and-reel", "loom-street"),
        capacity=40,
        meaningful=True,
    ),
    SessionPlan(
        slug="one-track",
        title="One track, eight hands",
        summary="Make a track together: beat, bass, voice and mix.",
        starts=(0, 11, 45),
        minutes=45,
        strands=("music",),
        exhibitors=("low-tide-sound",),
        capacity=32,
        meaningful=True,
    ),
    SessionPlan(
        slug="portfolio-clinic",
        title="Portfolio clinic",
        summary="Ten minutes with somebody who hires. Bring anything you have made, on paper or on a phone.",
        starts=(0, 11, 45),
        minutes=90,
        strands=("games", "design-fashion", "film-tv"),
        exhibitors=("pixel-quay", "loom-street", "example-college"),
        capacity=60,
    ),
    SessionPlan(
        slug="what-next",
        title="What next at 16, 18 and 21",
        summary="Courses, apprenticeships and first jobs, and what each one really pays. No booking needed.",
        starts=(0, 13, 30),
        minutes=45,
        strands=("music", "film-tv", "games"),
        exhibitors=("example-college",),
    ),
)

CORNERSTONE_SESSIONS = (
    SessionPlan(
        slug="score-the-scene",
        title="Score the scene",
        summary="One silent scene, three bands, three very different films. The room votes.",
        starts=(0, 11, 0),
        minutes=75,
        strands=("music", "film-tv"),
        exhibitors=("low-tide-sound", "salt-and-reel"),
        capacity=180,
        space="daresbury-lecture-theatre",
    ),
    SessionPlan(
        slug="play-the-band",
        title="Play the band",
        summary="A game that you play with instruments, and the people who built it.",
        starts=(0, 10, 0),
        minutes=480,
        strands=("music", "games"),
        exhibitors=("pixel-quay", "low-tide-sound"),
        space="daresbury-hall",
    ),
    SessionPlan(
        slug="worlds-on-set",
        title="Worlds on set",
        summary="How game engines now light film sets, shown live with a wall you can walk up to.",
        starts=(1, 11, 0),
        minutes=90,
        strands=("film-tv", "games"),
        exhibitors=("salt-and-reel", "pixel-quay"),
        capacity=180,
        space="daresbury-lecture-theatre",
        meaningful=True,
    ),
    SessionPlan(
        slug="open-stage",
        title="Open stage",
        summary="Ten minutes each: a song, a short film or a game you made. Put your name down on the day.",
        starts=(1, 14, 0),
        minutes=180,
        strands=("music", "film-tv", "games"),
        space="daresbury-hall",
    ),
)

SHOWCASE_WORDS = (
    "Meet people who make games, films, music and clothes for a living. Try their tools, ask what you like, "
    "and take home something you made. It is free, and there is nothing to bring."
)
CORNERSTONE_WORDS = (
    "Where music, film & TV and games meet. Three days of things to play, watch, hear and try, for all ages. "
    "Come and go as you like: the same ticket lets you in every day."
)

SHOWCASE_1 = EventPlan(
    slug="showcase-1",
    title="CI Skills Showcase One",
    venue="sci-tech-daresbury",
    space="daresbury-hall",
    layout="exhibition",
    fields={
        "summary": "A day of trying creative jobs, for people aged 11 to 25.",
        "description": SHOWCASE_WORDS,
        "capacity": 320,
        "min_age": 11,
        "max_age": 25,
        "expected_peak": 220,
    },
    strands=("music", "film-tv", "games", "design-fashion"),
    sessions=SHOWCASE_SESSIONS,
    exhibitors=EXHIBITORS,
)
SHOWCASE_2 = EventPlan(
    slug="showcase-2",
    title="CI Skills Showcase Two",
    venue="make-north-docks",
    space="north-docks-whole",
    layout="exhibition",
    fields={
        "summary": "The second day of trying creative jobs, for people aged 11 to 25.",
        "description": SHOWCASE_WORDS,
        "capacity": 400,
        "min_age": 11,
        "max_age": 25,
        "expected_peak": 260,
    },
    strands=("music", "film-tv", "games", "design-fashion"),
    sessions=SHOWCASE_SESSIONS,
    exhibitors=EXHIBITORS,
)
CORNERSTONE = EventPlan(
    slug="cornerstone-2026",
    title="Cornerstone 2026",
    venue="sci-tech-daresbury",
    space="daresbury-campus",
    layout="standing",
    fields={
        "summary": "Music, film & TV and games meet, for all ages.",
        "description": CORNERSTONE_WORDS,
        "capacity": 1100,
        "safe_capacity": 1200,
        "expected_peak": 700,
    },
    strands=("music", "film-tv", "games"),
    sessions=CORNERSTONE_SESSIONS,
    exhibitors=EXHIBITORS,
)

# (title, days ahead, from hour, to hour, people, confirmed, second option behind the one before it)
BALTIC_BOOKINGS = (
    ("Zine fair", 10, 11, 16, 90, True, False),
    ("Game jam final", 16, 10, 18, 80, False, False),
    ("Songwriters' round", 16, 14, 20, 60, False, True),
    ("Teachers' evening", 23, 17, 20, 70, False, False),
)

# (name, known for, country, why, invited this many days ago or None, answer)
INFLUENCERS = (
    (
        "Ines Exemplar (fictional)",
        "Film composer",
        "Portugal",
        "Scores films and games alike",
        75,
        "accepted",
    ),
    (
        "Kit Placeholder (fictional)",
        "Games creator",
        "Canada",
        "Two million people watch them build",
        75,
        "accepted",
    ),
    (
        "Ama Sample (fictional)",
        "Singer and producer",
        "Ghana",
        "Teaches young producers online",
        70,
        "accepted",
    ),
    ("Juno Model (fictional)", "Director", "Norway", "Made a series on virtual sets", 68, "declined"),
    (
        "Teo Specimen (fictional)",
        "Level designer",
        "Brazil",
        "Runs the largest open games school",
        62,
        "none",
    ),
    ("Rin Proforma (fictional)", "Animator", "Japan", "Animation watched in forty countries", 60, "none"),
    (
        "Lou Template (fictional)",
        "Radio presenter",
        "Ireland",
        "Brings new music to a large audience",
        None,
        "none",
    ),
    ("Max Dummy (fictional)", "Streamer", "Germany", "Plays and explains student games", None, "none"),
)
