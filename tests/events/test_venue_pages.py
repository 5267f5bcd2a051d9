"""Does the desk show a venue's weeks and months, and keep its spaces, hours, closures and feeds?"""

from datetime import timedelta

import pytest
from icalendar import Calendar

from events.models import Booking, Closure, Feed, Layout, Space, Venue
from tests import factories
from tests.events.factories import TEN, hold, sign_in
from tests.page_text import page_text

HOME = "/desk/venues/example-works/"


@pytest.fixture(autouse=True)
def today(noon, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)


@pytest.fixture
def hall(db):
    return factories.make_space("hall", capacity=60, hourly_value=50)


@pytest.fixture
def desk(organiser):
    return sign_in(organiser)


@pytest.fixture
def venue_desk(venue_person, hall):
    hall.venue.people.add(venue_person)
    return sign_in(venue_person)


@pytest.mark.parametrize("view", ["week", "month"])
def test_a_calendar_shows_bookings_and_closures_in_words(desk, hall, organiser, noon, view):
    hold(hall, organiser, noon, setup_minutes=60)
    Closure.objects.create(space=hall, starts_at=TEN, ends_at=TEN + timedelta(days=1), reason="Repairs")

    page = page_text(desk.get(HOME, {"view": view, "day": "2026-12-02"}))

    assert "Showcase One" in page
    assert ", held" in page
    assert "Hall closed" in page
    assert "<caption" in page


def test_a_night_stands_on_both_days(desk, hall, organiser, noon):
    start = TEN.replace(hour=20)
    hold(hall, organiser, noon, starts_at=start, ends_at=start + timedelta(hours=10))

    page = desk.get(HOME, {"day": "2026-12-02"}).content.decode()

    assert "from 20:00" in page
    assert "until 06:00" in page


def test_the_week_of_a_clock_change_holds_what_is_booked(desk, hall, organiser, noon):
    night = TEN.replace(year=2027, month=10, day=31, hour=0)
    hold(hall, organiser, noon, starts_at=night, ends_at=night + timedelta(hours=3))

    week = desk.get(HOME, {"day": "2027-10-31"})

    day = week.context["grid"].days[6]
    assert [(one.begins.strftime("%H:%M %Z"), one.ends.strftime("%H:%M %Z")) for one in day.entries] == [
        ("01:00 BST", "03:00 GMT")
    ]


def test_a_part_shows_what_its_whole_blocks(desk, hall, organiser, noon):
    part = factories.make_space("stage", parent=hall)
    factories.make_space("studio")
    hold(hall, organiser, noon)

    page = desk.get(HOME, {"day": "2026-12-01", "space": part.slug})

    assert "Showcase One" in page.content.decode()


@pytest.mark.parametrize("day", ["", "nonsense", "0001-01-01", "9999-12-31", "2026-02-30"])
def test_a_day_that_cannot_be_is_today(desk, hall, day):
    for view in ("week", "month"):
        response = desk.get(HOME, {"view": view, "day": day, "space": "nowhere"})
        assert response.context["day"].isoformat() == "2026-11-24"


def test_a_venue_and_a_space_are_kept(desk, venue_person):
    desk.post(
        "/desk/venues/new/",
        {
            "name": "New Works",
            "run_by": "New CIC",
            "address": "2 Sample Street",
            "borough": "wirral",
            "minimum_notice_hours": "48",
            "people": [venue_person.pk],
            "step_free": "yes",
            "hearing_loop": "no",
            "quiet_room": "not-confirmed",
            "accessible_toilets": "yes",
            "coach_drop_off": "not-confirmed",
        },
    )
    venue = Venue.objects.get()
    desk.post(
        f"/desk/venues/{venue.slug}/new-space/",
        {"name": "Hall", "step_free": "yes", "safe_capacity": "80", "safe_capacity_confirmed_by": "Vera"},
    )
    space = Space.objects.get()
    home = f"/desk/venues/{venue.slug}/spaces/{space.slug}/"
    desk.post(f"{home}new-layout/", {"name": "Theatre", "capacity": "70", "confirmed_by": ""})
    desk.post(f"{home}layouts/theatre/", {"name": "Theatre", "capacity": "60", "confirmed_by": "Vera"})
    desk.post(f"{home}hours/", {"day_0": "9 to 17.30", "day_5": "10:00-12:00, 20:00 to 02:00"})

    assert (venue.slug, venue.minimum_notice_hours, venue.hearing_loop) == ("new-works", 48, "no")
    assert list(venue.people.all()) == [venue_person]
    assert space.safe_capacity_confirmed_at is not None
    layout = Layout.objects.get()
    assert (layout.capacity, layout.confirmed_by, layout.confirmed) == (60, "Vera", True)
    assert [
        (one.weekday, f"{one.opens_at:%H:%M}-{one.closes_at:%H:%M}") for one in space.opening_hours.all()
    ] == [
        (0, "09:00-17:30"),
        (5, "10:00-12:00"),
        (5, "20:00-02:00"),
    ]
    assert "20:00 to 02:00" in desk.get(home).content.decode()


@pytest.mark.parametrize(
    ("address", "answers", "words"),
    [
        ("new-space/", {"name": "Hall", "step_free": "yes"}, "Another space here has this name"),
        ("spaces/hall/edit/", {"name": "Hall", "step_free": "yes", "parent": "stage"}, "part of itself"),
        ("spaces/hall/edit/", {"name": "", "step_free": "yes"}, "Enter name"),
        ("spaces/hall/new-layout/", {"name": "Theatre", "capacity": "5"}, "such a layout already"),
        ("spaces/hall/new-layout/", {"name": "Cabaret", "capacity": "0"}, "whole number from 1"),
        ("spaces/hall/new-layout/", {"name": "Cabaret\x00", "capacity": "9"}, "There is a problem"),
        ("spaces/hall/hours/", {"day_0": "late"}, "Enter times like"),
        ("spaces/hall/hours/", {"day_0": "09:00 to 12:00, 11:00 to 13:00"}, "overlap"),
        (
            "spaces/hall/close/",
            {"reason": "Repairs", "starts_date": "2026-12-01", "starts_time": "10:00", "ends_time": "09:00"},
            "The end must be after the start",
        ),
        ("feeds/", {"label": ""}, "Enter who uses it"),
        ("edit/", {"name": "Example Works"}, "There is a problem"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(desk, hall, address, answers, words):
    factories.make_space("stage", parent=hall)

    response = desk.post(HOME + address, answers)

    assert response.status_code == 422
    assert words in response.content.decode()


def test_closing_over_bookings_lists_them_and_asks(desk, hall, organiser, noon):
    booking = hold(hall, organiser, noon)
    url = f"{HOME}spaces/hall/close/"
    closing = {"reason": "Repairs", "starts_date": "2026-12-01", "starts_time": "08:00", "ends_time": "20:00"}

    asked = desk.post(url, closing)
    nothing_done = Closure.objects.count()
    desk.post(url, closing | {"known": [booking.pk], "then": "release"})

    booking.refresh_from_db()
    assert asked.status_code == 409
    assert "Showcase One" in asked.content.decode()
    assert nothing_done == 0
    assert (booking.state, booking.release_reason) == ("released", "Hall is closed: Repairs")
    assert Closure.objects.get().reason == "Repairs"


def test_closing_asks_again_when_somebody_booked_meanwhile(desk, hall, organiser, noon):
    first = hold(hall, organiser, noon)
    hold(
        hall,
        organiser,
        noon,
        starts_at=TEN + timedelta(hours=5),
        ends_at=TEN + timedelta(hours=6),
        title="New",
    )
    closing = {"reason": "Repairs", "starts_date": "2026-12-01", "starts_time": "08:00", "ends_time": "20:00"}

    asked = desk.post(f"{HOME}spaces/hall/close/", closing | {"known": [first.pk], "then": "release"})

    assert asked.status_code == 409
    assert Booking.objects.standing().count() == 2
    assert not Closure.objects.exists()


def test_a_lowered_capacity_says_whose_people_no_longer_fit(desk, hall, organiser, noon):
    hold(hall, organiser, noon, people=60)
    desk.post(
        f"{HOME}spaces/hall/layouts/theatre/", {"name": "Theatre", "capacity": "50", "confirmed_by": "Vera"}
    )

    page = desk.get(f"{HOME}spaces/hall/").content.decode()

    assert "More people are planned than it holds" in page
    assert "Showcase One" in page


def test_a_feed_is_secret_shown_once_read_by_calendars_and_revoked(client, desk, hall, organiser, noon):
    hold(hall, organiser, noon, setup_minutes=60)
    page = desk.post(f"{HOME}feeds/", {"label": "Front desk"})
    path = page.context["address"].partition("8000")[2]

    calendar = Calendar.from_ical(client.get(path).content)

    entry = calendar.walk("VEVENT")[0]
    assert (str(entry["summary"]), str(entry["status"])) == ("Held: Showcase One", "TENTATIVE")
    assert entry.decoded("dtstart") == TEN
    assert entry.decoded("dtstart").tzinfo is not None
    assert organiser.name not in client.get(path).content.decode()
    assert path.rpartition("/")[2][:-4] not in Feed.objects.get().digest
    assert path not in desk.get(f"{HOME}feeds/").content.decode()
    desk.post(f"{HOME}feeds/{Feed.objects.get().pk}/revoke/")
    assert client.get(path).status_code == 404
    assert client.get("/calendar/guess.ics").status_code == 404
    assert client.post(path).status_code == 405


def test_a_feed_of_a_space_shows_only_what_concerns_it(client, desk, hall, organiser, noon):
    studio = factories.make_space("studio")
    hold(hall, organiser, noon, title="In the hall")
    hold(studio, organiser, noon, title="In the studio")
    page = desk.post(f"{HOME}feeds/", {"label": "Studio door", "space": "studio"})

    calendar = client.get(page.context["address"].partition("8000")[2]).content.decode()

    assert "In the studio" in calendar
    assert "In the hall" not in calendar


def test_use_counts_confirmed_hours_of_open_hours_and_their_value(desk, hall, organiser, noon):
    desk.post(f"{HOME}spaces/hall/hours/", {f"day_{n}": "08:00 to 18:00" for n in range(7)})
    booking = hold(hall, organiser, noon, setup_minutes=60)
    desk.post(f"/desk/bookings/{booking.pk}/confirm/")
    week = {"since": "2026-11-30", "until": "2026-12-06"}

    figures = desk.get(f"{HOME}use/", week).context["figures"]
    rows = desk.get(f"{HOME}use/", week | {"as": "csv"}).content.decode()

    assert [(one.confirmed_hours, one.open_hours, one.share, one.value) for one in figures] == [
        (5, 70, 7, 250)
    ]
    assert "Example Works,Hall,70.0,5.0,0.0,7,250.0" in rows
    assert desk.get(f"{HOME}use/", {"since": "2026-12-06", "until": "2026-11-30"}).status_code == 422
    assert desk.get(f"{HOME}use/", week | {"as": "xlsx"}).content[:2] == b"PK"


PAGES = [
    "",
    "?view=month",
    "about/",
    "edit/",
    "use/",
    "feeds/",
    "new-space/",
    "spaces/hall/",
    "spaces/hall/edit/",
    "spaces/hall/hours/",
    "spaces/hall/close/",
    "spaces/hall/new-layout/",
    "spaces/hall/layouts/theatre/",
]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_answers_and_refuses_strangers(client, desk, venue_desk, hall, board_member, page):
    other = factories.make_space("elsewhere", venue=factories.make_venue("other-works", name="Other Works"))

    assert desk.get(HOME + page).status_code == 200
    assert venue_desk.get(HOME + page).status_code == 200
    assert client.get(HOME + page).status_code == 302
    assert sign_in(board_member).get(HOME + page).status_code == 403
    assert desk.delete(HOME + page).status_code == 405
    theirs = f"/desk/venues/other-works/{page}".replace("hall", other.slug)
    assert venue_desk.get(theirs).status_code == 404


@pytest.mark.parametrize(
    "page", ["spaces/hall/layouts/theatre/remove/", "feeds/1/revoke/", "spaces/hall/closures/1/remove/"]
)
def test_what_changes_something_needs_a_post(client, desk, hall, page):
    assert desk.get(HOME + page).status_code == 405
    assert client.post(HOME + page).status_code == 302


def test_only_an_organiser_adds_a_venue_or_names_who_speaks(venue_desk, venue_person, hall):
    assert venue_desk.get("/desk/venues/new/").status_code == 403
    assert "Who speaks for the venue" not in venue_desk.get(f"{HOME}edit/").content.decode()
    assert venue_desk.get("/desk/venues/").status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_calendar_costs_the_same_for_any_number(desk, hall, organiser, noon, number, assert_statements):
    for index in range(number):
        start = TEN + timedelta(hours=index)
        hold(hall, organiser, noon, starts_at=start, ends_at=start + timedelta(hours=1))

    for view in ("week", "month"):
        with assert_statements(7):
            desk.get(HOME, {"view": view, "day": "2026-12-01"})
